"""What earlier runs say of this one: `--lf` and `--sw` choose tests by it, `--ff` and `--nf` order them."""

import os
from collections.abc import Iterable, Sequence

from rustest.model.history import Ending, History, concerned
from rustest.model.item import Item
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings


class Choice(NamedTuple):
    """The tests that are left, and what is to be said of that."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def choose(items: tuple[Item, ...], settings: Settings, history: History, passed_over: int) -> Choice:
    """The tests that `--lf` and `--sw` leave: all where nothing failed, none where that takes a look at more files.

    `passed_over` says how many files were not read.
    """
    notes: list[str] = []
    if settings.lf:
        failed = failed_before(items, history)
        if passed_over and not failed:
            return Choice(())  # the others must be read after all
        if not failed and settings.lf_or_nothing:
            return Choice((), ("none of these tests failed last time: running none",))
        notes.append(_tell_failed(len(failed), passed_over))
        items = tuple(item for item in items if item.id in failed) or items
    if settings.sw:
        behind = history.ended(Ending.STEPPED)
        ahead = tuple(item for item in items if item.id not in behind)
        if ahead and len(ahead) < len(items):
            passed = _count(len(items) - len(ahead), "test")
            notes.append(f"step by step: {passed} left out that passed since the first stop")
            items = ahead
    return Choice(items, tuple(notes))


def failed_before(items: Iterable[Item], history: History) -> frozenset[str]:
    """Those of the tests that failed last time, or could not even be collected."""
    bad, problems = history.ended(Ending.BAD), history.problems
    return frozenset(item.id for item in items if item.id in bad or (problems and concerned(problems, item.id)))


def _tell_failed(failed: int, passed_over: int) -> str:
    if not failed:
        return "none of these tests failed last time: running all"
    unread = f"; {_count(passed_over, 'file')} without failures not read" if passed_over else ""
    return f"running only the {_count(failed, 'test')} that failed last time{unread}"


class Urgency(NamedTuple):
    """How early a test is to run: the lowest first."""

    failed: int = 0
    new: int = 0
    age: float = 0.0
    """Minus the time of its file's last change."""


class Urgencies(NamedTuple):
    """The urgency of each test, and what is to be said of that."""

    by_id: dict[str, Urgency]
    notes: tuple[str, ...]


def urgencies(items: Sequence[Item], settings: Settings, history: History) -> Urgencies:
    """How early each test is to run, by what `--ff`, `--sw` and `--nf` ask for."""
    failed = failed_before(items, history) if settings.ff or settings.sw else frozenset[str]()
    new = {item.id for item in items}.difference(history.entries()) if settings.nf else set[str]()
    ages = (
        {file: _age(file, settings.rootdir) for file in {item.function.file for item in items}} if settings.nf else {}
    )
    by_id = {
        item.id: Urgency(item.id not in failed, item.id not in new, ages.get(item.function.file, 0.0)) for item in items
    }
    notes: list[str] = []
    if settings.ff and not settings.lf:
        notes.append(f"{_count(len(failed), 'test')} that failed last time first")
    if settings.nf:
        notes.append(f"{_count(len(new), 'new test')} first, then those of the files that changed last")
    return Urgencies(by_id, tuple(notes))


def _age(file: str, rootdir: str) -> float:
    try:
        return -os.path.getmtime(os.path.join(rootdir, file))
    except OSError:  # removed since it was read
        return 0.0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
