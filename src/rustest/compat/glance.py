"""A cheap look at test files: do they import pytest? Nothing is imported and nothing parsed."""

import os
from collections.abc import Iterable, Iterator

from rustest.collect.discover import discover
from rustest.model.settings import Settings

_IMPORT = (
    rb"(?m)^[ \t]*(?:import|from)[ \t]+(?:[\w., \t]*,[ \t]*)?(?:pytest|_pytest|pytest_asyncio|anyio\.pytest_plugin)\b"
)


def uses_pytest(settings: Settings) -> bool:
    """Whether a test file of that run, or a conftest above one, imports pytest; the first that does ends the search.

    Raises UsageError for a path that does not exist.
    """
    discovery = discover(settings)
    files = [wanted.path for wanted in discovery.files if wanted.is_test or not wanted.is_read]
    others = () if files else discovery.conftests  # whose hooks may collect what rustest does not
    return any(_imports_pytest(path) for path in (*files, *_conftests(files, settings.rootdir), *others))


def _imports_pytest(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        return False
    if b"pytest" not in source:
        return False
    import re

    return re.search(_IMPORT, source) is not None


def _conftests(files: Iterable[str], rootdir: str) -> Iterator[str]:
    seen: set[str] = set()
    for file in files:
        folder = os.path.dirname(file)
        while folder not in seen:
            seen.add(folder)
            yield os.path.join(folder, "conftest.py")
            if folder == rootdir:
                break
            folder = os.path.dirname(folder)
