"""What a glance at a function shows, at a fraction of what reading it instruction by instruction costs."""

import re
from opcode import opmap
from types import CodeType, FunctionType, MethodType
from typing import NamedTuple, cast

from rustest.plan.footprint import CHANGING_METHODS


def _any_of(*names: str) -> re.Pattern[bytes]:
    return re.compile(b"[" + b"".join(re.escape(bytes([opmap[name]])) for name in names if name in opmap) + b"]")


_STORE_GLOBAL = _any_of("STORE_GLOBAL", "DELETE_GLOBAL")
_STORE = _any_of("STORE_SUBSCR", "STORE_SLICE", "STORE_ATTR", "DELETE_SUBSCR", "DELETE_ATTR")
_WRAPPERS = (FunctionType, MethodType, staticmethod, classmethod)


class Glance(NamedTuple):
    """A function, and those defined inside it, at a glance."""

    names: frozenset[str]
    """The globals and attributes that it mentions."""
    stores_global: bool
    stores: bool
    """Whether it stores an item or attribute of something, or mentions a method that changes containers."""


def glance_at(code: CodeType) -> Glance:
    """Look at the names and the kinds of instructions of the code; wrong only in seeing too much."""
    instructions = code.co_code[::2]  # every other byte is an argument
    names = frozenset(code.co_names)
    stores_global = _STORE_GLOBAL.search(instructions) is not None
    stores = _STORE.search(instructions) is not None or not CHANGING_METHODS.isdisjoint(names)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            inner = glance_at(constant)
            names |= inner.names
            stores_global, stores = stores_global or inner.stores_global, stores or inner.stores
    return Glance(names, stores_global, stores)


def unwrap(func: object) -> FunctionType | None:
    """The function below decorators that say what they wrap; None for what is no function."""
    for _ in range(10):  # a user's decorator may say that it wraps itself
        if type(func) not in _WRAPPERS:
            return None
        below = getattr(func, "__wrapped__", None) or getattr(func, "__func__", None)
        if below is None:
            return cast("FunctionType", func)
        func = below
    return None
