"""`tmpdir` and `tmpdir_factory`: the folders of `tmp_path`, as paths of the older kind."""

from pathlib import Path

from rustest.authoring.fixture import fixture
from rustest.builtin_fixtures.temp_folders import TempPathFactory
from rustest.model.local_path import LocalPath


@fixture
def tmpdir(tmp_path: Path) -> LocalPath:
    """The test's own empty folder, the same as `tmp_path`."""
    return LocalPath(tmp_path)


@fixture(scope="session")
def tmpdir_factory(tmp_path_factory: TempPathFactory) -> "TempdirFactory":
    """Makes temporary folders for fixtures of any scope, as `tmp_path_factory` does."""
    return TempdirFactory(tmp_path_factory)


class TempdirFactory:
    """Makes folders below the run's base folder."""

    def __init__(self, factory: TempPathFactory) -> None:
        self._factory = factory

    def mktemp(self, basename: str, numbered: bool = True) -> LocalPath:
        """A new folder of that name, numbered unless told otherwise."""
        return LocalPath(self._factory.mktemp(basename, numbered))

    def getbasetemp(self) -> LocalPath:
        """The run's base folder."""
        return LocalPath(self._factory.getbasetemp())
