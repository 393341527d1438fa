"""The four ways in which a test or fixture can be written."""

import enum
from types import CodeType

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200  # inspect.CO_*, which would cost an import of inspect
_DEPTH = 100
"""How many wrappers are looked through; a mock has attributes of any name, and so wrappers without end."""


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
    for _ in range(_DEPTH):
        code = getattr(func, "__code__", None)
        if isinstance(code, CodeType):
            return kind_of_code(code)
        func = getattr(func, "func", None) or getattr(func, "__wrapped__", None) or getattr(func, "__func__", None)
    return CallKind.PLAIN


def kind_of_code(code: CodeType) -> CallKind:
    """How a function is written that has this code."""
    return _KINDS[code.co_flags & _DRIVEN]


_DRIVEN = _GENERATOR | _COROUTINE | _ASYNC_GENERATOR
_KINDS = {
    0: CallKind.PLAIN,
    _GENERATOR: CallKind.GENERATOR,
    _COROUTINE: CallKind.COROUTINE,
    _ASYNC_GENERATOR: CallKind.ASYNC_GENERATOR,
}
