"""What goes to one worker as a whole, and what may be split."""

from collections import Counter

import pytest

from rustest.model.settings import Settings
from rustest.testing import plan_project
from rustest.workers.queue import Queue
from rustest.workers.units import split_plan


@pytest.fixture
def split(tmp_path):
    def split_project(files, workers=2, durations=None, **settings):
        plan = plan_project(tmp_path, files, **settings)
        units = split_plan(plan, Settings(**settings), durations or {}, workers)
        assert Counter(node_id for unit in units for node_id in unit.ids()) == Counter(plan.ids())
        return units

    return split_project


def names(unit):
    return [node_id.partition("::")[2] for node_id in unit.ids()]


def of_one_unit(units, *wanted):
    (found,) = [names(unit) for unit in units if set(wanted) & set(names(unit))]
    return set(wanted) <= set(found)


def test_async_tests_that_share_nothing_are_dealt_out_evenly(split):
    source = "\n".join(f"async def test_{number}(): pass" for number in range(10))
    units = split({"test_it.py": source}, workers=3)
    assert sorted(len(unit.ids()) for unit in units) == [3, 3, 4]


def test_tests_that_took_long_go_to_different_workers(split):
    source = "\n".join(f"async def test_{number}(): pass" for number in range(6))
    durations = {f"test_it.py::test_{number}": 5.0 if number in (0, 1) else 0.1 for number in range(6)}
    units = split({"test_it.py": source}, durations=durations)
    assert sorted(sum(name in ("test_0", "test_1") for name in names(unit)) for unit in units) == [1, 1]


def test_sync_tests_of_one_file_stay_together_and_files_do_not(split):
    source = "def test_a(): pass\ndef test_b(): pass"
    units = split({"test_it.py": source, "test_that.py": source})
    assert [names(unit) for unit in units] == [["test_a", "test_b"]] * 2


SHARED = """
from rustest import fixture, mark

@fixture(scope="module")
def of_the_module(): pass

@fixture(scope="class")
def of_the_class(): pass

def test_line(of_the_module): pass
async def test_loop(of_the_module): pass
async def test_loop_too(of_the_module): pass
async def test_free(): pass

class TestIt:
    async def test_a(self, of_the_class): pass
    async def test_b(self, of_the_class): pass
"""


def test_users_of_one_module_or_class_fixture_stay_together(split):
    units = split({"test_it.py": SHARED}, workers=4)
    assert of_one_unit(units, "test_line", "test_loop", "test_loop_too")
    assert of_one_unit(units, "TestIt::test_a", "TestIt::test_b")
    assert ["test_free"] in [names(unit) for unit in units]


def test_users_of_one_package_fixture_stay_together_over_files(split):
    conftest = "from rustest import fixture\n@fixture(scope='package')\ndef of_the_package(): pass"
    units = split(
        {
            "one/__init__.py": "",
            "one/conftest.py": conftest,
            "one/test_a.py": "def test_a(of_the_package): pass",
            "one/test_b.py": "async def test_b(of_the_package): pass",
            "test_c.py": "async def test_c(): pass",
        },
        workers=3,
    )
    assert of_one_unit(units, "test_a", "test_b")
    assert ["test_c"] in [names(unit) for unit in units]


def test_holders_of_one_key_stay_together_wherever_they_are(split):
    source = """
        from rustest import mark
        @mark.serial("db")
        def test_line(): pass
        @mark.serial("db", "files")
        async def test_loop(): pass
        @mark.concurrency(2, "files")
        async def test_files(): pass
        async def test_free(): pass
    """
    units = split({"test_it.py": source.replace('concurrency(2, "files")', 'serial("files")')}, workers=4)
    assert of_one_unit(units, "test_line", "test_loop", "test_files")
    assert ["test_free"] in [names(unit) for unit in units]


def test_a_test_that_is_handed_state_stays_with_the_one_that_hands_it(split):
    source = """
        state = {}
        async def test_stores(): state["key"] = 1
        async def test_reads(): assert state["key"]
        async def test_free(): pass
        async def test_free_too(): pass
    """
    assert of_one_unit(split({"test_it.py": source}, workers=4), "test_stores", "test_reads")


def test_in_file_order_a_file_is_not_split(split):
    source = "async def test_a(): pass\ndef test_b(): pass\nasync def test_c(): pass"
    (unit,) = split({"test_it.py": source}, concurrency=1)
    assert names(unit) == ["test_a", "test_b", "test_c"]


def test_what_is_marked_serial_is_handed_out_when_all_else_is_over(split):
    serial = "from rustest import mark\n@mark.serial\nasync def test_a(): pass"
    queue = Queue(split({"test_a.py": serial, "test_b.py": "def test_b(): pass"}), 2)
    assert [names(unit) for unit in queue.take(lambda unit: True)] == [["test_b"]]
    assert queue and not queue.take(lambda unit: True)
    assert [names(unit) for unit in queue.take_alone(lambda unit: True)] == [["test_a"]]
    assert not queue


def test_units_with_one_param_of_a_sessions_fixture_come_before_those_with_the_next(split):
    conftest = """
        from rustest import fixture
        @fixture(scope="session", params=[1, 2])
        def number(request): return request.param
    """
    source = "def test_it(number): pass"
    durations = {f"test_{name}.py::test_it[{param}]": float(param) for name in "ab" for param in (1, 2)}
    units = split({"conftest.py": conftest, "test_a.py": source, "test_b.py": source}, durations=durations)
    assert [name.partition("[")[2] for unit in units for name in names(unit)] == ["1]", "1]", "2]", "2]"]


def test_long_units_come_first_and_one_at_a_time_and_short_ones_several(split):
    files = {f"test_{number}.py": "def test_it(): pass" for number in range(40)}
    durations = {f"test_{number}.py::test_it": 3.0 if number == 30 else 0.001 for number in range(40)}
    queue = Queue(split(files, durations=durations), 2)
    assert [unit.ids() for unit in queue.take(lambda unit: True)] == [["test_30.py::test_it"]]
    assert len(queue.take(lambda unit: True)) == 5


def test_without_those_that_have_ended_a_unit_knows_whom_it_need_not_wait_for(split):
    (unit,) = split({"test_it.py": "def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass"})
    left = unit.without({"test_it.py::test_a"})
    assert (left.ids(), left.forgone) == (["test_it.py::test_b", "test_it.py::test_c"], ("test_it.py::test_a",))
    assert [len(window.steps) for window in left.singly({"test_it.py::test_c"}).windows] == [1, 1]
    assert left.singly({"test_it.py::test_c"}).ids() == ["test_it.py::test_c", "test_it.py::test_b"]


def test_a_portion_holds_only_what_may_be_handed_to_whoever_asks(split):
    files = {f"test_{name}.py": "def test_it(): pass" for name in "abcd"}
    queue = Queue(split(files), 2)

    def is_not_a_or_b(unit):
        return unit.ids()[0][5] not in "ab"

    taken = [queue.take(is_not_a_or_b) for _ in range(2)]
    assert [unit.ids() for portion in taken for unit in portion] == [["test_c.py::test_it"], ["test_d.py::test_it"]]
    assert queue and queue.take(is_not_a_or_b) == []
