"""Events of any kind with anything in them, for property tests of the reporters."""

from functools import cache
from typing import get_args

from hypothesis import strategies as st

from rustest.model.events import Event, RunFinished, RunStarted, TestFinished
from rustest.model.failure import Failure, Frame, Phase
from rustest.model.scope import Scope, ScopeInstance

HOSTILE = ["\x00", "\x1b[31m", "\x0b", "\r\n", "]]>", "<![CDATA[", "&amp;", "\ud800", "\udfff\ud83d", "\ufffe", "\x85"]
CHARACTERS = [*map(chr, range(0x250)), "\u2028", "\ud800", "\udfff", "\ufffe", "\uffff", "\U0001f600", "\U0010ffff"]
TEXTS = st.lists(st.sampled_from([*CHARACTERS, *HOSTILE]), max_size=8).map("".join)
"""Of any characters: surrogates and those that XML forbids among them. From a list: making the tables of
Hypothesis' own texts takes seconds."""
NAMES = st.sampled_from(["a", "b/test_x", "test_y", "größe", "TestC::test_z"])
IDS = st.builds(lambda file, name, case: f"{file}.py::{name}[{case}]", NAMES, NAMES, TEXTS)
SECONDS = st.floats(min_value=0, max_value=1e6)
FILES = st.sampled_from(["/p/a.py", "/q/a,b:c%.py", "größe.py", "<string>", "\udcff.py", ""])
FRAME = st.builds(Frame, FILES, st.integers(1, 10**6), TEXTS)
FRAMES = st.lists(FRAME, max_size=3).map(tuple)
LEAVES = st.builds(Failure, st.sampled_from(Phase), TEXTS, TEXTS, FRAMES, st.none() | TEXTS)
FAILURES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Failure,
        st.sampled_from(Phase),
        TEXTS,
        TEXTS,
        FRAMES,
        st.none() | TEXTS,
        st.none() | inner,
        st.lists(inner, max_size=2).map(tuple),
        st.lists(TEXTS, max_size=2).map(tuple),
    ),
    max_leaves=3,
)

KNOWN: set[type] = {Frame, Failure, ScopeInstance}
"""The records of which Hypothesis knows how to make any."""

st.register_type_strategy(str, TEXTS)
st.register_type_strategy(float, SECONDS)
st.register_type_strategy(Frame, FRAME)
st.register_type_strategy(Failure, FAILURES)
st.register_type_strategy(ScopeInstance, st.builds(ScopeInstance, st.sampled_from(Scope), TEXTS))


@cache
def events_of(kind: type) -> st.SearchStrategy[Event]:
    """Any event of that kind."""
    strategies = {name: _any_of(hint) for name, hint in _hints(kind).items()}
    if kind is TestFinished:
        strategies["id"] = IDS
        strategies["xml_attributes"] = st.just(())
    return st.builds(kind, **strategies)


def _any_of(hint: object) -> st.SearchStrategy[object]:
    """Anything of a type; records are told of first, as their constructors say nothing of themselves."""
    for part in get_args(hint):
        if part is not Ellipsis:
            _any_of(part)
    if isinstance(hint, type) and hasattr(hint, "_fields") and hint not in KNOWN:
        KNOWN.add(hint)
        st.register_type_strategy(hint, events_of(hint))
    return st.from_type(hint)


def _hints(kind: type) -> dict[str, object]:
    from typing import get_type_hints

    return {name: get_type_hints(kind)[name] for name in kind._fields}


EVENTS = st.one_of([events_of(kind) for kind in get_args(Event)])
RUNS = st.builds(
    lambda inside, end: [RunStarted(len(inside), 0, "/p"), *inside, end],
    st.lists(EVENTS.filter(lambda event: not isinstance(event, RunStarted | RunFinished)), max_size=6),
    events_of(RunFinished),
)
"""A run with anything between its beginning and its end."""
