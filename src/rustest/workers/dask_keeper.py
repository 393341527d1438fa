"""The keeper of workers on a Dask cluster: each is asked in turn through Dask, by a thread of its own on this side.

The run sees a channel and a record, as of any worker: the thread passes on what comes through either.
"""

import os
import pickle
import signal
import socket
import time
from collections import Counter
from contextlib import suppress
from threading import Thread
from typing import TypeVar

from rustest.model.errors import UsageError
from rustest.workers.dask_cluster import Actor, Answer, Client, Future, join_cluster
from rustest.workers.keeper import Hands
from rustest.workers.outpost import Outpost
from rustest.workers.recorder import enter_excerpt, enter_fault, enter_whole, new_record
from rustest.workers.work import Assignment

_A_WHILE = 0.05
"""Seconds for which a worker is listened to before it is asked whether it has something to be told."""
_PATIENCE = 2.0
"""Seconds without an answer, after which to look whether the Dask worker is still there."""
_RETURN = 10.0
"""Seconds for which to wait for a Dask worker where there is none any more."""
_CHUNK = 1 << 16

_Value = TypeVar("_Value")


class DaskKeeper:
    """Has workers started on a cluster, and buries them."""

    def __init__(self, assignment: Assignment, address: str) -> None:
        settings = assignment.settings
        self._address = address
        self._client = join_cluster(address, settings.rootdir)
        settings = settings._replace(
            workers=settings.workers or len(self._client.nthreads()), basetemp=None, strict=dict(settings.strict)
        )
        self.assignment = assignment._replace(settings=settings, folder=os.getcwd())
        self._links: dict[int, Link] = {}

    def start(self, number: int) -> Hands:
        """Have a worker started where the fewest are; raises UsageError where no Dask worker is left."""
        address = self._choose()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        record = new_record()
        link = Link(self._client, address, theirs, record)
        self._links[number] = link
        link.start(self.assignment, number)
        return Hands(number, ours, record, link.signals.add)

    def _choose(self) -> str:
        """The Dask worker that has the fewest of ours; where all are gone, one may come back that a nanny restarts."""
        busy = Counter(link.address for link in self._links.values())
        until = time.monotonic() + _RETURN
        while not (addresses := self._client.nthreads()):
            if time.monotonic() > until:
                raise UsageError(f"--dask: no worker is left at {self._address}; start some, and run the tests again")
            time.sleep(_A_WHILE)
        return min(addresses, key=lambda address: (busy[address], address))

    def bury(self, hands: Hands) -> int:
        """The exit status of a worker that has closed its channel, or minus the signal."""
        link = self._links.pop(hands.pid)
        link.join()
        hands.channel.close()
        os.close(hands.record)
        return link.status

    def dismiss(self) -> None:
        """Leave the cluster, which lets go of all workers that are left."""
        for link in self._links.values():
            link.is_over = True
            link.join()
        self._client.close()


class _LostError(Exception):
    """A Dask worker is gone."""


class Link:
    """What joins one worker on the cluster to its channel and its record here."""

    def __init__(self, client: Client, address: str, channel: socket.socket, record: int) -> None:
        self.address = address
        self.signals: set[int] = set()
        """What the worker is still to be sent."""
        self.status = -signal.SIGKILL
        self.is_over = False
        """Whether the run has ended."""
        self._client = client
        self._channel = channel
        self._record = record
        self._future: Future | None = None

    def start(self, assignment: Assignment, number: int) -> None:
        """Have the worker started, and pass on from now on what it and the run have to say."""
        now = time.monotonic()
        self._future = self._client.submit(
            Outpost,
            pickle.dumps(assignment),
            number,
            now - assignment.began,
            now - assignment.run_began,
            actor=True,
            pure=False,
            workers=[self.address],
        )
        self._thread = Thread(target=self._go, args=(self._future,), name=f"rustest-dask-{number}", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the thread's end."""
        self._thread.join()

    def _go(self, future: Future) -> None:
        try:
            self._pass_on(self._patiently(future))
        except Exception as error:  # whatever Dask raises where a worker goes away in the middle of a call
            reason = "" if isinstance(error, _LostError) else f": {error!r}"
            enter_fault(self._record, f"the Dask worker at {self.address} was lost{reason}\n")
        finally:
            future.release()
            self._channel.close()

    def _pass_on(self, actor: Actor) -> None:
        while not self.is_over:
            signals = tuple(self.signals)
            self.signals.difference_update(signals)
            heard = self._patiently(actor.exchange(self._take(), signals, _A_WHILE))
            if heard.status is not None:
                enter_whole(self._record, heard.record)
                self.status = heard.status
                return
            self._channel.sendall(heard.data)
            enter_excerpt(self._record, heard.record)

    def _take(self) -> bytes:
        """What the run has to say by now."""
        with suppress(BlockingIOError):
            return self._channel.recv(_CHUNK, socket.MSG_DONTWAIT)
        return b""

    def _patiently(self, answer: Answer[_Value]) -> _Value:
        """Wait for an answer as long as the Dask worker is there."""
        while True:
            try:
                return answer.result(_PATIENCE)
            except TimeoutError:
                if self.is_over or self.address not in self._client.nthreads():
                    raise _LostError from None
