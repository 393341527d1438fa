"""Turns of trio's runs in one thread: what trio believes to be running there is put in place for each, and aside after.

Trio keeps in a variable of the thread which run it is in, for it has one run a thread. A guest run needs that only
while it makes a step. So between steps the thread belongs to nobody, and any number of runs can take turns. At the end
of a step a run may ask for a thread that waits for it; it gets what waits otherwise.
"""

# pyright: reportPrivateUsage=false
# Trio has no public names for this variable, and for what it calls to wait.

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import local

from trio._core import _run

from rustest.model.hints import cast
from rustest.run.guest.nested_wait import Deliver, GetEvents

_NAMES = cast("dict[str, object]", vars(_run))
_THREAD = cast("local | None", _NAMES.get("GLOBAL_RUN_CONTEXT"))
"""Where trio keeps it; should a version have it elsewhere, trio itself refuses a second run, and that is told."""
_START_THREAD = "start_thread_soon"


class Turns:
    """The turns of one run."""

    def __init__(self, wait: Callable[[GetEvents, Deliver], None]) -> None:
        self._wait = wait
        self._kept: dict[str, object] = {}
        self._hooks = sys.get_asyncgen_hooks()

    @contextmanager
    def taken(self) -> Generator[None, None, None]:
        """Let this run have the thread for the time of the block."""
        here = vars(_THREAD) if _THREAD is not None else {}
        outer, outer_hooks, start_thread = dict(here), sys.get_asyncgen_hooks(), _NAMES.get(_START_THREAD)
        _NAMES[_START_THREAD] = self._wait
        _exchange(here, self._kept)
        sys.set_asyncgen_hooks(*self._hooks)
        try:
            yield
        finally:
            self._kept, self._hooks = dict(here), sys.get_asyncgen_hooks()
            _exchange(here, outer)
            sys.set_asyncgen_hooks(*outer_hooks)
            _NAMES[_START_THREAD] = start_thread


def _exchange(here: dict[str, object], others: dict[str, object]) -> None:
    here.clear()
    here.update(others)
