"""History: what is remembered of earlier runs, and the text as which it is kept.

The text has a line for each test: a mark that says how it ended, how long it took, and its id. The first two always
have the same width. Those lines are kept as text, and read where somebody asks for them: so a run of one test is not
held up by the thousands that it has nothing to do with. Other lines stand first: with `~` tests that were disturbed by
their neighbours, a stamp of what their file held then, how often they were and for how many more runs they stay alone;
with 0 for both, tests that are expected to fail and do so alone, too. With `!` stands what could not be collected.
"""

import enum
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from operator import add
from types import MappingProxyType

from rustest.model.ids import SEPARATOR
from rustest.model.record import NamedTuple

_HEADING = "rustest history 1"
_WIDTH = 12
"""Of what stands before the id."""
_BLOCK = 1000
"""Lines that are written at once: all of them would take as much memory as the tests themselves."""
_LONGEST = 99999.0
_DISTURBED, _PROBLEM = "~", "!"
_STAMP = 8
"""The width of a stamp."""
_ALONE, _MOST_TIMES = 10, 4
"""For how many runs a test stays alone that was disturbed once, and how often that number doubles."""
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


class Disturbance(NamedTuple):
    """A test failed beside others and passed alone, when its file held what the stamp says."""

    stamp: str
    times: int = 1
    """How often that has happened, as far as it counts; 0 of one that fails alone as well, as is expected of it."""
    alone_for: int = _ALONE
    """For how many more runs it gets no company; after these it may show that it was the machine's fault."""

    @property
    def is_none(self) -> bool:
        """Whether it was not disturbed after all, for it fails alone as well."""
        return not self.times

    def again(self) -> "Disturbance":
        """After one more: it stays alone for twice as many runs."""
        times = min(self.times + 1, _MOST_TIMES)
        return Disturbance(self.stamp, times, _ALONE * 2 ** (times - 1))

    def after_run(self) -> "Disturbance":
        """After a run in which it passed."""
        return self._replace(alone_for=max(self.alone_for - 1, 0))


class History(NamedTuple):
    """What earlier runs have left."""

    lines: str = ""
    """Every test that ever had a verdict, as the text has it, with the end of the line before the first."""
    problems: frozenset[str] = frozenset()
    """Files, folders, conftests and classes that could not be collected."""
    disturbed: Mapping[str, Disturbance] = MappingProxyType({})
    """The tests that passed alone and not beside others."""

    def entries(self, *, without: Container[str] = ()) -> dict[str, str]:
        """What the text says of every test, by node id, but for those `without` which it is asked."""
        lines = self.lines.split("\n")
        del lines[:1], lines[-1:]
        return {line[_WIDTH:]: line[:_WIDTH] for line in lines if line[_WIDTH:] not in without}

    def ended(self, ending: Ending) -> frozenset[str]:
        """The tests that ended so, which is looked for without reading the lines of all others."""
        found, mark, at = list[str](), f"\n{ending.value}", -1
        while (at := self.lines.find(mark, at + 1)) >= 0:
            found.append(self.lines[at + 1 + _WIDTH : self.lines.index("\n", at + 1)])
        return frozenset(found)

    def durations(self, ids: Iterable[str]) -> dict[str, float]:
        """How long those of the tests took that are known, in seconds."""
        entries, ids = self.entries(), tuple(ids)
        try:
            return {test: float(entries[test][1:]) for test in ids if test in entries}
        except ValueError:  # somebody has edited the file
            return {test: _seconds(entries[test][1:]) for test in ids if test in entries}

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
    start = len(_HEADING) + 1
    if not text.startswith(f"{_HEADING}\n") or text[-1] != "\n":  # a text that was cut short ends within a line
        raise HistoryError
    disturbed: dict[str, Disturbance] = {}
    problems: list[str] = []
    while (mark := text[start : start + 1]) in (_DISTURBED, _PROBLEM):
        end = text.index("\n", start)
        place = text[start + _WIDTH : end]
        if mark == _DISTURBED:
            disturbed[place] = _disturbance(text[start + 1 : start + _WIDTH])
        else:
            problems.append(place)
        start = end + 1
    return History(text[start - 1 :], frozenset(problems), disturbed)


def _disturbance(text: str) -> Disturbance:
    stamp, times, alone_for = text[:_STAMP].strip(), text[_STAMP : _STAMP + 1], text[_STAMP + 1 :]
    try:
        return Disturbance(stamp, int(times), int(alone_for))
    except ValueError:  # earlier versions counted nothing
        return Disturbance(stamp)


def write_history(
    entries: Mapping[str, str], problems: Iterable[str], disturbed: Mapping[str, Disturbance]
) -> Iterator[str]:
    """The text of a history, in parts; `entries` has what is known of each test by node id."""
    yield f"{_HEADING}\n"
    marked = [
        (f"{_DISTURBED}{stamp:<{_STAMP}}{times}{alone_for:02}", test)
        for test, (stamp, times, alone_for) in disturbed.items()
    ]
    marked += [(_PROBLEM, place) for place in sorted(problems)]
    yield from (f"{mark:<{_WIDTH}}{place}\n" for mark, place in marked if "\n" not in place)
    if "\n" in "".join(entries):  # only a file's name may hold one
        entries = {test: known for test, known in entries.items() if "\n" not in test}
    lines = map(add, entries.values(), entries)
    while block := [*islice(lines, _BLOCK)]:
        yield "\n".join((*block, ""))


def stamps_below(folder: str) -> Callable[[str], str]:
    """What gives for a file below the folder a short text that changes with what it holds; each is read once.

    It is empty where the file cannot be read.
    """

    @cache
    def stamp_of(file: str) -> str:
        from zlib import crc32

        try:
            with open(os.path.join(folder, file), "rb") as source:
                return f"{crc32(source.read()):08x}"
        except OSError:
            return ""

    return stamp_of


def concerned(problems: Iterable[str], place: str) -> bool:
    """Whether what is wrong with any of these files, folders, conftests and classes keeps that test from running."""
    return any(_concerns(problem, place) for problem in problems)


def _concerns(problem: str, place: str) -> bool:
    folder, slash, name = problem.rpartition("/")
    if name == "conftest.py":
        return not slash or place.startswith(f"{folder}/")
    return place == problem or place.startswith((f"{problem}{SEPARATOR}", f"{problem}/"))
