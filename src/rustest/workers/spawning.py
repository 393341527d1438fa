"""Workers that are started from scratch: each a fresh interpreter that collects and plans for itself.

That takes the time of collecting once more, but works where collecting has started threads: a process that has some
cannot safely be forked.
"""

import copyreg
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import NoReturn, cast

from rustest.model.errors import UsageError
from rustest.model.plan import Plan
from rustest.model.worker_names import Seat, worker_name
from rustest.output.routing import Routing
from rustest.workers.channel import pack, receive
from rustest.workers.keeper import ENDS, Keeper, Place, go_on, ignore_ends, put_off_ends
from rustest.workers.work import Assignment, Work
from rustest.workers.worker import Worker, end_process

_PROGRAM = "import sys; sys.path[:] = {!r}; from rustest.{} import {} as serve; serve(*map(int, sys.argv[1:]))"


def spawn_keeper(assignment: Assignment) -> Keeper:
    """Start a keeper whose workers are fresh interpreters; UsageError for settings that cannot be handed over."""
    copyreg.pickle(MappingProxyType, _reduce)
    try:
        greeting = pack(assignment)
    except Exception as error:  # whatever pickle raises for a function that has no name to be found by
        raise UsageError(
            f"these settings cannot be handed to workers that are spawned: {error}; name the loop_factory by a text"
        ) from error
    ours, theirs = socket.socketpair()
    with theirs:
        return Keeper(ours, _spawn("workers.spawning", "keep", (theirs.fileno(),), blocked=ENDS), greeting)


def _reduce(read_only: MappingProxyType[str, object]) -> tuple[type, tuple[dict[str, object]]]:
    """How pickle, which has no way of its own, writes a mapping that nobody may change: as a plain one."""
    return dict, (dict(read_only),)


def keep(line: int) -> None:
    """The keeper's life."""
    ignore_ends()
    go_on(socket.socket(fileno=line), _spawn_worker)


def _spawn_worker(place: Place) -> int:
    return _spawn("session", "serve_session", (place.channel.fileno(), place.record), place.number)


def _spawn(
    module: str, function: str, descriptors: Sequence[int], *numbers: int, blocked: Sequence[signal.Signals] = ()
) -> int:
    """Start an interpreter as this one is, that calls the function with the descriptors and numbers.

    It begins with these signals blocked, and no others.
    """
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)
    flags = cast("list[str]", subprocess._args_from_interpreter_flags())  # type: ignore[attr-defined] # as multiprocessing does
    program = _PROGRAM.format(sys.path, module, function)
    command = [sys.executable, *flags, "-c", program, *map(str, (*descriptors, *numbers))]
    return os.posix_spawn(
        sys.executable,
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)],
        setsigmask=blocked,
    )


class Post:
    """Where a spawned worker stands: it learns what the run is, and joins it with its own plan."""

    def __init__(self, channel: int, record: int, number: int) -> None:
        put_off_ends()
        for descriptor in (channel, record):
            os.set_inheritable(descriptor, False)  # what tests start is to know nothing of them
        self._channel = socket.socket(fileno=channel)
        self._record = record
        self._number = number
        self.assignment = cast("Assignment", receive(self._channel))
        self.seat = Seat(worker_name(number), self.assignment.settings.workers or 0)

    def serve(self, plan: Plan, routing: Routing) -> None:
        """Run what this worker is told to, of that plan."""
        work = Work(plan, routing, self.assignment)
        Worker(work, self._number, self._channel, self._record).serve()

    def leave(self) -> NoReturn:
        """End the process."""
        end_process()
