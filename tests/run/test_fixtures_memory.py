"""What is over is let go: the values of fixtures as soon as they are torn down, and a run's own objects with it."""

import gc
from collections import Counter

import pytest
from project_runs import record

KINDS = ("def", "async def")

LIVES = """
    import gc
    import weakref
    from happened import note
    from rustest import fixture, mark

    class Value:
        pass

    seen = []

    def remember():
        value = Value()
        seen.append(weakref.ref(value))
        return value

    @fixture
    {fixture} plain(): return remember()

    @fixture
    {fixture} yielding(plain):
        value = remember()
        yield value
        del value

    @fixture
    {fixture} broken(plain): raise ValueError(plain)

    @fixture(scope="class")
    {fixture} shared():
        yield remember()

    @fixture(scope="class")
    {fixture} shared_plain(): return remember()

    class TestOne:
        def test_switch_off(self): gc.collect(); gc.disable()

        {test} test_passes(self, plain, yielding, shared, shared_plain): self.mine = remember()

        {test} test_fails(self, yielding): assert False

        @mark.xfail
        {test} test_xfails(self, plain): raise ValueError(plain)

        {test} test_broken(self, yielding, broken): pass

        {test} test_passes_after(self, yielding, shared): pass

    class TestTwo:
        @mark.serial
        {test} test_nothing_is_left(self):
            gc.enable()
            left = [number for number, value in enumerate(seen) if value() is not None]
            assert len(seen) == 12
            note(left)
"""


@pytest.mark.parametrize("concurrency", [1, 100])
@pytest.mark.parametrize("test", KINDS)
@pytest.mark.parametrize("fixture", KINDS)
def test_values_are_let_go_without_waiting_for_the_garbage_collector(tmp_path, fixture, test, concurrency):
    try:
        happened = record(tmp_path, LIVES.format(fixture=fixture, test=test), concurrency=concurrency)
    finally:
        gc.enable()
    assert happened.log == [[]]
    assert [*happened.verdicts().values()].count("passed") == 4


MANY = """
    import asyncio
    from rustest import fixture, mark, parametrize

    @fixture(scope="session")
    async def server():
        async with asyncio.TaskGroup() as group:
            yield group

    @fixture(scope="module")
    def shared(): yield

    @fixture
    async def own(server):
        yield asyncio.get_running_loop()

    @parametrize("number", range(700))
    async def test_private(number): await asyncio.sleep(0)

    @parametrize("number", range(500))
    async def test_shared_loop(number, own): await asyncio.sleep(0)

    @parametrize("number", range(300))
    async def test_shared_fixture(number, shared): await asyncio.sleep(0)

    @parametrize("number", range(400))
    def test_sync(number, shared): pass

    @parametrize("number", range(50))
    async def test_fails(number, own): assert False

    @parametrize("number", range(50))
    @mark.asyncio(timeout=0.05)
    async def test_hangs(number): await asyncio.Event().wait()
"""


def test_nothing_of_a_run_stays_alive_after_it(tmp_path):
    gc.collect()
    before = living()
    happened = record(tmp_path, MANY)
    counts = Counter(happened.verdicts().values())
    assert counts == {"passed": 1900, "failed": 50, "timed out": 50}
    del happened
    gc.collect()
    assert living() - before == {}


def living() -> Counter[str]:
    """How many objects of the run stage's own classes, of asyncio's and of generators there are."""
    kinds = Counter(f"{type(thing).__module__}.{type(thing).__qualname__}" for thing in gc.get_objects())
    return Counter(
        {kind: count for kind, count in kinds.items() if kind.startswith(("rustest.run", "_asyncio", "asyncio"))}
    )


def test_a_run_holds_no_more_than_what_is_in_flight(tmp_path):
    gc.collect()
    before = living()["rustest.run.attempt.Attempt"]  # earlier runs in this process may have left stuck ones
    happened = record(
        tmp_path,
        """
        import asyncio
        import gc
        from happened import note
        from rustest import fixture, parametrize

        @fixture(scope="session")
        async def server(): yield

        @fixture
        async def own(server): yield bytearray(1000)

        @parametrize("number", range(300))
        async def test_it(number, own):
            await asyncio.sleep(0)
            if number % 100 == 99:
                gc.collect()
                note([type(one).__name__ for one in gc.get_objects()].count("Attempt"))
        """,
        concurrency=10,
    )
    assert len(happened.log) == 3
    assert max(happened.log) - before <= 10
