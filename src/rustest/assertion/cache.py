"""Rewritten code, kept beside the bytecode that Python itself keeps.

The file's name says which version of Python and of the rewriter made it, its first bytes which source it was made of:
by time of change, in nanoseconds, and by size.
"""

import marshal
import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER, cache_from_source  # as importlib.util has them, at less cost
from collections.abc import Callable
from types import CodeType

from rustest.model.record import NamedTuple

VERSION = 4
"""To be raised with every change of what the rewriter makes."""


class Hidden(NamedTuple):
    """A test that never runs, as a later one of the same name takes its place."""

    name: str
    line: int
    by: int
    """The line of the later one."""


class Rewritten(NamedTuple):
    """A module's code, and the tests in it that are hidden by others."""

    code: CodeType
    hidden: tuple[Hidden, ...] = ()


def cache_path(source: str) -> str | None:
    """Where the code of that source is kept; None if this Python keeps no bytecode."""
    try:
        plain = cache_from_source(source, optimization="")
    except NotImplementedError:
        return None
    return f"{plain.removesuffix('.pyc')}-rustest-{VERSION}.pyc"


def stamp_of(source: str) -> bytes:
    """What the kept code must begin with to be that of the source as it is now."""
    stat = os.stat(source)
    return MAGIC_NUMBER + stat.st_mtime_ns.to_bytes(8, "little", signed=True) + stat.st_size.to_bytes(8, "little")


def load_code(source: str, stamp: bytes) -> Rewritten | None:
    """The code that is kept for the source; None if there is none, or not of this source, or it cannot be read."""
    path = cache_path(source)
    if path is None:
        return None
    try:
        content = _read_whole(path)
        return _decode(content, source) if content.startswith(stamp) else None
    except (OSError, EOFError, ValueError, TypeError):  # as from half a file, or from something else by this name
        return None


def _read_whole(path: str) -> bytes:
    """What the file holds: to `open` it would ask the system three times as much, for each file of each run."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _decode(content: bytes, source: str) -> Rewritten | None:
    code, hidden = marshal.loads(memoryview(content)[len(MAGIC_NUMBER) + 16 :])  # noqa: S302 # as Python does
    if not isinstance(code, CodeType) or code.co_filename != source:  # as it is not where the folder was moved
        return None
    return Rewritten(code, tuple(Hidden(*one) for one in hidden))


def store_code(rewritten: Rewritten, source: str, stamp: bytes, write: Callable[[str, bytes], None]) -> None:
    """Keep the code, unless Python is told to keep none; `write` puts up with a folder that is not writable."""
    path = cache_path(source)
    if path is not None and not sys.dont_write_bytecode:
        write(path, stamp + marshal.dumps((rewritten.code, tuple(map(tuple, rewritten.hidden)))))
