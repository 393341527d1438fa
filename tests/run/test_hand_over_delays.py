"""Tests that hand on what they have made pass in the plan's order, however long each step of theirs takes."""

import random

import pytest
from project_runs import record

SOURCE = """
import asyncio
from rustest import fixture, mark

class Database:
    def __init__(self): self.connected = False
    async def connect(self):
        # WAIT
        self.connected = True
        return self
    async def query(self): return [1, 2]
    async def disconnect(self): self.connected = False

db = None
rows = []

@mark.asyncio(loop_scope="class")
class TestDatabase:
    async def test_connect(self):
        global db
        # WAIT
        db = await Database().connect()
        # WAIT
        assert db.connected

    async def test_query(self):
        # WAIT
        assert db.connected
        rows.extend(await db.query())
        # WAIT
        assert db.connected

    async def test_query_again(self):
        # WAIT
        assert len(await db.query()) == 2
        # WAIT
        assert db.connected

    async def test_disconnect(self):
        # WAIT
        assert db.connected
        await db.disconnect()
        # WAIT
        assert not db.connected

async def test_rows():
    # WAIT
    assert rows == [1, 2]

@mark.parametrize("case", range(20))
async def test_beside(case):
    # WAIT
    assert case < 20
"""


def with_delays(seed: int) -> str:
    """The source, with a random wait, often none, in each place for one."""
    chance = random.Random(seed)

    def wait() -> str:
        return f"await asyncio.sleep({chance.choice([0, 0, 0.001, 0.005, 0.02])})"

    head, *parts = SOURCE.split("# WAIT")
    return head + "".join(wait() + part for part in parts)


@pytest.mark.parametrize("seed", range(8))
def test_a_connection_in_a_global_is_there_for_each_test_that_needs_it(tmp_path, seed):
    recording = record(tmp_path, with_delays(seed))
    assert set(recording.verdicts().values()) == {"passed"}
    assert recording.most_at_once() > 10  # and the others overlap with them all the same


def test_without_the_plans_order_the_same_tests_would_fail(tmp_path):
    """So the test above can fail: a copy of the class that hands nothing on in its own code is not put in order."""
    source = SOURCE.replace("db = await Database().connect()", "globals()['db'] = await Database().connect()")
    source = source.replace("# WAIT", "await asyncio.sleep(0)", 1).replace("# WAIT", "pass")  # no clock has a say
    assert record(tmp_path, source, strict_overlap=True).verdicts()["TestDatabase::test_query"] == "failed"
