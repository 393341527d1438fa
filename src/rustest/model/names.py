"""What names stood for in a frame: read without running any of the user's code but `repr`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType

from rustest.model.failure import Frame, Value
from rustest.model.hints import cast
from rustest.model.saferepr import name_broken, saferepr

_MOST = 10
_MOST_LOCALS = 50
_MISSING = object()
_ROOM = 120
"""For how many characters of a value there is room."""
_CODE = (ModuleType, type, FunctionType, BuiltinFunctionType, MethodType)
"""What has a name in the source that says all there is to say."""


def names_in_sight(frame: FrameType, place: Frame) -> tuple[Value, ...]:
    """The names of the part of a statement that was being evaluated: local ones, and globals that hold data."""
    names = names_between(frame.f_code, place.line, max(place.line, place.end_line))
    local = _locals_of(frame)
    found = ((name, local.get(name, frame.f_globals.get(name, _MISSING))) for name in names)
    return _values((pair for pair in found if _says_something(pair[1])), _MOST)


def all_locals(frame: FrameType) -> tuple[Value, ...]:
    """All local variables; at the top of a module or class, those that hold data."""
    kept = _is_of_function if _is_function(frame) else _is_of_top
    return _values((pair for pair in _locals_of(frame).items() if kept(*pair)), _MOST_LOCALS)


def _values(pairs: Iterable[tuple[str, object]], most: int) -> tuple[Value, ...]:
    try:
        return tuple(Value(name, _show(value)) for name, value in islice(pairs, most))
    except BaseException:  # a metaclass may have answers of its own to the simplest questions
        return ()


def _show(value: object) -> str:
    try:
        return saferepr(value, _ROOM)
    except BaseException as broken:  # even what is to end the test: here it is over, and is to be told
        return name_broken(value, broken)


def _is_of_function(name: str, _: object) -> bool:
    return name.isidentifier()  # and not what the compiler has made up


def _is_of_top(name: str, value: object) -> bool:
    return name.isidentifier() and not (name.startswith("__") or issubclass(type(value), _CODE))


def _is_function(frame: FrameType) -> bool:
    return bool(frame.f_code.co_flags & 0x01)  # inspect.CO_OPTIMIZED


def _locals_of(frame: FrameType) -> Mapping[str, object]:
    """A copy; empty where a metaclass has made the body of a class fill a mapping of its own kind."""
    found = frame.f_locals
    return dict(found) if _is_function(frame) or type(found) is dict else {}


def _says_something(value: object) -> bool:
    """Whether it is data whose repr is more than an address; this asks its type, for the value itself is the user's."""
    if value is _MISSING or issubclass(type(value), _CODE):
        return False
    return type(value).__repr__ is not object.__repr__


@lru_cache(256)
def names_between(code: CodeType, first: int, last: int) -> tuple[str, ...]:
    """The names that the instructions of those lines load, each once, in the order of evaluation.

    A `with` or its like counts for as long as all that stands in it; of those, only the first line is meant.
    """
    found = [*_instructions(code, first, last)]
    if any(line > first and opname.startswith(_ENDS_STATEMENT) for line, opname, _ in found):
        last = first
    names = (name for line, opname, argument in found if line <= last for name in _names_of(opname, argument))
    return tuple(dict.fromkeys(name for name in names if name.isidentifier()))


_ENDS_STATEMENT = ("STORE_", "POP_TOP", "RETURN_")


def _instructions(code: CodeType, first: int, last: int) -> Iterator[tuple[int, str, object]]:
    from dis import get_instructions

    for instruction in get_instructions(code):
        positions = instruction.positions
        line = positions.lineno if positions is not None else None
        if line is not None and first <= line <= last:
            yield line, instruction.opname, instruction.argval


def _names_of(opname: str, argument: object) -> Iterator[str]:
    if "LOAD_" not in opname or "ATTR" in opname or "METHOD" in opname or "CONST" in opname:
        return
    names = cast("tuple[object, ...]", argument) if isinstance(argument, tuple) else (argument,)
    for name in names:  # two at once, from 3.13 on
        if isinstance(name, str):
            yield name
