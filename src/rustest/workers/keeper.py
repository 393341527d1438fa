"""The keeper: a process that does nothing but start workers, and bury them.

A process may only be forked while it has one thread. The run soon has more: one draws live lines, one listens to the
keyboard. So the keeper is forked before those, and forks the workers, later also those that take the place of dead
ones. It ends with the run, however that ends, and takes all workers with it.
"""

import gc
import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from struct import Struct
from types import FrameType
from typing import NamedTuple, NoReturn, Protocol

from rustest.run.stops.interrupts import is_free
from rustest.workers.recorder import new_record

_COMMAND = Struct("!cI")
_ANSWER = Struct("!i")
_START, _BURY = b"s", b"b"
ENDS = (signal.SIGINT, signal.SIGTERM)
_WAIT = 2.0
"""Seconds that a worker has to end after it has closed its channel."""

Serve = Callable[[int, socket.socket, int], None]
"""A worker's life: its number, its channel and its record."""


class Hands(NamedTuple):
    """A worker, as the run holds it."""

    pid: int
    channel: socket.socket
    record: int
    signal: Callable[[int], object]
    """Sends it a signal."""


class Employer(Protocol):
    """Has workers started, wherever they are."""

    def start(self, number: int) -> Hands:
        """Have a worker started."""
        ...

    def bury(self, hands: Hands) -> int:
        """Wait for the end of a worker that has closed its channel; its exit status, or minus the signal."""
        ...

    def dismiss(self) -> None:
        """Let all workers go that are left."""
        ...


class Keeper:
    """The run's end of the line to the keeper."""

    def __init__(self, line: socket.socket, pid: int, greeting: bytes = b"") -> None:
        self._line = line
        self._pid = pid
        self._greeting = greeting
        """What each worker is told first."""

    def start(self, number: int) -> Hands:
        """Have a worker started; raises ChildProcessError where that cannot be."""
        self._line.sendall(_COMMAND.pack(_START, number))
        answer, descriptors, _, _ = socket.recv_fds(self._line, _ANSWER.size, 2)
        if not descriptors:
            raise ChildProcessError("the process that starts workers has died")
        channel = socket.socket(fileno=descriptors[0])
        with suppress(OSError):  # it has died already
            channel.sendall(self._greeting)
        channel.setblocking(False)
        pid = int(_ANSWER.unpack(answer)[0])
        return Hands(pid, channel, descriptors[1], partial(_send_signal, pid))

    def bury(self, hands: Hands) -> int:
        """Wait for the end of a worker that has closed its channel; its exit status, or minus the signal."""
        self._line.sendall(_COMMAND.pack(_BURY, hands.pid))
        answer = self._line.recv(_ANSWER.size)
        hands.channel.close()
        os.close(hands.record)
        if len(answer) < _ANSWER.size:
            raise ChildProcessError("the process that starts workers has died")
        return int(_ANSWER.unpack(answer)[0])

    def dismiss(self) -> None:
        """Let the keeper go, and all workers that are left."""
        self._line.close()
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _send_signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def fork_keeper(serve: Serve) -> Keeper:
    """Fork the keeper, whose workers are forked from it; only while this process has one thread."""
    ours, theirs = socket.socketpair()
    start = _forking(serve, theirs, signal.getsignal(signal.SIGTERM))
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        theirs.close()
        return Keeper(ours, pid)
    try:
        ours.close()
        ignore_ends()
        gc.freeze()  # what was collected stays shared with the workers, as long as nobody writes to it
        go_on(theirs, start)
    finally:
        os._exit(0)


class Place(NamedTuple):
    """What a worker is started with: the channel of its own, its record, and the run's end of the channel."""

    number: int
    channel: socket.socket
    record: int
    far_end: socket.socket


Start = Callable[[Place], int]


def _forking(serve: Serve, line: socket.socket, on_sigterm: object) -> Start:
    def start(place: Place) -> int:
        pid = os.fork()
        if not pid:
            line.close()
            place.far_end.close()
            _live(partial(serve, place.number, place.channel, place.record), on_sigterm)
        return pid

    return start


def _live(serve: Callable[[], None], on_sigterm: object) -> NoReturn:
    """Serve in a forked process, which must never come back to the code that it was forked from."""
    status = 70
    try:
        put_off_ends()
        if on_sigterm is not None and not is_free(on_sigterm):  # but for a handler of the user's
            signal.signal(signal.SIGTERM, on_sigterm)  # type: ignore[arg-type]
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the keyboard is the run's
        serve()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def ignore_ends() -> None:
    """Leave it to the run to heed Ctrl-C and SIGTERM: terminals and others send them to all processes at once.

    They are blocked until then.
    """
    for number in ENDS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)


def put_off_ends() -> None:
    """Do nothing for Ctrl-C and SIGTERM before and after the time of the run, which will repeat them."""
    for number in ENDS:
        signal.signal(number, _wait_to_listen)


def _wait_to_listen(signum: int, frame: FrameType | None) -> None:
    """Do nothing, and yet not ignore it: that would pass on to the programs that a test starts."""


def go_on(line: socket.socket, start: Start) -> None:
    """Do what the run asks for until it ends."""
    _Keeping(line, start).go_on()


class _Keeping:
    """The keeper's own side."""

    def __init__(self, line: socket.socket, start: Start) -> None:
        self._line = line
        self._start = start
        self._alive: set[int] = set()

    def go_on(self) -> None:
        """Do what the run asks for until it ends."""
        try:
            while len(command := self._line.recv(_COMMAND.size, socket.MSG_WAITALL)) == _COMMAND.size:
                kind, number = _COMMAND.unpack(command)
                if kind == _START:
                    self._hire(number)
                else:
                    self._line.sendall(_ANSWER.pack(self._bury(number)))
        finally:
            for pid in self._alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _hire(self, number: int) -> None:
        channel, theirs = socket.socketpair()
        record = new_record()
        with channel, theirs:
            pid = self._start(Place(number, theirs, record, channel))
            self._alive.add(pid)
            socket.send_fds(self._line, [_ANSWER.pack(pid)], [channel.fileno(), record])
        os.close(record)

    def _bury(self, pid: int) -> int:
        self._alive.discard(pid)
        status = _wait(pid)
        return os.waitstatus_to_exitcode(status)


def _wait(pid: int) -> int:
    """The status with which a process ends that is about to; one that does not is killed."""
    waited = 0.0
    while waited < _WAIT:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return status
        select.select([], [], [], 0.005)
        waited += 0.005
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
