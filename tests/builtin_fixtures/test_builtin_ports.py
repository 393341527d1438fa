"""Unused ports: free when they are given, and given once."""

import socket

import pytest
from small_projects import results

from rustest.builtin_fixtures.ports import UnusedPorts


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_port_is_free_and_never_given_twice(kind):
    ports = UnusedPorts(kind)
    given = [ports() for _ in range(500)]
    assert len(set(given)) == 500
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", given[0]))


def test_a_port_that_the_system_offers_again_is_passed_over(monkeypatch):
    """The system seldom does so by itself; a socket that answers with three numbers only does."""
    offers = iter([7, 7, 8, 8, 7, 9])

    class Offering(socket.socket):
        def getsockname(self):
            return "127.0.0.1", next(offers)

    monkeypatch.setattr(socket, "socket", Offering)
    ports = UnusedPorts(socket.SOCK_STREAM)
    assert [ports(), ports(), ports()] == [7, 8, 9]


def test_overlapping_tests_of_a_run_get_ports_of_their_own(tmp_path):
    source = """
        import asyncio
        from rustest import mark

        given = {"tcp": set(), "udp": set()}

        def take(kind, *ports):
            for port in ports:
                assert isinstance(port, int) and 0 < port < 65536
                assert port not in given[kind]
                given[kind].add(port)

        @mark.parametrize("number", range(40))
        async def test_it(number, unused_tcp_port, unused_udp_port, unused_tcp_port_factory, unused_udp_port_factory):
            take("tcp", unused_tcp_port, unused_tcp_port_factory(), unused_tcp_port_factory())
            take("udp", unused_udp_port, unused_udp_port_factory(), unused_udp_port_factory())
            server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", unused_tcp_port)
            await asyncio.sleep(0.01)
            server.close()
        """
    assert set(results(tmp_path, source).values()) == {"passed"}
