"""A project in a folder of its own, collected in this process."""

from pathlib import Path
from textwrap import dedent

import pytest

from rustest.collect.collector import collect
from rustest.model.item import Collection, Problem
from rustest.model.settings import Settings


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: dict[str, str]) -> None:
        for name, source in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(source))

    def collect(self, *paths: str, **settings) -> Collection:
        return collect(Settings(rootdir=str(self.root), paths=paths, **settings))

    def ids(self, *paths: str, **settings) -> list[str]:
        collection = self.collect(*paths, **settings)
        assert collection.problems == ()
        return [item.id for item in collection.items]

    def problem(self, source: str, file: str = "test_it.py") -> Problem:
        """The one problem of a project with that one file."""
        self.write({file: source})
        (problem,) = self.collect().problems
        return problem


@pytest.fixture
def project(imports_undone) -> Project:
    return Project(imports_undone)
