"""The live lines of a terminal, at 80 and at 200 columns; UPDATE_GOLDEN=1 writes the golden files anew."""

import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.cells import cell_len

from rustest.model.events import RunStarted, TestFinished, TestSetAside, TestStarted
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.report.live_lines import LiveLines
from rustest.report.painting import PLAIN

GOLDEN = Path(__file__).parent / "golden"
LONG = "tests/shop/checkout/test_payment.py::TestCard::test_is_refused[a card that was reported stolen a week ago]"
WIDE = "tests/test_names.py::test_greets[" + "世界" * 60 + "]"


class Stream(io.StringIO):
    encoding = "utf-8"


class AsciiStream(io.StringIO):
    encoding = "ascii"


def live(
    running: Iterable[str], stream: io.StringIO | None = None, expected: float | None = None, bad: int = 0
) -> LiveLines:
    lines = LiveLines(RunStarted(142, 0, "/p", expected=expected), stream or Stream(), PLAIN)
    for number in range(87):
        verdict = Verdict.FAILED if number < bad else Verdict.PASSED
        lines.end(TestFinished(f"a.py::test_{number}", Outcome(verdict), 0.5, 0.1))
    for number, name in enumerate(running):
        lines.start(TestStarted(name, 0.5 + number / 10))
    return lines


@pytest.mark.parametrize("columns", [80, 200])
def test_live_lines_are_as_in_the_golden_file(columns: int) -> None:
    running = [LONG, *(f"tests/test_shop.py::test_{number}" for number in range(7)), "tests/test_shop.py::test_young"]
    lines = [*live(running, expected=9.7, bad=2).lines(1.75, columns - 1)]
    output = "\n".join([*lines, ""])
    golden = GOLDEN / f"live_{columns}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(output)
    assert output == golden.read_text()


def test_the_example_in_the_docs_is_the_golden_file() -> None:
    docs = Path(__file__).parents[2] / "docs" / "output.md"
    assert f"```text\n{(GOLDEN / 'live_80.txt').read_text()}```" in docs.read_text()


def test_a_test_that_is_to_be_run_again_does_not_run_until_it_is() -> None:
    lines = live(["a.py::test_x", "a.py::test_y"])
    lines.set_aside(TestSetAside("a.py::test_x", 2.0))
    assert [*lines.lines(3.0, 80)] == ["87 of 142 tests, 1 to run again, 1 running", "     2.4 s  a.py::test_y"]
    lines.end(TestFinished("a.py::test_x", Outcome(Verdict.FAILED), 4.0, 0.5))
    assert next(lines.lines(4.0, 80)) == "88 of 142 tests, 1 failed, 1 running"


@pytest.mark.parametrize("width", [1, 5, 20, 79, 199])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    lines = [*live([LONG, WIDE, WIDE + "x", *map(str, range(10))], expected=100.0, bad=3).lines(9.0, width)]
    assert [line for line in lines if cell_len(line) > width > 12] == []
    assert all(len(line) <= max(width, 12) for line in lines)


def test_a_long_id_keeps_its_end_which_tells_tests_apart() -> None:
    shown = [*live([LONG]).lines(2.0, 60)][1]
    assert shown.endswith("…a card that was reported stolen a week ago]"[-30:])
    assert "…" in shown


def test_an_ascii_stream_gets_ascii() -> None:
    shown = [*live([LONG], AsciiStream()).lines(2.0, 60)]
    assert all(line.isascii() for line in shown)
    assert "  ..." in shown[1]


def test_a_name_with_control_characters_cannot_move_the_cursor() -> None:
    shown = "".join(live(["a.py::test_x[\x1b[2J\r\n]"]).lines(2.0, 60))
    assert "\x1b" not in shown and "\n" not in shown


def test_what_has_ended_is_no_longer_shown() -> None:
    lines = live(["a.py::test_slow"])
    lines.end(TestFinished("a.py::test_slow", PASSED, 3.0, 2.5))
    assert [*lines.lines(3.0, 80)] == ["88 of 142 tests"]


def test_a_run_that_is_slower_than_before_is_expected_to_take_longer() -> None:
    before = {f"a.py::test_{number}": 1.0 for number in range(10)}
    lines = LiveLines(RunStarted(10, 0, "/p", before, expected=10.0), Stream(), PLAIN)
    lines.end(TestFinished("a.py::test_0", PASSED, 1.0, 1.0))
    assert [*lines.lines(1.0, 80)] == ["1 of 10 tests, about 9 s left"]
    for number in range(1, 4):
        lines.end(TestFinished(f"a.py::test_{number}", PASSED, 8.0, 7 / 3))
    assert [*lines.lines(8.0, 80)] == ["4 of 10 tests, about 12 s left"]


def test_nothing_is_said_of_the_time_left_where_nobody_knows() -> None:
    assert "left" not in "".join(live([]).lines(1.0, 80))
    assert "left" not in "".join(live([], expected=3.0).lines(5.0, 80))
