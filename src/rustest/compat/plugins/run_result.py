"""What came of a run of pytest: its status, its lines, and the numbers in its last one."""

import re

from rustest.compat.names.exit_code import ExitCode
from rustest.compat.plugins.line_matcher import LineMatcher
from rustest.model.errors import Failed

_SUMMARY = re.compile(r"(.*)\bin \d+\.\d\ds\b")
_COUNTED = re.compile(r"(\d+) ([a-z]+)")
_PLURALS = {"error": "errors", "warning": "warnings"}
_ALWAYS = ("passed", "skipped", "failed", "errors", "xpassed", "xfailed")
"""What `assert_outcomes` holds to be 0 where it is not given."""


class RunResult:
    """The result of one command."""

    def __init__(self, ret: int, outlines: list[str], errlines: list[str], duration: float) -> None:
        self.ret = ExitCode(ret) if ret in [*ExitCode] else ret
        self.outlines = outlines
        self.errlines = errlines
        self.stdout = LineMatcher(outlines)
        self.stderr = LineMatcher(errlines)
        self.duration = duration
        """In seconds."""

    def __repr__(self) -> str:
        return f"<RunResult ret={self.ret} of {len(self.outlines)} lines in {self.duration:.2f} s>"

    def parseoutcomes(self) -> dict[str, int]:
        """How many tests came to what, by the plural word for it; raises ValueError without a summary."""
        return self.parse_summary_nouns(self.outlines)

    @classmethod
    def parse_summary_nouns(cls, lines: list[str]) -> dict[str, int]:
        """The same of any lines of pytest's."""
        for line in reversed(lines):
            if (summary := _SUMMARY.search(line)) is not None:
                counted: list[tuple[str, str]] = _COUNTED.findall(summary[1])
                return {_PLURALS.get(word, word): int(number) for number, word in counted}
        raise ValueError("pytest has printed no summary")

    def assert_outcomes(self, **expected: int | None) -> None:
        """Fail unless pytest's summary says so; what is not named is 0, but for `warnings` and `deselected`."""
        told = self.parseoutcomes()
        wanted = dict.fromkeys(_ALWAYS, 0) | {word: number for word, number in expected.items() if number is not None}
        found = {word: told.get(word, 0) for word in wanted}
        if found != wanted:
            raise Failed(f"pytest's tests came to {_told(found)}, expected {_told(wanted)}\n{self.stdout}")


def _told(numbers: dict[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in numbers.items() if number) or "nothing"
