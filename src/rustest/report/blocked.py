"""Tests that blocked the loop: where, how long, and how many others waited for them."""

from collections.abc import Iterable, Iterator

from rustest.model.events import TestFinished
from rustest.model.outcome import Block
from rustest.report.lines import Line, Role
from rustest.report.messages import count, place

_SHOWN = 5
"""How many steps are named before the rest is counted."""


def blocked_words(block: Block, rootdir: str) -> str:
    """One long step: `blocked the loop for 2.1 s at test_x.py:12; 14 tests waited`."""
    frame = block.frame
    where = f" at {place(frame.file, frame.line, rootdir)}" if frame else ""
    waited = f"; {count(block.waited, 'test')} waited" if block.waited else ""
    return f"blocked the loop for {_seconds(block.seconds)} s{where}{waited}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}"


def blocked_lines(finished: Iterable[TestFinished], rootdir: str) -> Iterator[Line]:
    """The long steps of all tests, the longest first."""
    taken = [(block, one.id) for one in finished for block in one.outcome.blocks]
    taken.sort(key=lambda pair: (-pair[0].seconds, pair[1]))
    for position, (block, node_id) in enumerate(taken[:_SHOWN]):
        if position == 0:
            yield Line("BLOCKED the loop, so that other tests had to wait", Role.HEADING)
        yield Line(f"  {node_id} {blocked_words(block, rootdir)}")
    if len(taken) > _SHOWN:
        yield Line(f"  ... and {len(taken) - _SHOWN} more")
