"""Where an exception may be raised in running code, and where not."""

import asyncio
import collections
import importlib
import logging
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

import pytest

from rustest.model.debuggers import held_by_debugger
from rustest.model.settings import Settings
from rustest.report.history import cache_folder
from rustest.run.stops.stack import may_interrupt, who_runs_loop

Point = collections.namedtuple("Point", "x y")


def answers_in(call: Callable[[], object], functions: tuple[str, ...]) -> dict[str, set[bool]]:
    """What `may_interrupt` says in each frame of these functions that comes up while the call is made."""
    answers: dict[str, set[bool]] = {}

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name in functions:
            answers.setdefault(frame.f_code.co_name, set()).add(may_interrupt(frame))

    sys.setprofile(look)
    try:
        call()
    finally:
        sys.setprofile(None)
    return answers


def test_it_may_be_in_the_users_code_and_in_what_that_calls():
    def key(number: int) -> int:
        return -number

    def mine() -> None:
        sorted([1, 2], key=key)
        Point(1, 2)
        queue.Queue().put(1)
        logging.getLogger("nobody").isEnabledFor(10)

    assert answers_in(mine, ("mine", "key", "<lambda>", "put", "isEnabledFor")) == {
        name: {True} for name in ("mine", "key", "<lambda>", "put", "isEnabledFor")
    }


def test_it_may_not_be_in_rustest_nor_in_what_that_calls():
    settings = Settings(rootdir="/project", cache_dir=".cache")
    answers = answers_in(lambda: cache_folder(settings), ("cache_folder", "join"))
    assert answers == {"cache_folder": {False}, "join": {False}}


def test_it_may_not_be_in_asyncio_nor_in_what_that_calls():
    async def mine() -> None:
        asyncio.get_running_loop().call_soon(len, "x")
        await asyncio.sleep(0)

    called = ("mine", "call_soon", "_run", "register", "_make", "run_until_complete", "__new__")
    answers = answers_in(lambda: asyncio.run(mine()), called)
    assert answers.pop("mine") == {True}
    assert {"call_soon", "run_until_complete", "register"} <= answers.keys()
    assert set().union(*answers.values()) == {False}


def test_it_may_not_be_in_the_import_system():
    sys.modules.pop("colorsys", None)
    answers = answers_in(lambda: importlib.import_module("colorsys"), ("_find_and_load", "exec_module", "<module>"))
    assert answers["_find_and_load"] == {False}
    assert answers["exec_module"] == {False}


@pytest.mark.parametrize("name", ["code", "test", "queue", "site"])
def test_a_users_module_may_be_called_like_one_of_the_standard_library(name):
    namespace = {"__name__": f"{name}.test_it", "__file__": f"/home/user/project/{name}/test_it.py", "sys": sys}
    exec("frame = sys._getframe()", namespace)
    assert may_interrupt(namespace["frame"])


@pytest.mark.parametrize("namespace", [{}, {"__name__": "__main__"}, {"__name__": "zipapp_of_the_users"}])
def test_code_without_a_file_is_the_users(namespace):
    namespace["sys"] = sys
    exec("frame = sys._getframe()", namespace)
    assert may_interrupt(namespace["frame"])


def wait_frames(call: Callable[[], object]) -> list[FrameType]:
    """The frames in which this thread is met, from another one, while it makes the call."""
    frames: list[FrameType] = []
    me, ended = threading.get_ident(), threading.Event()

    def look() -> None:
        while not ended.wait(0.01):
            frames.append(sys._current_frames()[me])

    looker = threading.Thread(target=look)
    looker.start()
    try:
        call()
    finally:
        ended.set()
        looker.join()
    return frames


def test_a_loop_that_the_user_runs_may_be_interrupted_while_it_waits():
    def mine() -> None:
        asyncio.run(asyncio.sleep(0.2))

    waits = [frame for frame in wait_frames(mine) if frame.f_code.co_name == "select"]
    assert waits
    assert {may_interrupt(frame) for frame in waits} == {True}
    runners = [who_runs_loop(frame) for frame in waits]
    assert {runner.f_code.co_name for runner in runners if runner is not None} == {"mine"}


@pytest.mark.parametrize(
    "call",
    [
        lambda: time.sleep(0.2),
        lambda: subprocess.run([sys.executable, "-c", "import time; time.sleep(0.2)"], capture_output=True),
        lambda: selectors.DefaultSelector().select(0.2),
        lambda: threading.Event().wait(0.2),
    ],
)
def test_other_waits_may_be_interrupted_and_are_no_loops(call):
    frames = wait_frames(call)
    assert {may_interrupt(frame) for frame in frames} == {True}
    assert {who_runs_loop(frame) for frame in frames} == {None}


def test_no_debugger_is_seen_below_rustest():
    """In IPython, or under `python -m pdb`, every stack has its frames at the bottom."""
    namespace = {"__name__": "pdb", "sys": sys}
    exec("def interact(call): return call()", namespace)
    inside = {"__name__": "rustest.run.attempt", "sys": sys}
    exec("def run(call): return call()", inside)
    assert "pdb" in sys.modules or __import__("pdb")
    held = namespace["interact"](lambda: held_by_debugger(sys._getframe()))
    below = namespace["interact"](lambda: inside["run"](lambda: held_by_debugger(sys._getframe())))
    assert (held, below) == (True, False)
