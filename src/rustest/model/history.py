"""History: what is remembered of earlier runs, and the text as which it is kept.

The text has a line for each test: a mark that says how it ended, how long it took, and its id. The first two always
have the same width, and are read where somebody asks for them: so a run of one test is not held up by the thousands
that it has nothing to do with. Lines that begin with `~` stand first: tests that were disturbed by their neighbours,
with a stamp of what their file held then.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from rustest.model.ids import SEPARATOR
from rustest.model.record import NamedTuple

_HEADING = "rustest history 1"
_WIDTH = 12
"""Of what stands before the id."""
_LONGEST = 99999.0
_DISTURBED = "~"
TENTHS = 10_000
"""How many of the parts to which the text is exact are in a second."""


class Ending(enum.Enum):
    """How a test ended last time; the value is its mark in the text."""

    GOOD = "."
    BAD = "F"
    STEPPED = "="
    """Well, in a run step by step that has not come to its end yet."""

    def __init__(self, mark: str) -> None:
        self.mark = mark  # the value, which enum makes a call of


Entries = Mapping[str, str]
"""What is known of each test, by node id, as the text has it."""


def entry(ending: Ending, duration: float) -> str:
    """What the text says of a test, whose duration is in seconds."""
    return f"{ending.mark}{min(duration, _LONGEST):10.4f} "


class Entered(dict[int, str]):
    """What the text says of tests that ended so, by their ten-thousandths of a second: many have the same in common."""

    def __init__(self, ending: Ending) -> None:
        super().__init__()
        self._ending = ending

    def __missing__(self, duration: int) -> str:
        text = self[duration] = entry(self._ending, duration / TENTHS)
        return text


class History(NamedTuple):
    """What earlier runs have left."""

    entries: Entries = MappingProxyType({})
    """Every test that ever had a verdict."""
    problems: frozenset[str] = frozenset()
    """Files, folders, conftests and classes that could not be collected."""
    disturbed: Mapping[str, str] = MappingProxyType({})
    """The tests that passed alone and not beside others, each with the stamp of its file at that time."""

    def ended(self, ending: Ending) -> frozenset[str]:
        """The tests that ended so."""
        return frozenset(test for test, known in self.entries.items() if known[:1] == ending.value)

    def durations(self, ids: Iterable[str]) -> dict[str, float]:
        """How long those of the tests took that are known, in seconds."""
        known = {test: self.entries[test][1:] for test in ids if test in self.entries}
        try:
            return dict(zip(known, map(float, known.values()), strict=True))
        except ValueError:  # somebody has edited the file
            return {test: _seconds(text) for test, text in known.items()}

    def failed_in(self) -> Callable[[str], bool]:
        """Whether a test of that file failed, or could not be collected."""
        places = (*self.ended(Ending.BAD), *self.problems)
        files = {place.partition(SEPARATOR)[0] for place in places}
        return lambda file: file in files or concerned(self.problems, file)


NO_HISTORY = History()


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


class HistoryError(Exception):
    """The text is none that this version has written."""


def parse_history(text: str) -> History:
    """The history of a text; raises HistoryError where it is something else."""
    heading, *lines = text.split("\n")
    if heading != _HEADING or not lines or lines.pop():  # a text that was cut short does not end in a line's end
        raise HistoryError
    disturbed: dict[str, str] = {}
    while lines and lines[0].startswith(_DISTURBED):
        line = lines.pop(0)
        disturbed[line[_WIDTH:]] = line[1:_WIDTH].strip()
    entries = {line[_WIDTH:]: line[:_WIDTH] for line in lines}
    problems = [place for place, known in entries.items() if known[:1] == "!"]
    for place in problems:
        del entries[place]
    return History(entries, frozenset(problems), disturbed)


def write_history(history: History) -> str:
    """The text of a history."""
    marked = [f"{'!':<{_WIDTH}}{place}" for place in sorted(history.problems) if "\n" not in place]
    entries = history.entries
    if any("\n" in test for test in entries):  # only a file's name may hold one
        entries = {test: known for test, known in entries.items() if "\n" not in test}
    lines = map(str.__add__, entries.values(), entries)
    disturbed = [
        f"{_DISTURBED + stamp:<{_WIDTH}}{test}" for test, stamp in history.disturbed.items() if "\n" not in test
    ]
    return "\n".join((_HEADING, *disturbed, *marked, *lines, ""))


def stamp_of(file: str) -> str:
    """A short text that changes with what the file holds; empty where it cannot be read."""
    from zlib import crc32

    try:
        with open(file, "rb") as source:
            return f"{crc32(source.read()):08x}"
    except OSError:
        return ""


def concerned(problems: Iterable[str], place: str) -> bool:
    """Whether what is wrong with any of these files, folders, conftests and classes keeps that test from running."""
    return any(_concerns(problem, place) for problem in problems)


def _concerns(problem: str, place: str) -> bool:
    folder, slash, name = problem.rpartition("/")
    if name == "conftest.py":
        return not slash or place.startswith(f"{folder}/")
    return place == problem or place.startswith((f"{problem}{SEPARATOR}", f"{problem}/"))
