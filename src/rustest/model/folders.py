"""The folders of the paths that a command line names, and those above them."""

import os
from collections.abc import Iterable, Iterator, Sequence

from rustest.model.ids import SEPARATOR


def folders_of(paths: Iterable[str]) -> list[str]:
    """The folder of each path, or node id, that exists: itself where it is one, else the one it stands in; absolute."""
    files = (os.path.abspath(path.partition(SEPARATOR)[0]) for path in paths)
    return [file if os.path.isdir(file) else os.path.dirname(file) for file in files if os.path.exists(file)]


def common_folder(folders: Sequence[str]) -> str:
    """The deepest folder that holds all of these; the current one where there are none."""
    return os.path.commonpath(folders) if folders else os.getcwd()


def upward(folder: str) -> Iterator[str]:
    """The folder and all above it, the nearest first."""
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield (folder := above)
