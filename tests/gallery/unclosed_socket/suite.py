"""A socket and a file are opened and never closed."""

import socket


async def test_opens_a_socket():
    socket.socket()


def test_opens_a_file():
    open(__file__)
