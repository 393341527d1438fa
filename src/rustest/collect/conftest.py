"""conftest.py files: imported from the root folder downwards, before the tests below them."""

import os
import sys

from rustest.collect.discover import is_below, node_path
from rustest.collect.errors import CollectError, problem_of
from rustest.collect.fixtures import fixtures_in
from rustest.collect.importer import Importer, is_package
from rustest.model.fixtures import FixtureDef
from rustest.model.hooks import NO_HOOKS, Hooks
from rustest.model.item import Problem, SkippedFile
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings

_NAME = "conftest"


class Surroundings(NamedTuple):
    """What the conftest files from the root folder down to a folder give to the test files in it."""

    fixtures: tuple[FixtureDef, ...] = ()
    obstacle: Problem | SkippedFile | None = None
    """The conftest that keeps these test files from being collected, by failing or by skipping them."""
    is_ignored: bool = False
    """Whether a hook leaves out all that stands there."""
    nearest: str | None = None
    """The path of the nearest conftest that stands outside of packages, and so is imported as `conftest`."""


class Conftests:
    """Every conftest.py of the tree that is needed, each imported once."""

    def __init__(self, settings: Settings, importer: Importer, hooks: Hooks = NO_HOOKS) -> None:
        self._rootdir = settings.rootdir
        self._top = os.path.abspath(settings.confcutdir) if settings.confcutdir else settings.rootdir
        """The folder above which no conftest counts."""
        self._is_off = settings.noconftest
        self._importer = importer
        self._hooks = hooks
        self._known: dict[str, Surroundings] = {}
        self.fixtures: list[FixtureDef] = []
        """All that were found so far, the outer folders' first."""

    def enter(self, folder: str) -> Surroundings:
        """Import what is missing for the tests of that folder, and let `import conftest` mean the nearest there."""
        surroundings = self._surround(folder)
        if surroundings.nearest:
            sys.modules[_NAME] = self._importer.module(surroundings.nearest)
        return surroundings

    def _surround(self, folder: str) -> Surroundings:
        surroundings = self._known.get(folder)
        if surroundings is None:
            surroundings = self._known[folder] = self._read(folder)
        return surroundings

    def _read(self, folder: str) -> Surroundings:
        if self._is_off or not is_below(folder, self._top):
            return Surroundings()
        outer = Surroundings() if folder == self._top else self._surround(os.path.dirname(folder))
        path = os.path.join(folder, f"{_NAME}.py")
        if not (outer.obstacle or outer.is_ignored) and self._hooks.ignores(folder):
            return outer._replace(is_ignored=True)
        if outer.obstacle or outer.is_ignored or not os.path.isfile(path):
            return outer
        return self._extend(outer, folder, path)

    def _extend(self, outer: Surroundings, folder: str, path: str) -> Surroundings:
        module = self._importer.import_file(path)
        if isinstance(module, Problem | SkippedFile):
            return outer._replace(obstacle=module)
        self._hooks.add_conftest(module, path)
        try:
            place = node_path(folder, self._rootdir) if is_below(folder, self._rootdir) else ""
            own = fixtures_in(module, place, self._rootdir, self._hooks.name_value)
        except CollectError as error:
            return outer._replace(obstacle=problem_of(error, node_path(path, self._rootdir)))
        self.fixtures.extend(own)
        return outer._replace(fixtures=outer.fixtures + own, nearest=outer.nearest if is_package(folder) else path)
