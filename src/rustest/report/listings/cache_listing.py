"""The listing of what earlier runs have left, for `--cache-show`."""

import os
from collections.abc import Iterator
from fnmatch import fnmatch

from rustest.model.cache_folder import FOLDERS, VALUES
from rustest.model.history import Ending, History
from rustest.report.messages import count, indent


def list_cache(folder: str, history: History, pattern: str) -> Iterator[str]:
    """The values and files of the fixture `cache` whose paths match, and in short what is known of the tests."""
    yield f"the cache folder is {folder}"
    if not os.path.isdir(folder):
        yield "there is nothing in it: no run has left anything yet"
        return
    failed = sorted(history.ended(Ending.BAD))
    yield f"{count(len(history.entries()), 'test')} remembered, {len(failed)} of them failed last time"
    yield from map(indent, failed)
    for name, path in _files(os.path.join(folder, VALUES), pattern):
        yield f"value {name}:"
        yield from map(indent, _text(path).splitlines())
    for name, path in _files(os.path.join(folder, FOLDERS), pattern):
        yield f"file {name}, {count(os.path.getsize(path), 'byte')}"


def _files(folder: str, pattern: str) -> Iterator[tuple[str, str]]:
    """The files below a folder whose paths from there match, each with its whole path, in order."""
    found = (os.path.join(base, name) for base, _, names in os.walk(folder) for name in names)
    for path in sorted(found):
        name = os.path.relpath(path, folder)
        if fnmatch(name, pattern):
            yield name, path


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
