"""Signals: loops of the hub handle them as asyncio's own do, and leave them as they found them."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator

import pytest
from hub_runs import hub_run, troubles

from rustest.model.outcome import Verdict
from rustest.testing import run_project


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2)}
    yield
    after = {number: signal.getsignal(number) for number in before}
    left_wakeup_fd = signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)
    assert (after, left_wakeup_fd) == (before, -1)


async def signalled(number: int = signal.SIGUSR1, *, remove: bool = True) -> int:
    """The number that a handler on the running loop is given; the loop sleeps when the signal comes."""
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.add_signal_handler(number, lambda: future.done() or future.set_result(number))
    loop.call_later(0.01, os.kill, os.getpid(), number)
    try:
        return await asyncio.wait_for(future, 5)
    finally:
        if remove:
            loop.remove_signal_handler(number)


def test_a_signal_handler_runs_on_the_loop_that_sleeps():
    with hub_run() as run:
        assert run.run(signalled()) == [signal.SIGUSR1]


def test_a_signal_wakes_the_hub_though_another_loop_never_rests():
    async def spin(until: asyncio.Event) -> None:
        while not until.is_set():
            await asyncio.sleep(0)

    async def handle(until: asyncio.Event) -> int:
        number = await signalled()
        until.set()
        return number

    until = asyncio.Event()
    with hub_run() as run:
        assert run.run(spin(until), handle(until)) == [None, signal.SIGUSR1]


def test_two_loops_handle_the_same_signal():
    async def handle(ready: list[int]) -> int:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.add_signal_handler(signal.SIGUSR1, future.set_result, len(ready))
        ready.append(1)
        if len(ready) == 2:
            loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
        return await asyncio.wait_for(future, 5)

    with hub_run() as run:
        ready: list[int] = []
        assert run.run(handle(ready), handle(ready)) == [0, 1]


@pytest.mark.parametrize("first_to_leave", [0, 1])
def test_a_loop_goes_on_handling_a_signal_that_another_loop_lets_go(first_to_leave):
    got: list[int] = []

    async def add(number: int) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, got.append, number)

    async def remove() -> None:
        assert asyncio.get_running_loop().remove_signal_handler(signal.SIGUSR1)

    async def kill() -> None:
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.sleep(0.02)

    before = signal.getsignal(signal.SIGUSR1)
    with hub_run() as run:
        loops = [run.new_loop(), run.new_loop()]
        run.finish(*[run.start(add(number), loop) for number, loop in enumerate(loops)])
        run.finish(run.start(remove(), loops[first_to_leave]))
        run.finish(run.start(kill()))
        run.finish(run.start(remove(), loops[1 - first_to_leave]))
    assert got == [1 - first_to_leave]
    assert signal.getsignal(signal.SIGUSR1) is before


def test_removal_brings_back_what_handled_the_signal_before():
    heard: list[int] = []

    def handler(number: int, frame: object) -> None:
        heard.append(number)

    earlier = signal.signal(signal.SIGUSR1, handler)
    try:
        with hub_run() as run:
            run.run(signalled(), signalled(signal.SIGUSR2))
            assert signal.getsignal(signal.SIGUSR1) is handler
            os.kill(os.getpid(), signal.SIGUSR1)
            run.run(signalled())
        assert heard == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, earlier)


def test_closing_a_loop_gives_its_signals_back():
    with hub_run() as run:
        loop = run.new_loop()
        run.finish(run.start(signalled(remove=False), loop))
        assert signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL
        loop.close()
        assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
        assert run.run(signalled(signal.SIGUSR2)) == [signal.SIGUSR2]


def test_adding_a_handler_anew_replaces_it():
    got: list[str] = []

    async def replace() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, got.append, "first")
        loop.add_signal_handler(signal.SIGUSR1, got.append, "second")
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.sleep(0.01)
        loop.remove_signal_handler(signal.SIGUSR1)

    with hub_run() as run:
        run.run(replace())
    assert got == ["second"]
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_a_loop_driven_by_its_user_hears_signals_too():
    with hub_run() as run:
        loop = run.new_loop()
        assert loop.run_until_complete(signalled()) == signal.SIGUSR1
        assert run.run(signalled()) == [signal.SIGUSR1]


def test_a_handler_added_between_steps_is_heard_while_the_loop_is_driven():
    async def wait(future: asyncio.Future) -> str:
        return await asyncio.wait_for(future, 5)

    with hub_run() as run:
        loop = run.new_loop()
        future = loop.create_future()
        loop.add_signal_handler(signal.SIGUSR1, future.set_result, "heard")
        loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
        assert loop.run_until_complete(wait(future)) == "heard"


def test_a_handler_left_over_by_a_driven_loop_is_heard_by_the_hub_and_not_by_a_strangers_socket():
    """The loop's own wake-up pipe is closed when the driving ends, and its number is free for others."""
    got: list[str] = []

    async def add() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, got.append, "heard")

    with hub_run() as run:
        loop = run.new_loop()
        loop.run_until_complete(add())
        strangers = [end for _ in range(3) for end in socket.socketpair()]
        os.kill(os.getpid(), signal.SIGUSR1)
        run.finish(run.start(asyncio.sleep(0.01), loop))
        assert got == ["heard"]
        for stranger in strangers:
            stranger.setblocking(False)
            with pytest.raises(BlockingIOError):
                stranger.recv(10)
        for stranger in strangers:
            stranger.close()


def test_asyncio_run_between_steps_has_a_wake_up_of_its_own_and_leaves_the_hub_with_its():
    """asyncio takes the wake-up descriptor away for good when its last handler is removed."""
    heard: list[int] = []

    def between_steps() -> None:
        heard.append(asyncio.run(signalled(signal.SIGUSR2)))

    async def wait() -> int:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.add_signal_handler(signal.SIGUSR1, future.set_result, signal.SIGUSR1)
        run.hub.call_soon(between_steps)
        while not heard:
            await asyncio.sleep(0.001)
        loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
        return await asyncio.wait_for(future, 2)

    with hub_run() as run:
        assert run.run(wait()) == [signal.SIGUSR1]
        assert heard == [signal.SIGUSR2]


def test_tests_handle_signals_and_rustest_keeps_its_own(tmp_path):
    """A test with a SIGINT handler takes Ctrl-C for itself; when it is removed, rustest's is back."""
    before = signal.getsignal(signal.SIGINT)
    report = run_project(
        tmp_path,
        {
            "test_signals.py": """
                import asyncio
                import os
                import signal

                from rustest import mark

                rustests_own = []

                def test_before():
                    rustests_own.append(signal.getsignal(signal.SIGINT))
                    assert rustests_own != [signal.default_int_handler]

                @mark.serial
                async def test_takes_interrupts_for_itself():
                    loop = asyncio.get_running_loop()
                    interrupted = asyncio.Event()
                    loop.add_signal_handler(signal.SIGINT, interrupted.set)
                    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGINT)
                    await asyncio.wait_for(interrupted.wait(), 5)
                    loop.remove_signal_handler(signal.SIGINT)
                    assert rustests_own == [signal.getsignal(signal.SIGINT)]

                @mark.serial
                async def test_leaves_its_handler_behind():
                    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, print)

                @mark.serial
                async def test_finds_it_gone():
                    assert rustests_own == [signal.getsignal(signal.SIGINT)]
            """,
            "test_zz_sync.py": """
                import asyncio
                import os
                import signal

                async def wait_for_signal():
                    loop = asyncio.get_running_loop()
                    came = asyncio.Event()
                    loop.add_signal_handler(signal.SIGUSR1, came.set)
                    loop.call_later(0.01, os.kill, os.getpid(), signal.SIGUSR1)
                    await asyncio.wait_for(came.wait(), 5)

                def test_asyncio_run_has_a_wake_up_of_its_own():
                    asyncio.run(wait_for_signal())

                async def test_and_so_has_a_test_afterwards():
                    await wait_for_signal()
            """,
        },
    )
    assert troubles(report) == {}
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_after_a_test_that_handled_interrupts_ends_the_run(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_interrupt.py": """
                import asyncio
                import os
                import signal

                from rustest import mark

                @mark.serial
                async def test_1_adds_and_removes():
                    loop = asyncio.get_running_loop()
                    loop.add_signal_handler(signal.SIGINT, print)
                    loop.remove_signal_handler(signal.SIGINT)

                @mark.serial
                async def test_2_is_interrupted():
                    asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), signal.SIGINT)
                    await asyncio.sleep(5)
            """
        },
    )
    assert report.interrupted is not None
    assert report.interrupted.running == ("test_interrupt.py::test_2_is_interrupted",)


def test_whoever_runs_something_of_his_own_finds_nobody_listening_to_signals_in_his_place(tmp_path):
    source = """
    import asyncio, signal
    from rustest import fixture

    @fixture
    async def slow():
        await asyncio.sleep(0.01)

    @fixture
    def earlier(slow):
        return signal.set_wakeup_fd(-1)

    async def test_in_a_step_and_between_steps(earlier):
        await asyncio.sleep(0.01)
        assert (earlier, signal.set_wakeup_fd(-1)) == (-1, -1)

    def test_sync(earlier):
        assert (earlier, signal.set_wakeup_fd(-1)) == (-1, -1)
    """
    report = run_project(tmp_path, {"test_it.py": source}, timeout=30)
    assert len(report.ids(Verdict.PASSED)) == 2
