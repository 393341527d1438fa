"""What can be known of the objects that code mentions without running anything of the user's."""

import enum
from itertools import pairwise
from types import FunctionType

from rustest.model.hints import cast


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
    """Whether it is a class that makes another object each time: none that looks up what it has made before."""
    cls = as_class(known)
    if cls is None or class_attribute(type(cls), "__call__")[0] is not type:
        return False
    written = isinstance(class_attribute(cls, "__new__")[1], staticmethod)
    return not written or cls.__module__ == "unittest.mock"  # whose every mock is of a class of its own


def gives_itself(method: object) -> bool:
    """Whether all that a method gives is the object that it is called on, as most `__enter__` do."""
    import dis

    if not isinstance(method, FunctionType) or not method.__code__.co_argcount:
        return False
    code = method.__code__
    ends = [before for before, end in pairwise(dis.get_instructions(code)) if end.opname.startswith("RETURN_VALUE")]
    is_constant = any(one.opname == "RETURN_CONST" for one in dis.get_instructions(code))
    itself = (one.opname.startswith("LOAD_FAST") and one.argval == code.co_varnames[0] for one in ends)
    return bool(ends) and not is_constant and all(itself)


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
