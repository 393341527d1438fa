"""Wake-ups: a loop that sleeps is stepped in time, whoever gives it something to do."""

import asyncio
import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hub_runs import hub_run


class Elsewhere:
    """Does things from the step of another loop while the first one sleeps."""

    def __init__(self, run) -> None:
        self.sleeper = run.new_loop()
        self.other = run.new_loop()
        self.run = run

    def do(self, act: Callable[[], object], sleep) -> list:
        async def act_a_little_later() -> None:
            await asyncio.sleep(0.01)  # by now the sleeper has nothing left to do
            act()

        return self.run.finish(self.run.start(sleep, self.sleeper), self.run.start(act_a_little_later(), self.other))


async def take(future: asyncio.Future) -> tuple[object, asyncio.AbstractEventLoop]:
    return await future, asyncio.get_running_loop()


def test_a_future_resolved_in_another_loops_step_wakes_its_own_loop():
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        future = elsewhere.sleeper.create_future()
        result, _ = elsewhere.do(lambda: future.set_result("woken"), take(future))
        assert result == ("woken", elsewhere.sleeper)


def test_call_soon_from_another_loops_step_runs_on_its_own_loop():
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        ran_on = elsewhere.sleeper.create_future()

        def call() -> None:
            ran_on.set_result(asyncio.get_running_loop())

        result, _ = elsewhere.do(lambda: elsewhere.sleeper.call_soon(call), take(ran_on))
        assert result == (elsewhere.sleeper, elsewhere.sleeper)


def test_a_task_made_in_another_loops_step_runs_on_its_own_loop():
    async def where() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with hub_run() as run:
        elsewhere = Elsewhere(run)
        done = elsewhere.sleeper.create_future()

        def make() -> None:
            elsewhere.sleeper.create_task(where()).add_done_callback(lambda task: done.set_result(task.result()))

        result, _ = elsewhere.do(make, take(done))
        assert result == (elsewhere.sleeper, elsewhere.sleeper)


def test_an_earlier_deadline_set_in_another_loops_step_is_kept():
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        sleeper = elsewhere.sleeper
        done = sleeper.create_future()
        sleeper.call_later(1000, print)
        elsewhere.do(lambda: sleeper.call_later(0.01, done.set_result, None), take(done))


def test_a_later_deadline_set_in_another_loops_step_does_not_hide_the_earlier_one():
    order: list[str] = []
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        sleeper = elsewhere.sleeper
        done = sleeper.create_future()
        sleeper.call_later(0.03, order.append, "earlier")

        def act() -> None:
            sleeper.call_at(sleeper.time() + 0.06, lambda: (order.append("later"), done.set_result(None)))

        elsewhere.do(act, take(done))
    assert order == ["earlier", "later"]


def test_a_timer_cancelled_in_another_loops_step_neither_fires_nor_hides_the_next_one():
    fired: list[str] = []
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        sleeper = elsewhere.sleeper
        done = sleeper.create_future()
        first = sleeper.call_later(0.03, fired.append, "cancelled")
        sleeper.call_later(0.06, lambda: (fired.append("kept"), done.set_result(None)))
        elsewhere.do(first.cancel, take(done))
    assert fired == ["kept"]


def test_timers_of_many_loops_fire_in_the_order_of_their_times():
    order: list[int] = []

    async def sleep(place: int) -> None:
        await asyncio.sleep(0.02 + place * 0.005)
        order.append(place)

    with hub_run() as run:
        run.run(*[sleep(place) for place in (4, 1, 3, 0, 2)])
    assert order == [0, 1, 2, 3, 4]


def test_an_async_generator_dropped_in_another_loops_step_is_closed_on_its_own_loop():
    closed_on: list[object] = []

    async def numbers():
        try:
            while True:
                yield 1
        finally:
            await asyncio.sleep(0)
            closed_on.append(asyncio.get_running_loop())
            closed.set_result(None)

    async def begin() -> None:
        generator = numbers()
        await anext(generator)
        held.append(generator)

    async def wait() -> None:
        await closed

    def drop() -> None:
        held.clear()
        gc.collect()

    held: list[object] = []
    with hub_run() as run:
        elsewhere = Elsewhere(run)
        closed = elsewhere.sleeper.create_future()
        run.finish(run.start(begin(), elsewhere.sleeper))
        elsewhere.do(drop, wait())
        assert closed_on == [elsewhere.sleeper]


def test_another_thread_wakes_a_loop_that_sleeps():
    async def wait(future: asyncio.Future) -> object:
        return await future

    with hub_run() as run:
        loop = run.new_loop()
        future = loop.create_future()
        thread = threading.Timer(0.02, loop.call_soon_threadsafe, (future.set_result, "from a thread"))
        thread.start()
        assert run.finish(run.start(wait(future), loop)) == ["from a thread"]
        thread.join()


def test_another_thread_runs_a_coroutine_on_a_loop_that_sleeps():
    async def answer() -> object:
        return asyncio.get_running_loop()

    with hub_run() as run:
        loop = run.new_loop()
        future = loop.create_future()
        answers: list[object] = []

        def ask() -> None:
            time.sleep(0.02)
            answers.append(asyncio.run_coroutine_threadsafe(answer(), loop).result(timeout=5))
            loop.call_soon_threadsafe(future.set_result, None)

        thread = threading.Thread(target=ask)
        thread.start()
        run.finish(run.start(take(future), loop))
        thread.join()
        assert answers == [loop]


def test_to_other_threads_a_loop_of_the_hub_is_running():
    def ask(loop: asyncio.AbstractEventLoop) -> tuple[bool, str]:
        never_awaited = asyncio.sleep(0)
        try:
            loop.run_until_complete(never_awaited)
        except RuntimeError as error:
            return loop.is_running(), str(error)
        finally:
            never_awaited.close()
        return loop.is_running(), "it let itself be run"

    async def ask_in_thread() -> tuple[bool, str]:
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(None, ask, loop)
        await loop.shutdown_default_executor()
        return answer

    with hub_run() as run:
        assert run.run(ask_in_thread()) == [(True, "This event loop is already running")]


@pytest.fixture
def threads_that_take_turns_all_the_time() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("threads_that_take_turns_all_the_time")
def test_no_wake_up_is_lost_however_many_threads_call_while_loops_go_idle():
    """Every call is answered before the thread makes the next one, so loops fall asleep all the time."""
    threads, rounds = 8, 300
    with hub_run() as run:
        loops = [run.new_loop() for _ in range(3)]
        done = loops[0].create_future()
        left = [threads]

        async def until_all_have_called() -> None:
            await done

        def one_thread_less() -> None:
            left[0] -= 1
            if not left[0]:
                done.set_result(None)

        def call_again_and_again(number: int) -> None:
            for turn in range(rounds):
                called = threading.Event()
                loops[(number + turn) % len(loops)].call_soon_threadsafe(called.set)
                assert called.wait(timeout=5), "a call never came"
            loops[0].call_soon_threadsafe(one_thread_less)

        callers = [threading.Thread(target=call_again_and_again, args=(number,)) for number in range(threads)]
        for caller in callers:
            caller.start()
        run.finish(run.start(until_all_have_called(), loops[0]))
        for caller in callers:
            caller.join()
        assert left == [0]
