"""The screen, looked at through a terminal emulator: what is left on it, and where the cursor stands."""

import io
import sys
import threading
import time
from collections.abc import Callable

import pyte
import pytest

from rustest.report.screen import Screen

COLUMNS, ROWS = 40, 12
SOON = 0.1
"""Seconds until the first drawing, here."""


class Terminal(io.StringIO):
    """A stream that ends on an emulated screen, which needs no carriage returns."""

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.Stream(self.screen)

    def write(self, text: str) -> int:
        self._stream.feed(text)
        return len(text)

    def shows(self) -> list[str]:
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip().split("\n")


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def screen(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rustest.report.screen.FIRST_DRAWING", SOON)
    screen = Screen(terminal)
    yield screen
    screen.settle()


def drawn(screen: Screen, terminal: Terminal, *lines: str) -> None:
    screen.keep_below(lambda: [*lines])
    wait_until(lambda: lines[-1] in terminal.shows())


def test_the_block_stays_below_what_is_written(terminal, screen):
    screen.write("first\n")
    drawn(screen, terminal, "1 of 2", "running")
    screen.write("second\nthird\n")
    assert terminal.shows() == ["first", "second", "third", "1 of 2", "running"]


def test_nothing_of_it_is_left_in_the_end(terminal, screen):
    drawn(screen, terminal, "1 of 2", "running")
    screen.settle()
    screen.write("the end\n")
    assert terminal.shows() == ["the end"]


def test_it_is_redrawn_though_nothing_is_written(terminal, screen):
    ages = iter(range(1000))
    screen.keep_below(lambda: [f"age {next(ages)}"])
    wait_until(lambda: terminal.shows() == ["age 3"])


def test_a_shorter_block_covers_a_longer_one(terminal, screen):
    block = ["one", "two two", "three"]
    screen.keep_below(lambda: block)
    wait_until(lambda: "three" in terminal.shows())
    block = ["x"]
    wait_until(lambda: terminal.shows() == ["x"])


def test_it_scrolls_with_the_screen(terminal, screen):
    drawn(screen, terminal, "a", "b")
    for number in range(30):
        screen.write(f"line {number}\n")
    assert terminal.shows() == [*(f"line {number}" for number in range(20, 30)), "a", "b"]


def test_what_a_child_process_writes_is_not_wiped_out(terminal, screen):
    drawn(screen, terminal, "1 of 2", "running")
    terminal.write("from a child\n")  # which knows nothing of the block
    screen.write("mine\n")
    assert terminal.shows() == ["from a child", "mine", "1 of 2", "running"]


def test_a_short_run_draws_nothing(terminal, screen):
    began = time.monotonic()
    screen.keep_below(lambda: ["1 of 2"])
    screen.write("done\n")
    screen.settle()
    if time.monotonic() - began < SOON:
        assert terminal.shows() == ["done"]


def test_the_thread_ends_and_python_does_not_count_it(terminal, screen):
    before = threading.active_count()
    drawn(screen, terminal, "1 of 2")
    assert threading.active_count() == before
    alive = set(sys._current_frames())
    screen.settle()
    wait_until(lambda: set(sys._current_frames()) < alive)


def test_a_debugger_has_the_screen_for_itself(terminal, screen):
    interact: dict[str, object] = {"__name__": "pdb"}
    exec("def interact(call): return call()", interact)
    drawn(screen, terminal, "1 of 2", "running")

    def prompt() -> None:
        terminal.write("(Pdb) ")
        wait_until(lambda: terminal.shows() == ["(Pdb)"])  # but for the rest of the line that it was written over

    interact["interact"](prompt)


def test_a_stream_that_breaks_is_heard_of_once_and_left_alone(terminal, screen):
    def fail(text: str) -> int:
        raise OSError("the terminal is gone")

    drawn(screen, terminal, "1 of 2")
    alive = set(sys._current_frames())
    terminal.write = fail
    with pytest.raises(OSError, match="gone"):
        screen.write("more\n")
    wait_until(lambda: set(sys._current_frames()) < alive)
    screen.settle()
