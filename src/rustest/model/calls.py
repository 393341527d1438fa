"""The four ways in which a test or fixture can be written, and what may be wrapped around it."""

import enum
from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType

from rustest.model.hints import cast

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200  # inspect.CO_*, which would cost an import of inspect
_DEPTH = 100
"""How many wrappers are looked through: some make a new one whenever they are asked what they wrap."""


class CallKind(enum.Enum):
    """What calling the function gives: a value, or something that must be driven."""

    PLAIN = "def"
    GENERATOR = "def with yield"
    COROUTINE = "async def"
    ASYNC_GENERATOR = "async def with yield"

    def __init__(self, words: str) -> None:
        self.is_async = words.startswith("async")
        """Whether it needs an event loop."""


def kind_of(func: object) -> CallKind:
    """How `func` is written, seen through `functools.partial`, bound methods and wrappers that set `__wrapped__`."""
    for layer in layers(func):
        code = getattr(layer, "__code__", None)
        if isinstance(code, CodeType):
            return kind_of_code(code)
    return CallKind.PLAIN


def kind_of_code(code: CodeType) -> CallKind:
    """How a function is written that has this code."""
    return _KINDS[code.co_flags & _DRIVEN]


def layers(func: object) -> Iterator[object]:
    """A function or method, and what it wraps, the outermost first; it ends where one says that it wraps itself."""
    layer: object | None = func
    for _ in range(_DEPTH):
        yield layer
        layer = _wrapped_by(layer)
        if layer is None or layer is func:
            return


def _wrapped_by(func: object) -> object | None:
    """Asked without its `__getattr__` and `__class__`: test modules hold lazy objects of every kind."""
    kind = type(func)
    if kind is FunctionType:
        return cast("FunctionType", func).__dict__.get("__wrapped__")
    if issubclass(kind, partial):
        return cast("partial[object]", func).func
    if kind is MethodType:
        return cast("MethodType", func).__func__
    try:
        wrapped: object = object.__getattribute__(func, "__wrapped__")  # of wrapt's wrappers, the type has it
    except Exception:  # most often AttributeError, but it may be a property that raises anything
        return None
    return wrapped


_DRIVEN = _GENERATOR | _COROUTINE | _ASYNC_GENERATOR
_KINDS = {
    0: CallKind.PLAIN,
    _GENERATOR: CallKind.GENERATOR,
    _COROUTINE: CallKind.COROUTINE,
    _ASYNC_GENERATOR: CallKind.ASYNC_GENERATOR,
}
