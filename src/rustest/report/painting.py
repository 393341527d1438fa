"""Colours: what is painted how, and on which streams.

Words and roles are painted with the terminal's own sixteen colours, so that they suit its user's theme. Source lines
are highlighted by rich, which is imported for the first of them: a run without failures does not wait for it.
"""

import enum
import os
from collections.abc import Callable, Iterable, Mapping

from rustest.model.choices import Color
from rustest.model.hints import TextIO
from rustest.model.outcome import Outcome, Verdict
from rustest.report.lines import Line, Role
from rustest.report.messages import tally


class Style(enum.Enum):
    """How a word looks; the value is the parameter of the terminal's escape sequence."""

    GOOD = "32"
    BAD = "1;31"
    CAUTION = "33"
    STRONG = "1"
    FAINT = "2"
    PLACE = "36"
    RED = "31"


_OF_VERDICT = {
    Verdict.PASSED: Style.GOOD,
    Verdict.FAILED: Style.BAD,
    Verdict.ERROR: Style.BAD,
    Verdict.TIMED_OUT: Style.BAD,
    Verdict.CRASHED: Style.BAD,
    Verdict.SKIPPED: Style.CAUTION,
    Verdict.XFAILED: Style.CAUTION,
    Verdict.XPASSED: Style.CAUTION,
    Verdict.NOT_RUN: Style.CAUTION,
}

_OF_ROLE = {
    Role.HEADING: Style.STRONG,
    Role.ERROR: Style.RED,
    Role.DETAIL: Style.RED,
    Role.PLACE: Style.PLACE,
    Role.MARK: Style.BAD,
    Role.ADDED: Style.GOOD,
    Role.REMOVED: Style.RED,
}


def style_of(verdict: Verdict) -> Style:
    """How that verdict looks, wherever it stands."""
    return _OF_VERDICT[verdict]


class Painter:
    """Puts colours into text, or leaves it as it is; the text reads the same without them."""

    def __init__(self, colored: bool) -> None:
        self._colored = colored
        self._highlight: Callable[[str], str] | None = None

    def paint(self, text: str, style: Style) -> str:
        """The text in that style."""
        return f"\x1b[{style.value}m{text}\x1b[0m" if self._colored and text else text

    def verdict(self, outcome: Outcome) -> str:
        """The verdict as it heads a line: `FAILED`, `TIMED OUT`."""
        return self.paint(outcome.verdict.value.upper(), style_of(outcome.verdict))

    def tally(self, counts: Mapping[Verdict, int]) -> str:
        """The counts in words, each as its verdict looks."""
        return ", ".join(self.paint(text, style_of(verdict)) for text, verdict in tally(counts))

    def lines(self, lines: Iterable[Line]) -> str:
        """The lines, each as its role asks; the indentation is left bare."""
        return "\n".join(self._line(line) for line in lines) if self._colored else "\n".join(text for text, _ in lines)

    def _line(self, line: Line) -> str:
        text = line.text.lstrip(" ")
        blanks = line.text[: len(line.text) - len(text)]
        if line.role is Role.SOURCE:
            return blanks + self._source(text)
        style = _OF_ROLE.get(line.role)
        return line.text if style is None else blanks + self.paint(text, style)

    def _source(self, code: str) -> str:
        if self._highlight is None:
            self._highlight = _make_highlighter()
        return self._highlight(code)


PLAIN = Painter(False)


def _make_highlighter() -> Callable[[str], str]:
    import io

    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=1000, no_color=False)
    syntax = Syntax("", "python", theme="ansi_dark", background_color="default")

    def highlight(code: str) -> str:
        with console.capture() as captured:
            console.print(syntax.highlight(code), end="", soft_wrap=True)
        return captured.get().rstrip("\n")

    return highlight


def is_colored(stream: TextIO, color: Color, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to use colours on that stream: the user's word first, then the environment's, then the terminal's."""
    if color is not Color.AUTO:
        return color is Color.YES
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_live(stream, environ)


def is_live(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the stream is a terminal with somebody in front of it, on which lines can be rewritten in place."""
    plain = environ.get("CI") or environ.get("NO_COLOR") or environ.get("TERM", "") in ("", "dumb")
    return not plain and stream.isatty()
