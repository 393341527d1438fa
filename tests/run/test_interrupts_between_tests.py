"""Ctrl-C at whatever line of rustest's own between two tests: the second one is not waited for."""

import signal
import sys
from types import FrameType

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run, write_project

SOURCE = """
    import asyncio, time
    import between

    def test_first():
        between.is_open = True

    def test_second():
        between.is_open = False
        if between.was_pressed:
            time.sleep(5)
            between.was_waited_for = True

    def test_third(): pass
"""


class Between:
    """Has SIGINT come at one of the lines that rustest executes while this is open."""

    def __init__(self, line: int) -> None:
        self.is_open = self.was_pressed = self.was_waited_for = False
        self.lines = 0
        self._line = line

    def trace(self, frame: FrameType, event: str, _: object) -> object:
        if not frame.f_globals.get("__name__", "").startswith("rustest."):
            return None
        if event == "line" and self.is_open:
            self.lines += 1
            if self.lines == self._line:
                self.was_pressed = True
                signal.getsignal(signal.SIGINT)(signal.SIGINT, frame)
        return self.trace


def interrupted_at(line: int, folder, monkeypatch) -> tuple[Between, dict[str, Verdict]]:
    between = Between(line)
    monkeypatch.setitem(sys.modules, "between", between)
    earlier = sys.gettrace()
    sys.settrace(between.trace)
    try:
        report = run(folder, rootdir=str(folder), concurrency=1, cache_dir="")
    finally:
        sys.settrace(earlier)
    return between, {node_id.partition("::")[2]: one.outcome.verdict for node_id, one in report.finished.items()}


@pytest.mark.parametrize(("kind", "stride"), [("def", 5), ("async def", 29)])
def test_the_next_test_is_not_begun_or_is_interrupted_itself(tmp_path, monkeypatch, kind, stride):
    """At some of the lines, a stride apart: the stretches in which one could go unheard would be longer."""
    source = SOURCE if kind == "def" else SOURCE.replace("def test_second", "async def test_second")
    source = source if kind == "def" else source.replace("time.sleep", "await asyncio.sleep")
    write_project(tmp_path, {"test_it.py": source})
    lines = interrupted_at(-1, tmp_path, monkeypatch)[0].lines
    pressed = 0
    for line in range(1, lines, stride):
        between, verdicts = interrupted_at(line, tmp_path, monkeypatch)
        if between.was_pressed:
            pressed += 1
            del verdicts["test_first"]  # not over for rustest when its last line is
            assert not between.was_waited_for, f"line {line}"
            assert verdicts == {"test_second": Verdict.NOT_RUN, "test_third": Verdict.NOT_RUN}, f"line {line}"
    assert pressed > 20
