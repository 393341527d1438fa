"""Shards of a suite: what is in which, and that each test is in one."""

import json
from collections import Counter

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from test_plan_laws import collections, quick

from rustest.model.bonds import bound_groups, step_at
from rustest.model.choices import Shard
from rustest.model.errors import UsageError
from rustest.model.plan import Lane
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan
from rustest.plan.shard import tests_of_shard as shard_of
from rustest.testing import plan_project, run_project


def shards(collection, of, **decided):
    return [[*make_plan(collection, Settings(shard=Shard(number, of), **decided)).ids()] for number in range(1, of + 1)]


@given(collections(), st.integers(1, 7), st.sampled_from([1, 100]))
@quick
def test_shards_partition_the_plan(collection, of, concurrency):
    whole = make_plan(collection, Settings(concurrency=concurrency))
    found = [node_id for shard in shards(collection, of, concurrency=concurrency) for node_id in shard]
    assert Counter(found) == Counter(whole.ids())


@given(collections(), st.integers(2, 7))
@quick
def test_tests_that_are_bound_to_each_other_are_in_one_shard(collection, of):
    whole = make_plan(collection, Settings())
    where = {node_id: number for number, shard in enumerate(shards(collection, of)) for node_id in shard}
    for places in bound_groups(whole.windows, in_order=False):
        assert len({where[step_at(place, whole.windows).item.id] for place in places}) == 1


@given(
    st.lists(st.floats(0.5, 1.0), min_size=150, max_size=200),
    st.lists(st.floats(0.5, 1.0), min_size=150, max_size=200),
    st.integers(1, 7),
)
@examples(5)
def test_shards_are_of_even_length_by_the_durations(tmp_path_factory, plan_of_many, lines, overlapping, of):
    plan = plan_of_many
    file = tmp_path_factory.mktemp("durations") / "durations.json"
    durations = {f"test_l{number}.py::test_it": seconds for number, seconds in enumerate(lines)}
    durations |= {f"test_o.py::test_{number}": seconds for number, seconds in enumerate(overlapping)}
    file.write_text(json.dumps(durations))
    decided = Settings(durations_from=str(file))
    for lane in (Lane.OVERLAP, Lane.SYNC):
        known = {
            step.item.id: durations[step.item.id]
            for window in plan.windows
            for step in window.steps
            if window.lane is lane and step.item.id in durations
        }
        windows = [
            window._replace(steps=tuple(step for step in window.steps if step.item.id in known))
            for window in plan.windows
        ]
        loads = [
            sum(known[node_id] for node_id in shard_of(windows, decided, Shard(number, of)))
            for number in range(1, of + 1)
        ]
        assert max(loads) <= 1.1 * min(loads)


@pytest.fixture(scope="module")
def plan_of_many(tmp_path_factory):
    files = {f"test_l{number}.py": "def test_it(): pass" for number in range(200)}
    files["test_o.py"] = "\n".join(f"async def test_{number}(): pass" for number in range(200))
    return plan_project(tmp_path_factory.mktemp("many"), files)


def places(tmp_path, files, of, **decided):
    return {
        node_id: number
        for number in range(1, of + 1)
        for node_id in plan_project(tmp_path, files, shard=f"{number}/{of}", **decided).ids()
    }


def test_a_new_test_moves_few_others_to_other_shards(tmp_path):
    files = {f"test_{number}.py": "def test_a(): pass\ndef test_b(): pass" for number in range(40)}
    before = places(tmp_path, files, 3)
    files["test_0.py"] += "\ndef test_c(): pass"
    files["test_new.py"] = "def test_it(): pass"
    after = places(tmp_path, files, 3)
    assert {node_id.partition("::")[0] for node_id in before if before[node_id] != after[node_id]} <= {"test_0.py"}
    assert set(before.values()) == {1, 2, 3}


def test_what_this_machine_remembers_changes_no_shard(tmp_path):
    files = {f"test_{number}.py": "def test_it(): assert __file__[-4] != '3'" for number in range(8)}
    before = places(tmp_path, files, 2)
    run_project(tmp_path, files)
    assert places(tmp_path, files, 2, ff=True) == before
    failed = places(tmp_path, files, 2, lf=True)
    assert failed["test_3.py::test_it"] == before["test_3.py::test_it"]


def test_the_copies_of_a_repeated_test_stay_together(tmp_path):
    where = places(tmp_path, {"test_it.py": "async def test_a(): pass\nasync def test_b(): pass"}, 2, repeat=3)
    assert len(where) == 6
    assert len({where[node_id] for node_id in where if "test_a" in node_id}) == 1


def test_a_run_writes_durations_by_which_the_next_one_is_cut(tmp_path):
    source = """
        import time
        from rustest import mark

        def test_it(): time.sleep({seconds})
        @mark.skip
        def test_skipped(): pass
    """
    files = {f"test_{number}.py": source.format(seconds=0.2 if number in (2, 3) else 0.0) for number in range(6)}
    report = run_project(tmp_path, files, durations_to=str(tmp_path / "new" / "durations.json"))
    assert report.status == 0
    written = json.loads((tmp_path / "new" / "durations.json").read_text())
    assert [*written] == [f"test_{number}.py::test_it" for number in range(6)]
    assert written["test_2.py::test_it"] >= 0.2
    where = places(tmp_path, files, 2, durations_from="new/durations.json")
    assert {where["test_2.py::test_it"], where["test_3.py::test_it"]} == {1, 2}


def test_the_shard_with_the_longest_tests_that_overlap_has_not_the_longest_others_too(tmp_path):
    files = {"test_overlaps.py": "async def test_it(): pass", "test_sync.py": "def test_it(): pass"}
    (tmp_path / "durations.json").write_text(json.dumps({f"{name}::test_it": 10.0 for name in files}))
    where = places(tmp_path, files, 2, durations_from="durations.json")
    assert sorted(where.values()) == [1, 2]


def test_tests_that_take_no_time_are_dealt_out_by_their_number(tmp_path):
    files = {f"test_{number}.py": "def test_it(): pass" for number in range(6)}
    (tmp_path / "durations.json").write_text(json.dumps({f"{name}::test_it": 0.0 for name in files}))
    where = places(tmp_path, files, 2, durations_from="durations.json")
    assert sorted(where.values()) == [1, 1, 1, 2, 2, 2]


def test_the_run_says_which_shard_it_is_and_deselects_nobody(tmp_path):
    files = {"test_it.py": "async def test_a(): pass\nasync def test_b(): pass"}
    plans = [plan_project(tmp_path, files, shard=f"{number}/2") for number in (1, 2)]
    assert [plan.deselected for plan in plans] == [0, 0]
    assert plans[0].note == f"shard 1/2: {plans[0].total} of 2 tests"


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3", ""])
def test_a_shard_that_cannot_be_is_a_usage_error(tmp_path, text):
    with pytest.raises(UsageError, match=r"shard is '.*', expected 'K/N', as in '2/5' for the second of five"):
        plan_project(tmp_path, {}, shard=text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, r"cannot read .*durations.json: No such file or directory; have a run write it with --durations-to"),
        ("{", r"cannot read .*durations.json: it is no JSON"),
        ("[]", r"is no object of seconds by node id"),
        ('{"a": "b"}', r"is no object of seconds by node id"),
        ('{"a": -1.0}', r"is no object of seconds by node id"),
        ('{"a": Infinity}', r"is no object of seconds by node id"),
    ],
)
def test_durations_that_cannot_be_read_are_a_usage_error(tmp_path, text, complaint):
    if text is not None:
        (tmp_path / "durations.json").write_text(text)
    with pytest.raises(UsageError, match=f"^--durations-from: .*{complaint}"):
        plan_project(tmp_path, {"test_it.py": "def test_it(): pass"}, shard="1/2", durations_from="durations.json")


@pytest.mark.parametrize("name", [".", "test_it.py", "file/durations.json"])
def test_durations_that_cannot_be_written_are_a_usage_error(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"^--durations-to: .*name (a|another) file"):
        run_project(tmp_path, {"test_it.py": "def test_it(): pass"}, durations_to=f"{tmp_path}/{name}")
