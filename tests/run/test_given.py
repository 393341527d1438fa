"""Tests under hypothesis's `@given`: it calls them itself, once for each example."""

import pytest
from project_runs import record

SOURCE = """
import asyncio
from hypothesis import given, settings, strategies
from rustest import fixture

few = settings(max_examples=5, database=None, derandomize=True, deadline=None)
seen = []
loops = []

@fixture(scope="module")
async def loop_of_module():
    return asyncio.get_running_loop()

@few
@given(number=strategies.integers(0, 9))
async def test_good(number):
    await asyncio.sleep(0)
    loops.append(asyncio.get_running_loop())
    seen.append(number)

def test_examples_have_run_each_on_a_loop_of_its_own():
    assert len(seen) == 5 == len(set(loops))
    assert all(loop.is_closed() for loop in loops)

@few
@given(number=strategies.integers(0, 9))
async def test_bad(number):
    await asyncio.sleep(0)
    assert number < 0

@few
@given(strategies.just(1))
async def test_with_fixtures(loop_of_module, number):
    assert asyncio.get_running_loop() is loop_of_module

class TestClass:
    @few
    @given(number=strategies.just(1))
    async def test_in_a_class(self, number):
        await asyncio.sleep(0)
        assert isinstance(self, TestClass) and number == 1

@few
@given(number=strategies.just(1))
async def test_forgets_to_await(number):
    asyncio.sleep(0)
"""
EXPECTED = {
    "test_good": "passed",
    "test_examples_have_run_each_on_a_loop_of_its_own": "passed",
    "test_bad": "failed",
    "test_with_fixtures": "passed",
    "TestClass::test_in_a_class": "passed",
    "test_forgets_to_await": "failed",
}


@pytest.mark.parametrize("width", [1, 100])
def test_each_example_of_an_async_test_is_awaited(tmp_path, width):
    ran = record(tmp_path, SOURCE, concurrency=width)
    assert ran.verdicts() == EXPECTED
    assert ran.failure("test_bad").headline.startswith("AssertionError: assert 0 < 0")
