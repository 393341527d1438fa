"""One test sets the default timeout of sockets, and another one makes a socket that may wait for ever."""

import asyncio
import socket


async def test_hurries():
    socket.setdefaulttimeout(0.5)
    await asyncio.sleep(0.002)
    socket.setdefaulttimeout(None)


async def test_has_time():
    for _ in range(4):
        await asyncio.sleep(0.001)
        with socket.socket() as one:
            assert one.gettimeout() is None
