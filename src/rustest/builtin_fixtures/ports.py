"""Ports that nobody uses, and that no other test of the run is given."""

import os
import socket
from contextlib import ExitStack

from rustest.authoring.fixture import fixture
from rustest.model.worker_names import WORKER, WORKER_COUNT

_HOST = "127.0.0.1"


class UnusedPorts:
    """Called, gives a port that is free just now, and never the same one twice."""

    def __init__(self, kind: socket.SocketKind) -> None:
        self._kind = kind
        self._given: set[int] = set()

    def __call__(self) -> int:
        """A port that is free on 127.0.0.1; raises OSError where there is none left."""
        with ExitStack() as tried:  # what was given before is held meanwhile, so that the system offers another
            while not _is_ours(port := self._offered(tried)) or port in self._given:
                pass
        self._given.add(port)
        return port

    def _offered(self, tried: ExitStack) -> int:
        holder = tried.enter_context(socket.socket(socket.AF_INET, self._kind))
        holder.bind((_HOST, 0))
        port: int = holder.getsockname()[1]
        return port


def _is_ours(port: int) -> bool:
    """Whether this process may give it, where a run has several: each has its own share of the ports, pair by pair.

    Pairs, because Linux offers nearly always an odd one.
    """
    number, workers = os.environ.get(WORKER, "").removeprefix("gw"), os.environ.get(WORKER_COUNT, "")
    if not (number.isdecimal() and workers.isdecimal()):
        return True
    return port // 2 % int(workers) == int(number)


@fixture(scope="session")
def unused_tcp_port_factory() -> UnusedPorts:
    """Called, gives an unused TCP port on 127.0.0.1, another one each time."""
    return UnusedPorts(socket.SOCK_STREAM)


@fixture(scope="session")
def unused_udp_port_factory() -> UnusedPorts:
    """Called, gives an unused UDP port on 127.0.0.1, another one each time."""
    return UnusedPorts(socket.SOCK_DGRAM)


@fixture
def unused_tcp_port(unused_tcp_port_factory: UnusedPorts) -> int:
    """An unused TCP port on 127.0.0.1; no other test of the run gets the same."""
    return unused_tcp_port_factory()


@fixture
def unused_udp_port(unused_udp_port_factory: UnusedPorts) -> int:
    """An unused UDP port on 127.0.0.1; no other test of the run gets the same."""
    return unused_udp_port_factory()
