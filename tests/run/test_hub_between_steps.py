"""Between two steps no loop is running, in any way in which code can ask."""

import asyncio
import sys

import pytest
from hub_runs import hub_run


def look() -> tuple[object, ...]:
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    return sys.get_asyncgen_hooks(), sys.get_coroutine_origin_tracking_depth()


def test_nothing_of_a_loop_is_left_between_its_steps():
    seen: list[object] = []

    async def be_looked_at(hub) -> None:
        loop = asyncio.get_running_loop()
        assert loop.is_running()
        assert sys.get_asyncgen_hooks() != (None, None)
        hub.call_soon(lambda: (seen.append(look()), seen.append(loop.is_running())))
        while not seen:
            await asyncio.sleep(0)

    with hub_run() as run:
        run.finish(run.start(be_looked_at(run.hub), run.new_loop(debug=True)))
    assert seen == [((None, None), 0), False]


def test_a_loop_whose_step_raises_does_not_seem_to_run_afterwards():
    """What raises in a step is not a test's doing but a fault of the hub, and the run ends with it."""

    def broken() -> None:
        raise ZeroDivisionError

    with hub_run() as run:
        loop = run.new_loop()
        loop._process_events = broken
        loop.has_io = True
        loop.call_soon(print)
        with pytest.raises(TypeError):
            run.hub.run_until(lambda: False)
        assert look() == ((None, None), 0)
        assert not loop.is_running()


def test_calls_between_steps_are_made_in_order_and_each_once():
    order: list[int] = []

    async def wait() -> None:
        while len(order) < 4:
            await asyncio.sleep(0.001)

    with hub_run() as run:
        for number in range(3):
            run.hub.call_soon(lambda number=number: order.append(number))
        run.hub.call_soon(lambda: run.hub.call_soon(lambda: order.append(3)))
        run.run(wait())
    assert order == [0, 1, 2, 3]


def test_what_a_call_of_the_hub_raises_ends_the_run():
    def raise_it() -> None:
        raise ZeroDivisionError("a fault of the hub's user")

    with hub_run() as run:
        run.hub.call_soon(raise_it)
        with pytest.raises(ZeroDivisionError):
            run.hub.run_until(lambda: False)
        assert not run.hub.is_running
