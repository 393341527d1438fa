"""Colours: when, and that the text is the same with them and without."""

import io
import re

import pytest

from rustest.model.choices import Color
from rustest.model.outcome import Outcome, Verdict
from rustest.report.lines import Line, Role
from rustest.report.painting import PLAIN, Painter, Style, is_colored, is_live

COLORED = Painter(True)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
XTERM = {"TERM": "xterm-256color"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environ", "terminal", "expected"),
    [
        (Color.AUTO, XTERM, True, True),
        (Color.AUTO, XTERM, False, False),
        (Color.AUTO, {}, True, False),
        (Color.AUTO, {"TERM": "dumb"}, True, False),
        (Color.AUTO, {**XTERM, "CI": "true"}, True, False),
        (Color.AUTO, {**XTERM, "NO_COLOR": "1"}, True, False),
        (Color.AUTO, {**XTERM, "NO_COLOR": ""}, True, True),
        (Color.AUTO, {"FORCE_COLOR": "1"}, False, True),
        (Color.AUTO, {"FORCE_COLOR": "1", "CI": "true"}, False, True),
        (Color.AUTO, {"FORCE_COLOR": "0"}, False, False),
        (Color.AUTO, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        (Color.YES, {"NO_COLOR": "1", "CI": "true"}, False, True),
        (Color.NO, {**XTERM, "FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_used_where_somebody_sees_them(color, environ, terminal, expected):
    assert is_colored(Terminal() if terminal else io.StringIO(), color, environ) is expected


@pytest.mark.parametrize("variable", ["CI", "NO_COLOR"])
def test_live_lines_need_a_terminal_with_somebody_in_front_of_it(variable):
    assert is_live(Terminal(), XTERM)
    assert not is_live(io.StringIO(), XTERM)
    assert not is_live(Terminal(), {**XTERM, variable: "1"})
    assert not is_live(Terminal(), {"TERM": "dumb"})
    assert not is_live(io.StringIO(), {**XTERM, "FORCE_COLOR": "1"})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "text", ["    assert total([{}]) == 'x'  # a comment", "", "  [not] markup [/]", "def f(): \\"]
)
def test_the_text_is_the_same_without_the_colours(role, text):
    line = Line(text, role)
    assert ESCAPES.sub("", COLORED.lines([line, line])) == PLAIN.lines([line, line]) == f"{text}\n{text}"


def test_source_is_highlighted_and_its_indentation_is_not():
    painted = COLORED.lines([Line("    return 1", Role.SOURCE)])
    assert painted.startswith("    \x1b[")
    assert painted != "    return 1"


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_colour(verdict):
    painted = COLORED.verdict(Outcome(verdict))
    bad = Style.BAD.value in painted
    assert (ESCAPES.sub("", painted), bad) == (verdict.value.upper(), verdict.is_bad)


def test_nothing_is_painted_without_colours():
    assert PLAIN.paint("x", Style.BAD) == "x"
    assert COLORED.paint("", Style.BAD) == ""
