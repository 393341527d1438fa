"""Turns of trio's runs in one thread: what trio believes to be running there is put in place for each, and aside after.

Trio keeps in a variable of the thread which run it is in, for it has one run a thread. A guest run needs that only
while it makes a step. So between steps the thread belongs to nobody, and any number of runs can take turns.
"""

# pyright: reportPrivateUsage=false
# Trio has no public name for this variable.

import sys
from collections.abc import Generator
from contextlib import contextmanager
from threading import local

from trio._core import _run

from rustest.model.hints import cast

_THREAD = cast("local | None", vars(_run).get("GLOBAL_RUN_CONTEXT"))
"""Where trio keeps it; should a version have it elsewhere, trio itself refuses a second run, and that is told."""


class Turns:
    """The turns of one run."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}
        self._hooks = sys.get_asyncgen_hooks()

    @contextmanager
    def taken(self) -> Generator[None, None, None]:
        """Let this run have the thread for the time of the block."""
        here = vars(_THREAD) if _THREAD is not None else {}
        outer, outer_hooks = dict(here), sys.get_asyncgen_hooks()
        _exchange(here, self._kept)
        sys.set_asyncgen_hooks(*self._hooks)
        try:
            yield
        finally:
            self._kept, self._hooks = dict(here), sys.get_asyncgen_hooks()
            _exchange(here, outer)
            sys.set_asyncgen_hooks(*outer_hooks)


def _exchange(here: dict[str, object], others: dict[str, object]) -> None:
    here.clear()
    here.update(others)
