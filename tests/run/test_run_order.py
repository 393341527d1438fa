"""What runs when: the plan and the run agree, serial tests keep apart, tests that hand state on keep their order."""

import pytest
from project_runs import record

from rustest.model.plan import Lane
from rustest.testing import plan_project

MIXED = """
    import asyncio
    import random
    from happened import note
    from rustest import fixture, mark, parametrize

    @fixture(scope="module")
    def shared(): pass

    def test_sync_one(): pass

    @parametrize("number", range(5))
    async def test_async(number): await asyncio.sleep(random.random() / 100)

    @mark.skip
    def test_skipped(): pass

    def test_sync_two(shared): pass

    class TestGroup:
        async def test_shared(self, shared): await asyncio.sleep(random.random() / 100)

        def test_sync(self): pass

        async def test_also_shared(self, shared): await asyncio.sleep(random.random() / 100)

    @mark.serial
    async def test_alone(): await asyncio.sleep(0.01)

    def test_sync_three(): pass
"""
FILES = {f"{folder}/test_{folder}.py": MIXED for folder in ("a", "b", "c")}


def planned(folder, **settings):
    return plan_project(folder, {"happened.py": "note = print", **FILES}, pythonpath=["."], **settings)


def test_sync_tests_start_in_the_order_of_the_plan_and_windows_one_after_another(tmp_path):
    happened = record(tmp_path / "run", FILES)
    starts = happened.starts()
    for window in planned(tmp_path / "plan").windows:
        ids = [step.item.id for step in window.steps if step.item.id in starts]
        stretch, starts = starts[: len(ids)], starts[len(ids) :]
        assert sorted(stretch) == sorted(ids)
        if window.lane is not Lane.OVERLAP:
            assert stretch == ids
    assert starts == []


def test_with_a_concurrency_of_1_tests_start_in_the_order_of_the_files(tmp_path):
    happened = record(tmp_path / "run", FILES, concurrency=1)
    names = ["test_sync_one", *(f"test_async[{number}]" for number in range(5)), "test_sync_two"]
    names += ["TestGroup::test_shared", "TestGroup::test_sync", "TestGroup::test_also_shared"]
    names += ["test_alone", "test_sync_three"]
    assert happened.starts() == [f"{file}::{name}" for file in sorted(FILES) for name in names]
    assert happened.most_at_once() == 1


@pytest.mark.parametrize("width", [1, 2, 7])
def test_as_many_are_in_flight_as_are_allowed_and_no_more(tmp_path, width):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import parametrize

        @parametrize("number", range(20))
        async def test_it(number): await asyncio.sleep(0.005)
        """,
        concurrency=width,
    )
    assert happened.most_at_once() == width


HAND_OVER = """
    import asyncio
    import random
    from rustest import mark

    pause = lambda: asyncio.sleep(random.random() / 100)

    class Database:
        def __init__(self): self.open = True

        async def close(self):
            await pause()
            self.open = False

    db = None
    items = []

    @mark.asyncio(loop_scope="class")
    class TestDatabase:
        async def test_connect(self):
            global db
            await pause()
            db = Database()

        async def test_query(self):
            await pause()
            assert db.open

        async def test_query_again(self):
            await pause()
            assert db.open

        async def test_disconnect(self):
            await db.close()
            await pause()
            assert not db.open

    class TestAttributes:
        token = None

        async def test_store(self):
            await pause()
            type(self).token = "x"

        async def test_read(self):
            await pause()
            assert self.token == "x"

        def test_read_in_a_sync_test(self): assert self.token == "x"

    async def test_fill():
        await pause()
        items.append(1)

    async def test_take():
        await pause()
        assert items.pop() == 1

    async def test_empty():
        await pause()
        assert not items
"""


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("concurrency", [1, 2, 100])
def test_tests_that_hand_state_to_each_other_keep_their_order(tmp_path, concurrency, attempt):
    happened = record(tmp_path, {"test_one.py": HAND_OVER, "test_two.py": HAND_OVER}, concurrency=concurrency)
    assert set(happened.verdicts().values()) == {"passed"}
    assert len(happened.report.finished) == 20


KEYS = """
    import asyncio
    import random
    from happened import note
    from rustest import fixture, mark, parametrize

    async def hold(what):
        note(("begin", what))
        await asyncio.sleep(random.random() / 100)
        note(("end", what))

    @fixture(serial="db")
    async def db(): return "db"

    @parametrize("number", range(4))
    @mark.serial("db")
    async def test_by_mark(number): await hold("db")

    @parametrize("number", range(4))
    async def test_by_fixture(number, db): await hold("db")

    @parametrize("number", range(4))
    @mark.serial("mail")
    async def test_other_key(number): await hold("mail")

    @parametrize("number", range(2))
    @mark.serial("mail", "db")
    async def test_both(number):
        note(("begin", "db"))
        await hold("mail")
        note(("end", "db"))

    @parametrize("number", range(4))
    async def test_free(number): await hold(("free", number))

    @mark.serial
    async def test_alone(): await hold("alone")
"""


def test_holders_of_one_key_never_overlap_and_others_do(tmp_path):
    happened = record(tmp_path, {"test_one.py": KEYS, "test_two.py": KEYS})
    assert set(happened.verdicts().values()) == {"passed"}
    held: list = []
    together: set = set()
    for what, key in happened.log:
        if what == "begin":
            assert key not in held or isinstance(key, tuple)
            assert "alone" not in held and (key != "alone" or not held)
            held.append(key)
            together.add(tuple(sorted(map(str, set(held)))))
        else:
            held.remove(key)
    assert any({"db", "mail"} <= set(keys) for keys in together)
