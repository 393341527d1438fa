"""An outpost: what stands on a Dask worker for the run, and has one of the run's workers beside it.

That one is a process of its own, as spawned workers are. So a test that crashes leaves the Dask worker alive, and it
ends when the Dask worker does.
"""

import os
import pickle
import select
import sys
import time
from typing import NamedTuple

from rustest.model.version import VERSION
from rustest.workers.recorder import read_excerpt, read_whole
from rustest.workers.spawning import spawn_keeper
from rustest.workers.work import Assignment

_CHUNK = 1 << 20


class Heard(NamedTuple):
    """What a worker has told since it was last listened to."""

    data: bytes
    record: bytes
    """An excerpt of its record, or all of it where the worker has ended."""
    status: int | None
    """Its exit status, or minus the signal, where it has ended."""


class Outpost:
    """A Dask actor: made and asked by the run, one call at a time."""

    def __init__(self, greeting: bytes, number: int, age: float, run_age: float) -> None:
        assignment: Assignment = pickle.loads(greeting)  # noqa: S301 -- from the run, by Dask's own pickle
        now = time.monotonic()  # which is another one on each machine
        self._keeper = spawn_keeper(assignment._replace(began=now - age, run_began=now - run_age))
        self._hands = self._keeper.start(number)

    def exchange(self, data: bytes, signals: tuple[int, ...], patience: float) -> Heard:
        """Pass on what the run has to say, and give what its worker has, after so many seconds at the most."""
        channel = self._hands.channel
        if data:
            channel.setblocking(True)
            channel.sendall(data)
            channel.setblocking(False)
        for number in signals:
            self._hands.signal(number)
        select.select([channel], [], [], patience)
        try:
            told = channel.recv(_CHUNK)
        except BlockingIOError:
            return Heard(b"", read_excerpt(self._hands.record), None)
        except ConnectionError:
            told = b""
        if told:
            return Heard(told, read_excerpt(self._hands.record), None)
        return self._bury()

    def _bury(self) -> Heard:
        record = read_whole(self._hands.record)
        status = self._keeper.bury(self._hands)
        self.end()
        return Heard(b"", record, status)

    def end(self) -> None:
        """Have the worker killed, if it still lives."""
        self._keeper.dismiss()

    def __del__(self) -> None:  # the run has ended without a word, and Dask lets go of its actors
        if "_keeper" in vars(self):
            self.end()


def look_around(folders: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """The versions of Python and of rustest on this machine, and which of the folders are missing."""
    python = ".".join(map(str, sys.version_info[:2]))
    return python, VERSION, tuple(folder for folder in folders if not os.path.isdir(folder))
