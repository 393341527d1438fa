"""What stands in a module or class: names, and what has to be called for each."""

from collections.abc import Callable, Iterator
from types import MethodType, ModuleType

from rustest.collect.errors import CollectError
from rustest.collect.parameters import attributes_of
from rustest.model.hints import cast
from rustest.model.marks import MARKS_ATTRIBUTE, Mark, marks_of
from rustest.model.record import NamedTuple


class Member(NamedTuple):
    """Something that stands in a module or class under a name."""

    name: str
    bare: object
    """The function itself, out of its `staticmethod` or `classmethod`: marks and declarations stand on it."""
    func: Callable[..., object]
    """What is to be called; a class method comes bound to the class that was read."""
    cls: type | None
    """The class on whose instance it is to be called; None where `func` is called as it is."""
    bound: bool
    """Whether its first parameter is `self` or `cls`."""

    @property
    def as_class(self) -> type | None:
        """The class that it is, if it is one."""
        return cast("type", self.bare) if issubclass(type(self.bare), type) else None


def module_members(module: ModuleType) -> tuple[tuple[str, object], ...]:
    """What stands in a module, in the order of its source."""
    return tuple(attributes_of(module).items())


def class_members(cls: type) -> Iterator[tuple[str, object]]:
    """What stands in a class and its bases: the bases' first, as in pytest, and each name where it is defined last."""
    levels: list[list[tuple[str, object]]] = []
    seen: set[str] = set()
    for klass in cls.__mro__[:-1]:
        levels.append([(name, thing) for name, thing in vars(klass).items() if name not in seen])
        seen.update(vars(klass))
    for level in reversed(levels):
        yield from level


def member_of(name: str, thing: object, owner: type | None) -> Member:
    """How what stands there is to be called; `owner` is the class that was read, None if it was a module."""
    func, kind = cast("Callable[..., object]", thing), type(thing)
    if owner is None:
        return Member(name, thing, func, None, False)
    if issubclass(kind, staticmethod | classmethod):
        inner = cast("staticmethod[..., object]", thing).__func__
        bound = issubclass(kind, classmethod)
        return Member(name, inner, MethodType(inner, owner) if bound else inner, None, bound)
    binds = getattr(kind, "__get__", None) is not None
    return Member(name, thing, func, owner if binds else None, binds)


def own_marks(holder: object) -> tuple[Mark, ...]:
    """The marks that stand on that function, class or module itself; raises CollectError for what is none."""
    if MARKS_ATTRIBUTE not in attributes_of(holder):
        return ()
    try:
        return marks_of(holder)
    except TypeError as error:
        raise CollectError(str(error)) from None
