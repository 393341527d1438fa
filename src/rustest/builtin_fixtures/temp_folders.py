"""`tmp_path` and `tmp_path_factory`: folders for what tests write."""

import os
import re
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

from rustest.authoring.fixture import fixture
from rustest.builtin_fixtures.base_folder import KEPT, emptied_base, numbered_base
from rustest.model.hints import cast
from rustest.model.request import Request

_NAME_LENGTH = 30
"""So much of a test's name stands in the name of its folder: paths have a limit."""


@fixture(scope="session")
def tmp_path_factory(request: Request) -> Generator["TempPathFactory"]:
    """Makes temporary folders, also for fixtures of wider scopes."""
    asked = request.config.getoption("basetemp")
    with ExitStack() as cleaning:
        kept = cast("int", request.config.getoption("tmp_path_retention_count"))
        yield TempPathFactory(Path(asked) if isinstance(asked, str) else None, cleaning, kept)


@fixture
def tmp_path(request: Request, tmp_path_factory: "TempPathFactory") -> Path:
    """An empty folder of the test's own, named after it; the folders of the last three runs are kept."""
    name = re.sub(r"\W", "_", request.node.name)[:_NAME_LENGTH]
    return tmp_path_factory.mktemp(name)


class TempPathFactory:
    """Makes folders below one base folder, which is made when it is first needed."""

    def __init__(self, given: Path | None, cleaning: ExitStack, kept: int = KEPT) -> None:
        self._given = given
        self._kept = kept
        self._cleaning = cleaning
        self._base: Path | None = None
        self._made = Counter[str]()

    def getbasetemp(self) -> Path:
        """The base folder: that of `--basetemp`, or else a new one of this run's own."""
        if self._base is None:
            new = self._cleaning.enter_context
            self._base = emptied_base(self._given) if self._given is not None else new(numbered_base(self._kept))
        return self._base

    def mktemp(self, basename: str, numbered: bool = True) -> Path:
        """Make a folder of that name in the base folder, with a number after it unless `numbered` is false.

        Raises ValueError where the name leads out of the base folder, and FileExistsError where a folder without a
        number is there already.
        """
        if os.path.normpath(basename) != basename or basename in (".", "..") or os.path.basename(basename) != basename:
            raise ValueError(f"basename is one plain name, not {basename!r}")
        return self._make_numbered(basename) if numbered else self._make(basename)

    def _make_numbered(self, basename: str) -> Path:
        while True:
            number = self._made[basename]
            self._made[basename] += 1
            try:
                return self._make(f"{basename}{number}")
            except FileExistsError:  # by another name that ends with a number, or another process of this run
                continue

    def _make(self, name: str) -> Path:
        folder = self.getbasetemp() / name
        folder.mkdir(mode=0o700)
        return folder
