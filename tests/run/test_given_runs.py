"""Tests with hypothesis's `@given`: async ones, and methods, whose class has an instance for each case."""

from project_runs import record

HEAD = """
import asyncio
from contextvars import ContextVar
from happened import log, note
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from rustest import fixture, mark, parametrize, skip

few = settings(max_examples=20, database=None, deadline=None, suppress_health_check=list(HealthCheck))
unlike = settings(max_examples=5, database=None, deadline=None)
"""


def test_an_async_test_is_awaited_for_all_inputs(tmp_path):
    source = """
@few
@given(st.integers(0, 100))
async def test_passes(number):
    await asyncio.sleep(0)
    note(number)

@few
@given(number=st.integers())
async def test_fails(number):
    assume(number != 50)
    await asyncio.sleep(0)
    assert number < 50

@few
@given(st.integers())
async def test_skips(number):
    skip("not here")
"""
    run = record(tmp_path, HEAD + source)
    assert run.verdicts() == {"test_passes": "passed", "test_fails": "failed", "test_skips": "skipped"}
    assert len(set(run.log)) > 5
    assert "assert 51 < 50" in run.failure("test_fails").message


def test_its_calls_live_on_the_loop_and_in_the_context_of_its_fixtures(tmp_path):
    source = """
variable = ContextVar("variable")

@fixture
async def home():
    variable.set("by the fixture")
    async with asyncio.TaskGroup():
        yield asyncio.get_running_loop()

class TestClass:
    @parametrize("case", [1, 2])
    @few
    @given(number=st.integers())
    async def test_all(self, home, case, number):
        assert asyncio.get_running_loop() is home
        assert variable.get() == "by the fixture"
        note(case)
"""
    run = record(tmp_path, HEAD + source)
    assert run.verdicts() == {"TestClass::test_all[1]": "passed", "TestClass::test_all[2]": "passed"}
    assert set(run.log) == {1, 2}


def test_nothing_is_in_flight_beside_it(tmp_path):
    source = """
@few
@given(st.integers())
async def test_given(number):
    note("begins")
    await asyncio.sleep(0)
    note("ends")

async def test_other():
    for _ in range(20):
        note("other")
        await asyncio.sleep(0)
"""
    run = record(tmp_path, HEAD + source)
    assert set(run.verdicts().values()) == {"passed"}
    assert "".join(run.log).replace("other", "") == "beginsends" * run.log.count("begins")
    assert all(after == "ends" for one, after in zip(run.log, run.log[1:], strict=False) if one == "begins")


def test_one_that_waits_for_ever_is_ended_when_its_time_is_up(tmp_path):
    source = """
@mark.timeout(0.2)
@few
@given(st.integers())
async def test_waits(number):
    note("waits")
    await asyncio.sleep(60)

def test_next(): pass
"""
    run = record(tmp_path, HEAD + source)
    assert run.verdicts() == {"test_waits": "timed out", "test_next": "passed"}
    assert run.log == ["waits"]


def test_cases_of_a_method_are_no_reason_to_complain_of_several_instances(tmp_path):
    source = """
class TestClass:
    @parametrize("case", [1, 2])
    @unlike
    @given(number=st.integers())
    def test_sync(self, case, number):
        note(id(self))

    @parametrize("case", [1, 2])
    @unlike
    @given(number=st.integers())
    async def test_async(self, case, number):
        note(id(self))
"""
    run = record(tmp_path, HEAD + source)
    assert [verdict for verdict in run.verdicts().values() if verdict != "passed"] == []


def test_on_trio_its_calls_live_in_the_run_and_in_the_context_of_its_fixtures(tmp_path):
    source = """
import trio

variable = ContextVar("variable")

@fixture
async def home():
    variable.set("by the fixture")
    async with trio.open_nursery() as nursery:
        yield trio.lowlevel.current_trio_token()
        nursery.cancel_scope.cancel()

class TestClass:
    @parametrize("case", [1, 2])
    @mark.trio
    @few
    @given(number=st.integers())
    async def test_all(self, home, case, number):
        await trio.sleep(0)
        assert trio.lowlevel.current_trio_token() is home
        assert variable.get() == "by the fixture"
        note(case)
"""
    run = record(tmp_path, HEAD + source)
    assert run.verdicts() == {"TestClass::test_all[1]": "passed", "TestClass::test_all[2]": "passed"}
    assert set(run.log) == {1, 2}


def test_on_trio_it_fails_skips_draws_and_is_timed_out_as_elsewhere(tmp_path):
    source = """
import hypothesis, trio

@mark.trio
@few
@given(number=st.integers())
async def test_fails(number):
    assume(number != 50)
    await trio.sleep(0)
    assert number < 50

@mark.trio
@few
@given(number=st.integers())
async def test_skips(number): skip("not here")

@mark.trio
@few
@given(data=st.data())
async def test_draws(data):
    await trio.sleep(0)
    assert data.draw(st.integers(0, 9)) < 10
    hypothesis.note("drawn")

@mark.timeout(0.2)
@mark.trio
@few
@given(number=st.integers())
async def test_waits(number):
    note("waits")
    await trio.sleep(60)

@mark.trio
async def test_next(): await trio.sleep(0)
"""
    run = record(tmp_path, HEAD + source)
    verdicts = {"test_fails": "failed", "test_skips": "skipped", "test_draws": "passed", "test_waits": "timed out"}
    assert run.verdicts() == {**verdicts, "test_next": "passed"}
    assert "assert 51 < 50" in run.failure("test_fails").message
    assert run.log == ["waits"]


def test_static_methods_and_decorated_ones_are_called_as_others_are(tmp_path):
    source = """
from functools import wraps

def in_between(test):
    @wraps(test)
    async def run(**arguments):
        await asyncio.sleep(0)
        test(**arguments)
        note("decorated")
    return run

class TestClass:
    @staticmethod
    @few
    @given(number=st.integers())
    async def test_static(number):
        await asyncio.sleep(0)
        note("static")

@in_between
@few
@given(number=st.integers())
def test_decorated(number): pass
"""
    run = record(tmp_path, HEAD + source)
    assert set(run.verdicts().values()) == {"passed"}
    assert set(run.log) == {"decorated", "static"}
