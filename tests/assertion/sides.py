"""One source, compiled as it stands and rewritten, and what each of the two does."""

import asyncio
import inspect
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import NamedTuple

from rustest.assertion.hook import explain_failure
from rustest.assertion.rewrite import compile_module
from rustest.assertion.sketch import EXPLAIN

Names = dict[str, object]


class Deed(NamedTuple):
    """What one call did."""

    outcome: str
    log: str
    place: tuple[int | None, ...] | None
    """Line and column where it was left, up to where the marked expression ends."""
    message: str


def plain(source: str) -> Names:
    names: Names = {"__name__": "plain"}
    exec(compile(source, "form.py", "exec", dont_inherit=True), names)
    return names


def rewritten(source: str) -> Names:
    names: Names = {"__name__": "rewritten", EXPLAIN: explain_failure}
    exec(compile_module(source.encode(), "form.py").code, names)
    return names


def deed(names: Names, *numbers: int, function: str = "form") -> Deed:
    names["LOG"].clear()
    names["counter"] = 0
    try:
        outcome, place, message = repr(call(names[function], *numbers)), None, ""
    except Exception as error:
        outcome, place, message = type(error).__name__, place_of(error.__traceback__), str(error)
        if outcome != "AssertionError":
            outcome = f"{outcome}: {error}"
    return Deed(outcome, str(names["LOG"]), place, message)


def call(function: Callable[..., object], *numbers: int) -> object:
    done = function(*numbers)
    return asyncio.run(done) if inspect.iscoroutine(done) else done


def place_of(traceback: TracebackType | None) -> tuple[int | None, ...] | None:
    """Where the innermost frame stands that is the source's own."""
    place = None
    while traceback is not None:
        if is_own(traceback.tb_frame):
            place = list(traceback.tb_frame.f_code.co_positions())[traceback.tb_lasti // 2]
        traceback = traceback.tb_next
    return place


def is_own(frame: FrameType) -> bool:
    return frame.f_code.co_filename == "form.py"
