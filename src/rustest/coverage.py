"""Coverage: which lines of the project the tests have run, measured by coverage.py in every process of a run."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rustest.model.errors import UsageError
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from coverage import Coverage

_MISSING = "--cov needs coverage.py: pip install 'rustest[cov]'"
_PREFIX = "measured"
_MEASURING: "list[Coverage]" = []
"""What measures in this process, or did in the one from which it was forked."""


@contextmanager
def coverage(settings: Settings, stream: TextIO | None) -> Generator[str]:
    """Measure what runs in the block, add up what all processes have measured, and print a table of it.

    Gives the folder for what other processes measure; empty where nothing is to be measured. Raises UsageError where
    coverage.py is not there.
    """
    if not settings.cov:
        yield ""
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="rustest-coverage-") as folder:
        with measured(settings.cov, folder):
            yield folder
        _sum_up(settings, folder, stream)


@contextmanager
def measured(sources: tuple[str, ...], folder: str) -> Generator[None]:
    """Measure what this process runs in the block, and leave it in that folder; nothing without a folder."""
    if not folder:
        yield
        return
    while _MEASURING:  # in a forked process, by the one before
        _MEASURING.pop().stop()
    measuring = _coverage()(data_file=f"{folder}/{_PREFIX}", data_suffix=True, source=list(sources), messages=False)
    _MEASURING.append(measuring)
    measuring.start()
    try:
        yield
    finally:
        measuring.stop()
        measuring.save()
        _MEASURING.remove(measuring)


def _coverage() -> "type[Coverage]":
    try:
        from coverage import Coverage
    except ImportError:
        raise UsageError(_MISSING) from None
    return Coverage


def _sum_up(settings: Settings, folder: str, stream: TextIO | None) -> None:
    """Leave the sum where coverage.py looks for it, so that its own commands can tell more."""
    from coverage.exceptions import CoverageException

    total = _coverage()(source=list(settings.cov), messages=False)
    try:
        total.combine([os.path.join(folder, name) for name in os.listdir(folder)])
        total.save()
        if stream is not None and not settings.llm:
            total.report(file=stream)
    except CoverageException as error:
        if stream is not None:
            stream.write(f"coverage: {error}\n")
