"""Servers that a test has left listening on its own loop, which is about to be closed."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import socket
import sys
from collections.abc import Iterable, Iterator
from selectors import SelectorKey

_ACCEPTS = "_accept_connection"
_HOLDERS = 4
"""How often a socket is held that nobody but asyncio has: by the server, by what waits for it, here, and to count."""


def close_servers(loop: asyncio.BaseEventLoop, keys: Iterable[SelectorKey]) -> Iterator[str]:
    """Where each of them listened; they are closed, so that no finalizer tells of them later and elsewhere.

    A socket that somebody else holds as well may be there for other tests: it is none of a test's alone.
    """
    for key in tuple(keys):
        sock = _listening(loop, key)
        noted = getattr(loop, "_unix_server_sockets", ())  # from Python 3.13 on, to remove their files
        if sock is not None and sys.getrefcount(sock) <= _HOLDERS + (sock in noted):
            yield _address(sock)
            sock.close()


def _listening(loop: asyncio.BaseEventLoop, key: SelectorKey) -> socket.socket | None:
    """The socket for which asyncio waits there for clients; None where it waits for something else."""
    reader: asyncio.Handle | None = key.data[0]
    callback = getattr(reader, "_callback", None)
    if getattr(callback, "__self__", None) is not loop or getattr(callback, "__name__", "") != _ACCEPTS:
        return None
    arguments: tuple[object, ...] = getattr(reader, "_args", ())
    return next((one for one in arguments if isinstance(one, socket.socket)), None)


def _address(sock: socket.socket) -> str:
    address: object = sock.getsockname()
    return f"{address[0]}:{address[1]}" if isinstance(address, tuple) else str(address)
