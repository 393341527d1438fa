"""What can be known of the objects that code mentions without running anything of the user's."""

import enum
from itertools import pairwise
from types import BuiltinFunctionType, FunctionType, SimpleNamespace

from rustest.model.hints import cast

_SETTING_ITSELF = (object, SimpleNamespace)
"""Classes whose instances keep what is set in them."""
_MOCK = "unittest.mock"
"""Whose every mock is of a class of its own, and keeps what is set in it."""


class Unknown(enum.Enum):
    """Stands for an object that is not known, with what is known of it all the same."""

    SELF = enum.auto()
    """The instance that a test is a method of: new for each test."""
    PART = enum.auto()
    """Something out of a container."""
    ARGUMENT = enum.auto()
    """What a function is given."""
    MADE = enum.auto()
    """Something that the function has made itself, and of which nobody else knows."""
    MONKEYPATCH = enum.auto()
    """What the fixture `monkeypatch` gives."""
    NOTHING = enum.auto()


def as_class(known: object) -> type | None:
    """The object if it is a class; a proxy that only says so is none, and is not asked."""
    return cast("type", known) if issubclass(type(known), type) else None


def makes_new(known: object) -> bool:
    """Whether it is a class that makes another object each time, which keeps for itself what is set in it.

    That is none that looks up what it has made before, nor a proxy, nor one whose objects share their attributes.
    """
    cls = as_class(known)
    if cls is None or class_attribute(type(cls), "__call__")[0] is not type:
        return False
    maker, new = class_attribute(cls, "__new__")
    setter = class_attribute(cls, "__setattr__")[0]
    if not (isinstance(new, BuiltinFunctionType) or maker.__module__ == _MOCK):
        return False
    return (setter in _SETTING_ITSELF or setter.__module__ == _MOCK) and not any(map(_takes_dict, cls.__mro__))


def _takes_dict(cls: type) -> bool:
    """Whether its objects get their attributes all at once, perhaps from another one."""
    start = cls.__dict__.get("__init__")
    return isinstance(start, FunctionType) and cls.__module__ != _MOCK and "__dict__" in start.__code__.co_names


def gives_itself(method: object) -> bool:
    """Whether all that a method gives is the object that it is called on, as most `__enter__` do."""
    import dis

    if not isinstance(method, FunctionType) or not method.__code__.co_argcount:
        return False
    code, instructions = method.__code__, [*dis.get_instructions(method)]
    ends = [pair for pair in pairwise(instructions) if pair[1].opname.startswith("RETURN_VALUE")]
    is_other = any(end.is_jump_target for _, end in ends) or any(one.opname == "RETURN_CONST" for one in instructions)
    itself = (one.opname.startswith("LOAD_FAST") and one.argval == code.co_varnames[0] for one, _ in ends)
    return bool(ends) and not is_other and all(itself)


def class_attribute(cls: type, name: str) -> tuple[type, object]:
    """The class of the hierarchy that holds the attribute, and its value; the class itself where none does."""
    for holder in cls.__mro__:
        if name in holder.__dict__:
            return holder, holder.__dict__[name]
    return cls, Unknown.NOTHING


def instance_attribute(known: object, name: str) -> object:
    """The attribute's value where it stands in the object itself."""
    if isinstance(known, Unknown):
        return Unknown.NOTHING
    try:
        return cast("dict[str, object]", object.__getattribute__(known, "__dict__")).get(name, Unknown.NOTHING)
    except AttributeError:
        return Unknown.NOTHING
