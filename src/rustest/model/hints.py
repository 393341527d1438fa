"""`typing`'s words for the modules that start-up loads, without `typing`, which takes as long as forty of them.

To type checkers they are `typing`'s own. When the program runs they do what they must, and the hints say nothing: who
wants to read those of rustest's functions at run time finds `object` where one of these words stands.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import (
        Any,
        Generic,
        Literal,
        NoReturn,
        ParamSpec,
        Protocol,
        Self,
        TextIO,
        TypeAlias,
        TypedDict,
        TypeGuard,
        TypeVar,
        TypeVarTuple,
        Unpack,
        assert_never,
        cast,
        overload,
    )
else:
    from types import GenericAlias

    Any = NoReturn = Self = TextIO = TypeAlias = object

    def TypeVar(*_, **__):  # noqa: N802
        """Any object may stand there."""
        return object

    def TypeVarTuple(*_):  # noqa: N802
        """Any object may stand there, unpacked."""
        return (object,)

    ParamSpec = TypeVar

    class Generic:
        """The base of classes that may be written with what they hold: `ExceptionInfo[ValueError]`."""

        __class_getitem__ = classmethod(GenericAlias)

    class Protocol:
        """The base of classes that only say what is asked of others."""

    class TypedDict:
        """The base of classes that only say which keywords there are."""

        def __init_subclass__(cls, *, total=True):
            """Take what `typing`'s takes."""

    class _Subscripted:
        def __class_getitem__(cls, _):
            return object

    Literal = TypeGuard = Unpack = _Subscripted

    def cast(_, value):
        """Give the value as it is."""
        return value

    def overload(func):
        """Give way to the definition that follows."""
        return func

    def assert_never(value):
        """Raise, as what comes here should not."""
        raise AssertionError(f"nobody decided what to do with {value!r}")


__all__ = [
    "TYPE_CHECKING",
    "Any",
    "Generic",
    "Literal",
    "NoReturn",
    "ParamSpec",
    "Protocol",
    "Self",
    "TextIO",
    "TypeAlias",
    "TypeGuard",
    "TypeVar",
    "TypeVarTuple",
    "TypedDict",
    "Unpack",
    "assert_never",
    "cast",
    "overload",
]
