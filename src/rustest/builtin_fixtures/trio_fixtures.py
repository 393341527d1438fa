"""What tests on trio may ask for: a nursery, and clocks that they can move."""

import math
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, cast

from rustest.authoring.fixture import fixture

if TYPE_CHECKING:
    import trio
    from trio.testing import MockClock


@fixture
async def nursery() -> "AsyncGenerator[trio.Nursery, None]":
    """A nursery of trio's for the test's background tasks, which are cancelled when the test has ended."""
    import trio

    async with trio.open_nursery() as nursery:
        yield nursery
        nursery.cancel_scope.cancel()


@fixture
async def autojump_clock() -> "MockClock":
    """Trio's clock, which jumps to the next deadline as soon as all tasks wait: sleeping takes no time."""
    return _clock_of_the_test(autojump_threshold=0)


@fixture
async def mock_clock() -> "MockClock":
    """Trio's clock, which stands still until the test moves it by `jump` or sets its `rate`."""
    return _clock_of_the_test()


def _clock_of_the_test(autojump_threshold: float = math.inf) -> "MockClock":
    """The clock that the run was started with, because the plan has seen that the test wants one.

    A test that does not live in a run of trio gets one that it may give to a run of its own.
    """
    import trio
    from trio.testing import MockClock

    if trio.lowlevel.in_trio_run():
        return cast("MockClock", trio.lowlevel.current_clock())
    return MockClock(autojump_threshold=autojump_threshold)
