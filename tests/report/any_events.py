"""Events of any kind with anything in them, for property tests of the reporters."""

from collections.abc import Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from rustest.model.events import Event, RunFinished, RunStarted, TestFinished
from rustest.model.failure import Failure

HOSTILE = ["\x00", "\x1b[31m", "\x0b", "\r\n", "]]>", "<![CDATA[", "&amp;", "\ud800", "\udfff\ud83d", "\ufffe", "\x85"]
CHARACTERS = [*map(chr, range(0x250)), "\u2028", "\ud800", "\udfff", "\ufffe", "\uffff", "\U0001f600", "\U0010ffff"]
PARTS = st.sampled_from(["", *CHARACTERS, *HOSTILE])
TEXTS = st.tuples(PARTS, PARTS, PARTS).map("".join)
"""Of any characters: surrogates and those that XML forbids among them. From a list: making the tables of
Hypothesis' own texts takes seconds."""
NAMES = st.sampled_from(["a", "b/test_x", "test_y", "größe", "TestC::test_z"])
IDS = st.builds(lambda file, name, case: f"{file}.py::{name}[{case}]", NAMES, NAMES, TEXTS)
FILES = st.sampled_from(["/p/a.py", "/q/a,b:c%.py", "größe.py", "<string>", "\udcff.py", ""])
FEW = {"max_size": 2}

KNOWN: dict[object, st.SearchStrategy[object]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-9, 10**6),
    float: st.floats(min_value=0, max_value=1e6),
    str: TEXTS,
}
"""What there may be in a field of each type that was asked for."""


def any_of(hint: object) -> st.SearchStrategy[object]:
    """Anything of that type.

    Hypothesis is not asked how records are made: it knows those of `typing`, and ours are not.
    """
    if hint not in KNOWN:
        KNOWN[hint] = _composed(hint)
    return KNOWN[hint]


def _composed(hint: object) -> st.SearchStrategy[object]:
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return st.one_of(*map(any_of, parts))
    if kind is Mapping:
        return st.dictionaries(*map(any_of, parts), **FEW)
    if kind in (tuple, frozenset):
        return st.lists(any_of(parts[0]), **FEW).map(kind)
    return st.sampled_from(kind) if issubclass(kind, Enum) else any_record(kind)


@st.composite
def any_record(draw: st.DrawFn, kind: type, **given: st.SearchStrategy[object]) -> object:
    """Any record of that class, with what is given for some of its fields."""
    hints, given = get_type_hints(kind), {"file": FILES, **given}
    return kind._make(draw(given[name] if name in given else any_of(hints[name])) for name in kind._fields)


def any_failure(
    causes: st.SearchStrategy[Failure | None], members: st.SearchStrategy[tuple[Failure, ...]]
) -> st.SearchStrategy[Failure]:
    return any_record(Failure, cause=causes, members=members)


KNOWN[Failure] = st.recursive(
    any_failure(st.none(), st.just(())),
    lambda inner: any_failure(st.none() | inner, st.lists(inner, **FEW).map(tuple)),
    max_leaves=3,
)
KNOWN[TestFinished] = any_record(TestFinished, id=IDS, xml_attributes=st.just(()))
EVENTS = any_of(Event)
RUNS = st.builds(
    lambda inside, end: [RunStarted(len(inside), 0, "/p"), *inside, end],
    st.lists(EVENTS.filter(lambda event: not isinstance(event, RunStarted | RunFinished)), max_size=6),
    any_of(RunFinished),
)
"""A run with anything between its beginning and its end."""
