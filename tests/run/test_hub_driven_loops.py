"""Loops that their users drive with `run_until_complete`, between the hub's steps."""

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hub_runs import hub_run, troubles

from rustest.testing import run_project


def test_a_driven_loop_sleeps_talks_and_hears_from_threads():
    async def main() -> tuple[bytes, str, str]:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        loop.call_later(0.01, theirs.sendall, b"hello")
        line = await reader.readexactly(5)
        writer.close()
        await writer.wait_closed()
        theirs.close()
        with ThreadPoolExecutor(1) as pool:
            from_pool = await loop.run_in_executor(pool, str, 7)
        future = loop.create_future()
        timer = threading.Timer(0.01, loop.call_soon_threadsafe, (future.set_result, "from a thread"))
        timer.start()
        from_thread = await asyncio.wait_for(future, 5)
        timer.join()
        return line, from_pool, from_thread

    with hub_run() as run:
        assert run.new_loop().run_until_complete(main()) == (b"hello", "7", "from a thread")


def test_what_a_driven_loop_leaves_over_goes_on_in_the_hub():
    happened: list[str] = []

    async def tick(name: str, done: asyncio.Event) -> None:
        for _ in range(3):
            await asyncio.sleep(0.005)
        happened.append(name)
        done.set()

    async def wait(done: asyncio.Event) -> None:
        await done.wait()

    with hub_run() as run:
        loop = run.new_loop()
        done = asyncio.Event()
        left_over = loop.create_task(tick("left over", done))
        loop.run_until_complete(asyncio.sleep(0.002))
        assert not left_over.done()
        run.finish(run.start(wait(done), loop), run.start(asyncio.sleep(0.01)))
        assert happened == ["left over"]


def test_a_loop_may_be_driven_between_steps_again_and_again():
    async def one() -> int:
        await asyncio.sleep(0.001)
        return 1

    with hub_run() as run:
        loop = run.new_loop()
        total = 0
        for _ in range(3):
            total += loop.run_until_complete(one())
            total += sum(run.finish(run.start(one(), loop)))
        assert total == 6


def test_a_reader_added_while_driven_is_served_by_the_hub_later():
    async def wait(future: asyncio.Future) -> bytes:
        return await future

    async def add_reader() -> None:
        loop.add_reader(ours, lambda: future.done() or future.set_result(ours.recv(10)))

    ours, theirs = socket.socketpair()
    with hub_run() as run, ours, theirs:
        loop = run.new_loop()
        future = loop.create_future()
        loop.run_until_complete(add_reader())
        theirs.send(b"late")
        assert run.finish(run.start(wait(future), loop)) == [b"late"]
        loop.remove_reader(ours)


def test_threads_may_call_while_the_driving_ends():
    """The thread cannot know in whose hands the loop is: no call may raise, and none may be lost."""
    calls = 2000

    def call_again_and_again() -> None:
        try:
            for number in range(calls):
                loop.call_soon_threadsafe(seen.append, number)
        except BaseException as error:
            broken.append(error)
        loop.call_soon_threadsafe(over.append, True)

    async def pause() -> None:
        await asyncio.sleep(0)

    seen: list[int] = []
    over: list[bool] = []
    broken: list[BaseException] = []
    with hub_run() as run:
        loop = run.new_loop()
        thread = threading.Thread(target=call_again_and_again)
        thread.start()
        while not over:
            loop.run_until_complete(pause())
            run.finish(run.start(pause(), loop))
        thread.join()
    assert broken == []
    assert seen == [*range(calls)]


def test_a_loop_cannot_be_driven_inside_its_own_step():
    async def misuse() -> None:
        loop = asyncio.get_running_loop()
        with pytest.raises(RuntimeError, match=r"^This event loop is already running$"):
            loop.run_forever()

    with hub_run() as run:
        run.run(misuse())


def test_a_loop_cannot_be_driven_inside_the_step_of_another():
    async def misuse(other: asyncio.AbstractEventLoop) -> None:
        with pytest.raises(RuntimeError, match=r"^Cannot run the event loop while another loop is running$"):
            other.run_forever()

    with hub_run() as run:
        run.run(misuse(run.new_loop()))


def test_a_closed_loop_cannot_be_driven():
    with hub_run() as run:
        loop = run.new_loop()
        loop.close()
        with pytest.raises(RuntimeError, match=r"^Event loop is closed$"):
            loop.run_forever()


def test_a_sync_fixture_drives_the_loop_of_its_test(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_driven.py": """
                import asyncio
                import threading

                from rustest import fixture

                happened = []

                async def echo(reader, writer):
                    writer.write(await reader.readline())
                    await writer.drain()
                    writer.close()
                    await writer.wait_closed()

                async def start():
                    await asyncio.sleep(0.001)
                    await asyncio.to_thread(threading.get_ident)
                    asyncio.create_task(tick())
                    return await asyncio.start_server(echo, "127.0.0.1", 0)

                async def tick():
                    await asyncio.sleep(0.01)
                    happened.append("left over by the fixture")

                async def stop(server):
                    server.close()
                    await server.wait_closed()

                @fixture
                def server():
                    loop = asyncio.get_event_loop()
                    server = loop.run_until_complete(start())
                    yield server, loop
                    loop.run_until_complete(stop(server))
                    happened.append("stopped")

                async def test_uses_the_server_on_its_own_loop(server):
                    server, loop = server
                    assert asyncio.get_running_loop() is loop
                    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                    writer.write(b"hello\\n")
                    assert await reader.readline() == b"hello\\n"
                    writer.close()
                    await writer.wait_closed()
                    await asyncio.sleep(0.02)
                    assert happened == ["left over by the fixture"]

                async def test_beside_it():
                    await asyncio.sleep(0.02)

                def test_afterwards():
                    assert happened == ["left over by the fixture", "stopped"]
            """
        },
    )
    assert troubles(report) == {}


def test_a_sync_fixture_between_async_ones_drives_the_loop_that_they_live_on(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_driven.py": """
                import asyncio
                import contextvars

                from rustest import fixture

                request_id = contextvars.ContextVar("request_id")

                async def ask(questions, answers):
                    questions.put_nowait("asked")
                    await asyncio.sleep(0.005)
                    return await answers.get()

                @fixture
                async def worker():
                    questions, answers = asyncio.Queue(), asyncio.Queue()
                    async def double():
                        while True:
                            await answers.put(2 * await questions.get())
                    request_id.set(7)
                    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
                        task = group.create_task(double())
                        yield questions, answers
                        task.cancel()

                @fixture
                def answer(worker):
                    assert request_id.get() == 7
                    return asyncio.get_event_loop().run_until_complete(ask(*worker))

                @fixture
                async def last(answer):
                    await asyncio.sleep(0)
                    return answer

                async def test_all_three(last):
                    assert last == "askedasked"
                    assert request_id.get() == 7
            """
        },
    )
    assert troubles(report) == {}


def test_a_time_limit_that_runs_out_while_a_sync_fixture_drives_the_loop_still_cancels_the_test(tmp_path):
    """The cancelled task shares its context with the sync fixture that is just running in it."""
    report = run_project(
        tmp_path,
        {
            "test_driven.py": """
                import asyncio

                from rustest import fixture

                @fixture
                async def short():
                    try:
                        async with asyncio.timeout(0.01):
                            yield
                    except TimeoutError:
                        pass

                @fixture
                def slow(short):
                    asyncio.get_event_loop().run_until_complete(asyncio.sleep(0.03))

                async def test_never_gets_so_far(slow):
                    assert False

                async def test_beside_it():
                    await asyncio.sleep(0.02)
            """
        },
        timeout=3.0,
        timeout_grace=0.2,
    )
    assert list(troubles(report)) == ["test_driven.py::test_never_gets_so_far"]
    assert "timed out" not in troubles(report)["test_driven.py::test_never_gets_so_far"]
