"""Places: where in the user's files a failure is to be shown."""

import os

from rustest.model.failure import Failure, Frame
from rustest.model.ids import SEPARATOR


def file_of(node_id: str, rootdir: str) -> str:
    """The absolute path of a test's file."""
    return os.path.join(rootdir, node_id.partition(SEPARATOR)[0])


def innermost(failure: Failure, file: str) -> Frame | None:
    """The innermost line in that file, or else the innermost of all; None where none is known."""
    frames = [frame for frame in failure.frames if frame.file == file] or failure.frames
    return frames[-1] if frames else None


def below(folder: str, file: str) -> str:
    """The file's path below the folder, with forward slashes; as it is where it lies elsewhere."""
    for path, base in ((file, folder), (resolved(file), resolved(folder))):
        prefix = base.rstrip(os.sep) + os.sep
        if path.startswith(prefix):
            return path.removeprefix(prefix).replace(os.sep, "/")
    return file


def resolved(path: str) -> str:
    """The path without symbolic links; as it is where no path can be so: code may say that it is from anywhere."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return path


def source_of(frame: Frame) -> str:
    """The line of source; empty where it cannot be read."""
    from linecache import getline

    try:
        return getline(frame.file, frame.line).strip()
    except ValueError:  # no path can be so
        return ""
