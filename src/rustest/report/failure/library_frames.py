"""Frames of libraries that stand in a row: what your code called and what raised is shown, the way between counted."""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby

from rustest.model.failure import HOME, Frame
from rustest.model.frames import is_librarys
from rustest.report.messages import enumerated

_FEW = 3
"""How many in a row are shown one by one."""
_INSTALLED = ("site-packages", "dist-packages")
_SOURCES = ("", "src")


def without_the_way(told: Sequence[int | str], frames: Sequence[Frame], rootdir: str) -> Iterator[int | str]:
    """What is told, with a sentence for the middle of long rows; all where rustest's own frames are wanted, too."""
    if any(frame.locals or frame.file.startswith(HOME) for frame in frames):
        yield from told
        return
    for is_foreign, run in groupby(told, lambda part: isinstance(part, int) and _is_foreign(frames[part], rootdir)):
        row = list(run)
        if not is_foreign or len(row) <= _FEW:
            yield from row
            continue
        between = [frames[part] for part in row[1:-1] if isinstance(part, int)]
        names = dict.fromkeys(name for frame in between if (name := _package(frame.file)))
        of = f" of {enumerated([*names], _FEW)}" if names else ""
        yield from (row[0], f"... {len(between)} frames{of} ...", row[-1])


def _is_foreign(frame: Frame, rootdir: str) -> bool:
    """Whether it is a library's, and not of the project's own package that is installed."""
    package = _package(frame.file)
    own = (os.path.join(rootdir, source, package) for source in _SOURCES)
    return is_librarys(frame.file) and not (rootdir and package and any(map(os.path.isdir, own)))


def _package(file: str) -> str:
    """The package or module that the file belongs to; empty where its path does not tell."""
    parts = file.split(os.sep)
    for folder in _INSTALLED:
        if folder in parts:
            return parts[parts.index(folder) + 1].removesuffix(".py")
    return "" if file.startswith("<") else parts[-1].removesuffix(".py")
