"""Errors of loops that are not the right one say what to do about them."""

import pytest
from project_runs import record

from rustest.run.loop_advice import advice_on

SHARED = """\
import asyncio

opened = asyncio.Event()
futures = []

async def test_first():
    futures.append(asyncio.get_running_loop().create_future())
    try:
        await asyncio.wait_for(opened.wait(), 0.01)
    except TimeoutError:
        pass

async def test_waits_for_what_is_bound():
    await opened.wait()

async def test_waits_for_what_is_attached():
    await futures[0]

async def test_calls_a_closed_loop():
    futures[0].get_loop().call_soon(print)
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("waits_for_what_is_bound", "is bound to a different event loop"),
        ("waits_for_what_is_attached", "attached to a different loop"),
        ("calls_a_closed_loop", "Event loop is closed"),
    ],
)
def test_what_belongs_to_another_tests_loop_is_told_with_what_to_do(tmp_path, name, said):
    failure = record(tmp_path, SHARED, concurrency=1).failure(f"test_{name}")
    assert said in failure.message
    (advice,) = failure.notes
    assert advice.startswith("each async test has an event loop of its own")
    assert advice.endswith('@mark.asyncio(loop_scope="module")')


def test_a_test_for_trio_without_its_mark_is_told_so(tmp_path):
    ran = record(tmp_path, "import trio\nasync def test_it(): await trio.sleep(0)\n")
    assert ran.failure("test_it").notes == (
        "the test runs on asyncio and awaits something of trio: mark it with mark.trio",
    )


def test_other_errors_have_no_such_advice(tmp_path):
    class Closed(RuntimeError):
        pass

    assert advice_on(RuntimeError("out of cheese")) == advice_on(Closed("Event loop is closed")) == ""
    assert advice_on(RuntimeError()) == ""


def test_a_sync_test_that_waits_for_an_async_fixture_is_told_why_nobody_answers(tmp_path):
    source = """\
        import asyncio, socket
        from rustest import fixture

        @fixture(scope="module")
        async def server():
            async with await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0) as server:
                yield server.sockets[0].getsockname()

        def test_waits(server):
            with socket.create_connection(server) as client:
                client.recv(1)

        async def test_waits_itself(server):
            await asyncio.Event().wait()
        """
    ran = record(tmp_path, source, timeout=0.3)
    (advice,) = ran.failure("test_waits").notes
    assert advice.startswith("while a sync test runs, no event loop does: nothing that the async fixture 'server' may")
    assert ran.failure("test_waits_itself").notes == ()
