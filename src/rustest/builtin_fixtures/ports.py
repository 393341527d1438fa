"""Ports that nobody uses, and that no other test of the run is given."""

import os
import socket
from contextlib import ExitStack
from functools import cache

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


class FreePorts:
    """Called, gives a port that is free just now for IPv4 and IPv6, or for one of them, and never the same one twice.

    This is how anyio offers them.
    """

    def __init__(self, kind: socket.SocketKind) -> None:
        self.kind = kind
        self._given: set[int] = set()

    def __call__(self, family: socket.AddressFamily | None = None) -> int:
        """A port that is free on the loopback addresses of that family, or else of all families that there are."""
        while True:
            port = self._offered(_families() if family is None else (family,))
            if port and port not in self._given:
                self._given.add(port)
                return port

    def _offered(self, families: tuple[socket.AddressFamily, ...]) -> int:
        """A port that can be bound in all of these families; 0 where one of them has it taken."""
        port = 0
        with ExitStack() as held:
            for family in families:
                holder = held.enter_context(socket.socket(family, self.kind))
                try:
                    holder.bind((_LOOPBACK[family], port))
                except OSError:
                    return 0
                port = holder.getsockname()[1]
        return port


_LOOPBACK = {socket.AF_INET: _HOST, socket.AF_INET6: "::1"}


def _families() -> tuple[socket.AddressFamily, ...]:
    return (socket.AF_INET, socket.AF_INET6) if _has_ipv6() else (socket.AF_INET,)


@cache
def _has_ipv6() -> bool:
    """Whether the machine has an address for it: Python may know of IPv6 though nothing can be bound there."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as holder:
            holder.bind((_LOOPBACK[socket.AF_INET6], 0))
    except OSError:
        return False
    return True


@fixture(scope="session")
def free_tcp_port_factory() -> FreePorts:
    """Called, gives an unused TCP port, another one each time; its argument may be an address family."""
    return FreePorts(socket.SOCK_STREAM)


@fixture(scope="session")
def free_udp_port_factory() -> FreePorts:
    """Called, gives an unused UDP port, another one each time; its argument may be an address family."""
    return FreePorts(socket.SOCK_DGRAM)


@fixture
def free_tcp_port(free_tcp_port_factory: FreePorts) -> int:
    """An unused TCP port for IPv4 and IPv6; no other test of the run gets the same."""
    return free_tcp_port_factory()


@fixture
def free_udp_port(free_udp_port_factory: FreePorts) -> int:
    """An unused UDP port for IPv4 and IPv6; no other test of the run gets the same."""
    return free_udp_port_factory()
