"""What a glance at a function shows, at a fraction of what reading it instruction by instruction costs."""

import re
from functools import lru_cache
from opcode import opmap
from types import CodeType, FunctionType, MethodType

from rustest.model.calls import layers
from rustest.model.hints import TypeGuard
from rustest.model.record import NamedTuple, record_of
from rustest.plan.footprints.footprint import CHANGING_METHODS, TAKING_AWAY

_REAL = {name: bytes([number]) for name, number in opmap.items() if number in range(256)}
"""The instructions that code objects hold; those with higher numbers are the compiler's own."""


def _class_of(*names: str) -> bytes:
    """What matches any of these instructions, as far as this version of Python has them."""
    return b"[" + b"".join(re.escape(_REAL[name]) for name in names if name in _REAL) + b"]"


def _numbers_of(*names: str) -> frozenset[int]:
    return frozenset(_REAL[name][0] for name in names if name in _REAL)


_STORES_OF_GLOBALS = ("STORE_GLOBAL", "DELETE_GLOBAL")
_STORES = ("STORE_SUBSCR", "STORE_SLICE", "STORE_ATTR", "DELETE_SUBSCR", "DELETE_ATTR")
_STORE_GLOBAL, _STORE = _numbers_of(*_STORES_OF_GLOBALS), _numbers_of(*_STORES)
_ANY_STORE = _STORE_GLOBAL | _STORE
_DELETE = _numbers_of("DELETE_GLOBAL", "DELETE_SUBSCR")
_OF_GLOBAL = _class_of("LOAD_GLOBAL") + b"\0*(?:" + _class_of("LOAD_ATTR") + b"\0*)*"
_STORE_OUTSIDE = _OF_GLOBAL + b"(?:%s|(?:%s\0*){1,3}%s)" % (
    _class_of("STORE_ATTR", "DELETE_ATTR"),
    _class_of("LOAD_CONST", "LOAD_FAST", "LOAD_GLOBAL", "LOAD_ATTR", "BUILD_SLICE", "LOAD_DEREF"),
    _class_of("STORE_SUBSCR", "STORE_SLICE", "DELETE_SUBSCR"),
)
"""`thing.attribute = value`, `thing.part[key] = value` and their like, where `thing` is a global.

Like the two below, `re` compiles it when a function stores something, which those of many suites never do.
"""
_RESET = _class_of("LOAD_CONST", "LOAD_FAST") + b"\0*" + _class_of("STORE_GLOBAL")
"""`name = None`, or what was there before, where `name` is a global."""
_METHOD_OF_GLOBAL = _OF_GLOBAL + _class_of("LOAD_METHOD", "LOAD_ATTR")
_NAME_SHIFT = 0 if "LOAD_METHOD" in _REAL else 1
"""How far the place of its name is shifted in the argument of an instruction that loads a method."""
_WRAPPERS = (FunctionType, MethodType, staticmethod, classmethod, type(lru_cache(len)))


class Glance(NamedTuple):
    """A function, and those defined inside it, at a glance."""

    names: frozenset[str]
    """The globals and attributes that it mentions."""
    stores_global: bool = False
    stores: bool = False
    """Whether it stores an item or attribute of something, or mentions a method that changes containers."""
    stores_outside: bool = False
    """Whether it does so with what a global holds."""
    resets: bool = False
    """Whether it may take back what was done to a global or to what one holds."""


IDLE = Glance(frozenset())
"""That of a function which reaches for nothing."""
_OURS = frozenset({(), ("__@explain__",)})
"""All the names of such a function: none, or the one by which a rewritten assert finds what makes its message."""


class Glances:
    """All functions that were looked at while a run is planned: each is asked for from several sides."""

    def __init__(self) -> None:
        self._seen: dict[int, Glance] = {}

    def at(self, code: CodeType) -> Glance:
        """Look at the names and the kinds of instructions of the code; wrong only in seeing too much."""
        if code.co_names in _OURS and not _has_inner(code):
            return IDLE
        glance = self._seen.get(id(code))
        if glance is None:
            glance = self._seen[id(code)] = self._look(code)
        return glance

    def _look(self, code: CodeType) -> Glance:
        names, instructions = frozenset(code.co_names), code.co_code[::2]  # every other byte is an argument
        if _ANY_STORE.isdisjoint(instructions) and CHANGING_METHODS.isdisjoint(names):
            glance = record_of(Glance, (names, False, False, False, False))  # as of most tests
        else:
            glance = _look_closely(code, names, instructions)
        for constant in code.co_consts:
            if type(constant) is CodeType:
                glance = _join(glance, self.at(constant))
        return glance


def _has_inner(code: CodeType) -> bool:
    """Whether functions are defined inside it."""
    for constant in code.co_consts:  # noqa: SIM110 - a loop is quicker than `any` for so few
        if type(constant) is CodeType:
            return True
    return False


def _look_closely(code: CodeType, names: frozenset[str], instructions: bytes) -> Glance:
    stores_global = not _STORE_GLOBAL.isdisjoint(instructions)
    may_call = not CHANGING_METHODS.isdisjoint(names)
    may_store = not _STORE.isdisjoint(instructions)
    outside = (may_store and re.search(_STORE_OUTSIDE, instructions) is not None) or (
        may_call and _changes_global(code)
    )
    resets = (stores_global and re.search(_RESET, instructions) is not None) or not _DELETE.isdisjoint(instructions)
    resets = resets or (outside and not names.isdisjoint(TAKING_AWAY))
    return Glance(names, stores_global, may_store or may_call, outside, resets)


def _join(one: Glance, other: Glance) -> Glance:
    return Glance(
        one.names | other.names,
        one.stores_global or other.stores_global,
        one.stores or other.stores,
        one.stores_outside or other.stores_outside,
        one.resets or other.resets,
    )


def _changes_global(code: CodeType) -> bool:
    """Whether a method that changes containers is called on what a global holds."""
    names, arguments = code.co_names, code.co_code[1::2]
    places = (arguments[match.end() - 1] >> _NAME_SHIFT for match in re.finditer(_METHOD_OF_GLOBAL, code.co_code[::2]))
    return any(place < len(names) and names[place] in CHANGING_METHODS for place in places)


def wraps_nothing(func: object) -> TypeGuard[FunctionType]:
    """Whether it is a function that wraps no other one, as most tests are; marks are no wrappers."""
    return type(func) is FunctionType and "__wrapped__" not in func.__dict__


def unwrap(func: object) -> FunctionType | None:
    """The function below decorators that say what they wrap; None for what is no function."""
    if wraps_nothing(func):
        return func
    innermost = func
    for innermost in layers(func):
        if type(innermost) not in _WRAPPERS:
            return None
    return innermost if wraps_nothing(innermost) else None
