"""Stage 1 on one page: files to modules to tests."""

import os
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType

from rustest.assertion.hook import rewriting_files
from rustest.collect.conftest import Conftests
from rustest.collect.discover import Discovery, WantedFile, discover, node_path
from rustest.collect.errors import CollectError, problem_of
from rustest.collect.expand import expand
from rustest.collect.harvest import harvest
from rustest.collect.importer import Importer, prepend_paths
from rustest.collect.rules import make_rules
from rustest.model.errors import UsageError
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.hooks import NO_HOOKS, Hooks
from rustest.model.item import NO_HARVEST, Collection, Harvest, Item, Problem, SkippedFile, TestFunction, Wanted
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from rustest.collect.registered_marks import RegisteredMarks

_NAMED_FILES = 5
"""So many of the files below a broken conftest are named, the rest counted."""
_COMMON_MARKS = frozenset({"asyncio", "parametrize"})


Wants = Callable[[str], bool]
"""Whether anybody wants what a file of that node id holds."""
Watch = Callable[[int, int], None]
"""Hears before each file how many there were before it, of how many."""


def collect(
    settings: Settings,
    wants: Wants | None = None,
    importer: Importer | None = None,
    hooks: Hooks = NO_HOOKS,
    watch: Watch | None = None,
) -> Collection:
    """Find, import and read the test files that the settings name; what cannot be read becomes a problem.

    With `wants`, of the files of which no test is named only those that it wants. `watch` hears how far it is.

    Leaves `sys.path` and `sys.modules` as the tests need them. Raises UsageError for a path that does not exist; what
    node ids name in a file is told to the planner, for their fixtures' params are part of them.
    """
    discovery = discover(settings)
    prepend_paths(settings)
    collector = _Collector(settings, discovery.problems, importer or Importer(settings), hooks)
    files = [file for file in discovery.files if wants is None or file.names or wants(file.file)]
    others = collector.others(discovery, wants, hooks.every_file())
    found = sorted((*files, *others), key=lambda file: discovery.rank(file.path)) if others else files
    with rewriting_files([wanted.path for wanted in files if wanted.is_test]):
        number = 0
        for wanted in found:
            if watch is not None and wanted.is_named:
                watch(number, len(files))
            number += wanted.is_named
            collector.add(wanted)
    collector.add_late(discovery, wants, others)
    return collector.collection()._replace(passed_over=len(discovery.files) - len(files))


class _Collector:
    def __init__(self, settings: Settings, problems: tuple[Problem, ...], importer: Importer, hooks: Hooks) -> None:
        self._rootdir = settings.rootdir
        self._rules = make_rules(settings)
        self._markers, self._strict_markers = settings.markers, settings.strict_markers
        self._registered: RegisteredMarks | None = None
        self._hooks = hooks
        self._importer = importer
        self._conftests = Conftests(settings, importer, hooks)
        self._items: list[Item] = []
        self._fixtures: list[FixtureDef] = []
        self._problems = list(problems)
        self._skipped: list[SkippedFile] = []
        self._wanted: list[Wanted] = []
        self._files: list[str] = []
        self._broken: dict[str, tuple[Problem, list[str]]] = {}
        """By conftest its problem, and the test files that are not run because of it."""

    def others(self, discovery: Discovery, wants: Wants | None, paths: Iterable[str]) -> list[WantedFile]:
        """The files among these that are none of those that were found, and of which a hook may make something."""
        known = {wanted.path for wanted in discovery.files}
        named = ((path, node_path(path, self._rootdir)) for path in paths if path not in known)
        return [
            WantedFile(path, file, frozenset(), is_test=False, is_read=False, is_named=False)
            for path, file in named
            if wants is None or wants(file)
        ]

    def add(self, wanted: WantedFile) -> None:
        surroundings = self._conftests.enter(os.path.dirname(wanted.path))
        if surroundings.is_ignored or self._hooks.ignores(wanted.path):
            return
        match surroundings.obstacle:
            case Problem() as broken:
                self._broken.setdefault(broken.where, (broken, []))[1].extend((wanted.file,) * wanted.is_named)
            case SkippedFile(reason=reason):
                self._skipped += (SkippedFile(wanted.file, reason),) * wanted.is_named
            case None:
                self._add_as_read(wanted, surroundings.fixtures)

    def _add_as_read(self, wanted: WantedFile, fixtures: tuple[FixtureDef, ...]) -> None:
        """Add a file, for what hooks have it read for, too; raises UsageError where nobody reads one that is named."""
        if wanted.is_test and not wanted.is_text:
            self._add_file(wanted, fixtures)
            return
        reading = self._hooks.reading(wanted.path)
        if wanted.is_read or any(reading):
            is_read = wanted.is_read or reading.tests or reading.examples
            with rewriting_files([wanted.path] if reading.tests else []):
                self._add_file(wanted._replace(is_test=wanted.is_test or reading.tests, is_read=is_read), fixtures)
        elif wanted.is_named:
            raise UsageError(f"{wanted.file} is not a Python file: tests are collected from files that end in .py")

    def _add_file(self, wanted: WantedFile, fixtures: tuple[FixtureDef, ...]) -> None:
        if wanted.is_read and not wanted.is_text:
            self._import(wanted, fixtures)
            return
        self._files.append(wanted.file)
        doctests = self._doctests(wanted, None) if wanted.is_read else ()
        self._read(self._hooks.harvested(NO_HARVEST, wanted.path, fixtures, None), wanted, fixtures, doctests)

    def add_late(self, discovery: Discovery, wants: Wants | None, others: Sequence[WantedFile]) -> None:
        """Add what hooks read that came to light on the way, and what they would collect in vain."""
        known, before = {wanted.path for wanted in (*discovery.files, *others)}, len(self._items)
        for found in self._hooks.late_files(discovery.conftests):
            if isinstance(found, Problem):
                self._problems.append(found)
            elif found not in known:
                for wanted in self.others(discovery, wants, (found,)):
                    self.add(wanted)
        if len(self._items) > before > 0:
            self._items.sort(key=lambda item: discovery.rank(os.path.join(self._rootdir, item.function.file)))

    def _import(self, wanted: WantedFile, fixtures: tuple[FixtureDef, ...]) -> None:
        if wanted.is_test:
            self._hooks.before_import(wanted.path)
        module = self._importer.import_file(wanted.path)
        if isinstance(module, Problem):
            self._problems.append(module)
        elif isinstance(module, SkippedFile):
            self._skipped.append(module)
        else:
            self._files.append(wanted.file)
            self._hooks.add_module(module, wanted.path, is_test=wanted.is_test)
            found = self._harvest(module, wanted) if wanted.is_test else NO_HARVEST
            found = self._hooks.harvested(found, wanted.path, fixtures, module)
            self._read(found, wanted, fixtures, self._doctests(wanted, module))

    def _harvest(self, module: ModuleType, wanted: WantedFile) -> Harvest:
        return harvest(module, wanted.file, self._rootdir, self._rules, self._hooks.name_value)

    def _doctests(self, wanted: WantedFile, module: ModuleType | None) -> Sequence[TestFunction | Problem]:
        """The examples in a text, or in a module's docstrings, as tests."""
        if module is not None and wanted.is_test and not self._reads_docstrings(wanted.path):
            return ()
        from rustest.collect.doctests import docstring_tests, text_tests

        if module is None:
            return text_tests(wanted.path, wanted.file, self._rules)
        return docstring_tests(module, wanted.file, self._rules)

    def _reads_docstrings(self, test_file: str) -> bool:
        return self._rules.reads_docstrings or self._hooks.reading(test_file).examples

    def _read(
        self,
        found: Harvest,
        wanted: WantedFile,
        fixtures: tuple[FixtureDef, ...],
        doctests: Sequence[TestFunction | Problem],
    ) -> None:
        if (unknown := self._check_marks(wanted, found)) is not None:
            self._problems.append(unknown)
            return
        if wanted.names:
            self._wanted.append(Wanted(wanted.file, wanted.names))
        visible = self._hooks.fixtures() + fixtures + found.fixtures
        self._problems += found.problems
        self._skipped += found.skipped
        self._fixtures += found.fixtures
        functions = self._hooks.generate(found.functions, visible)
        expanded = expand((*doctests, *functions) if doctests else functions, visible, self._rules.empty, self._hooks)
        self._items += expanded.items
        self._problems += expanded.problems

    def _check_marks(self, wanted: WantedFile, found: Harvest) -> Problem | None:
        """Look for marks that nobody knows; most files have none, or only those that everybody has."""
        names = {mark.name for function in found.functions for mark in function.marks}
        if names <= _COMMON_MARKS:
            return None
        if self._registered is None:
            from rustest.collect.registered_marks import RegisteredMarks

            self._registered = RegisteredMarks(self._markers)
        if self._strict_markers:
            return self._registered.find_unknown(wanted.file, found.functions)
        try:
            self._registered.warn_of_misspelt(wanted.path, found.functions)
        except CollectError as error:
            return problem_of(error, wanted.file)
        return None

    def collection(self) -> Collection:
        broken = (_name_files(problem, files) for problem, files in self._broken.values())
        return Collection(
            tuple(self._items),
            (*self._conftests.fixtures, *self._fixtures),
            (*broken, *self._problems),
            tuple(self._skipped),
            tuple(self._wanted),
            tuple(self._files),
        )


def _name_files(problem: Problem, files: list[str]) -> Problem:
    """The problem of a conftest, which also says what is not run because of it."""
    if not files:
        return problem
    named = ", ".join(files[:_NAMED_FILES])
    more = f" and {len(files) - _NAMED_FILES} more" if len(files) > _NAMED_FILES else ""
    return problem._replace(failure=problem.failure.noting(f"not run because of this: {named}{more}"))
