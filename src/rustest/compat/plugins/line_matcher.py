"""What tests of plugins ask of the lines that pytest has printed: which there are, in what order, and which not."""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from textwrap import dedent

from rustest.model.errors import Failed

Text = str
"""Another name, for the class has a method that is called as the type is."""
Fits = Callable[[str, str], bool]
"""Whether a line fits a pattern."""


class LineMatcher:
    """Lines to be held against patterns; whatever does not fit fails the test, and tells the lines."""

    def __init__(self, lines: list[Text]) -> None:
        self.lines = lines

    def __str__(self) -> Text:
        return "\n".join(self.lines)

    def fnmatch_lines(self, lines2: Sequence[Text], *, consecutive: bool = False) -> None:
        """Fail unless there are lines for these patterns with `*` and `?`, in this order; others may stand between.

        Not if they are to be `consecutive`.
        """
        self._find(lines2, fnmatch, consecutive)

    def re_match_lines(self, lines2: Sequence[Text], *, consecutive: bool = False) -> None:
        """The same with regular expressions for the lines' beginnings."""
        self._find(lines2, _begins, consecutive)

    def fnmatch_lines_random(self, lines2: Sequence[Text]) -> None:
        """Fail unless there is a line for each of these patterns, wherever that stands."""
        self._find_each(lines2, fnmatch)

    def re_match_lines_random(self, lines2: Sequence[Text]) -> None:
        """The same with regular expressions."""
        self._find_each(lines2, _begins)

    def no_fnmatch_line(self, pat: Text) -> None:
        """Fail if any line fits the pattern."""
        self._find_none(pat, fnmatch)

    def no_re_match_line(self, pat: Text) -> None:
        """The same with a regular expression."""
        self._find_none(pat, _begins)

    def get_lines_after(self, fnline: Text) -> Sequence[Text]:
        """The lines after the first one that fits the pattern; raises ValueError if none does."""
        for number, line in enumerate(self.lines, 1):
            if _is_or_fits(line, fnline, fnmatch):
                return self.lines[number:]
        raise ValueError(f"no line fits {fnline!r}")

    def _find(self, patterns: Sequence[Text], fits: Fits, consecutive: bool) -> None:
        rest, earlier = iter(self.lines), ""
        for pattern in _patterns(patterns):
            for line in rest:
                if _is_or_fits(line, pattern, fits):
                    break
                if consecutive and earlier:
                    self._fail(f"the line after that for {earlier!r} does not fit {pattern!r}: {line!r}")
            else:
                self._fail(f"no line fits {pattern!r}" + (f" after that for {earlier!r}" if earlier else ""))
            earlier = pattern

    def _find_each(self, patterns: Sequence[Text], fits: Fits) -> None:
        for pattern in _patterns(patterns):
            if not any(_is_or_fits(line, pattern, fits) for line in self.lines):
                self._fail(f"no line fits {pattern!r}")

    def _find_none(self, pattern: Text, fits: Fits) -> None:
        for line in self.lines:
            if fits(line, pattern):
                self._fail(f"a line fits {pattern!r}: {line!r}")

    def _fail(self, message: Text) -> None:
        raise Failed("\n".join((message, "the lines:", *(f"  {line}" for line in self.lines))))

    def str(self) -> Text:
        """All lines as one text."""
        return "\n".join(self.lines)


def _patterns(written: Sequence[str]) -> Sequence[str]:
    """The patterns, of which one text may hold several, a line each."""
    return dedent(written).strip().splitlines() if isinstance(written, str) else written


def _is_or_fits(line: str, pattern: str, fits: Fits) -> bool:
    return line == pattern or fits(line, pattern)


def _begins(line: str, pattern: str) -> bool:
    return re.match(pattern, line) is not None
