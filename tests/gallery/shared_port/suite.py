"""Two tests listen on the same port."""

import asyncio
import socket

with socket.create_server(("127.0.0.1", 0)) as free:
    PORT = free.getsockname()[1]


async def serve():
    async with await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", PORT):
        await asyncio.sleep(0.01)


async def test_one():
    await serve()


async def test_other():
    await serve()
