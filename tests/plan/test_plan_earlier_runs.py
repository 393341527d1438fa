"""Which tests `--lf` and `--sw` choose, and which come first with `--ff` and `--nf`."""

import os

import pytest

from rustest.collect.collector import collect
from rustest.model.history import NO_HISTORY, Ending, entry, parse_history, write_history
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan

FILES = {
    "a/test_a.py": """
        def test_1(): ...
        def test_2(): ...
        async def test_3(): ...
        async def test_4(): ...
    """,
    "a/test_b.py": """
        class TestIt:
            def test_1(self): ...
            def test_2(self): ...
        async def test_3(): ...
    """,
    "test_c.py": "def test_1(): ...",
}


def history_of(*failed: str, stepped: tuple[str, ...] = (), problems: tuple[str, ...] = (), new: tuple[str, ...] = ()):
    known = [f"a/test_a.py::test_{number}" for number in (1, 2, 3, 4)]
    known += ["a/test_b.py::TestIt::test_1", "a/test_b.py::TestIt::test_2", "a/test_b.py::test_3", "test_c.py::test_1"]
    entries = dict.fromkeys(known, entry(Ending.GOOD, 0.1))
    entries |= dict.fromkeys(failed, entry(Ending.BAD, 0.1)) | dict.fromkeys(stepped, entry(Ending.STEPPED, 0.1))
    known_now = {test: known for test, known in entries.items() if test not in new}
    return parse_history("".join(write_history(known_now, problems, {})))


def plan(project, history, files=FILES, **settings):
    project.write(files)
    decided = Settings(rootdir=str(project.root), **settings)
    return make_plan(collect(decided), decided, history)


def kept(project, history, **settings) -> set[str]:
    return set(plan(project, history, **settings).ids())


def test_only_what_failed_last_time_is_left(project):
    failed = {"a/test_a.py::test_4", "a/test_b.py::TestIt::test_1"}
    planned = plan(project, history_of(*failed), lf=True)
    assert set(planned.ids()) == failed
    assert planned.deselected == 6
    assert planned.note == "running only the 2 tests that failed last time"


@pytest.mark.parametrize("history", [NO_HISTORY, history_of(), history_of("a/test_a.py::test_gone")])
def test_where_nothing_failed_all_run_and_the_note_says_so(project, history):
    planned = plan(project, history, lf=True)
    assert (planned.total, planned.deselected) == (8, 0)
    assert planned.note == "none of these tests failed last time: running all"


def test_what_failed_is_looked_for_among_the_chosen_tests_only(project):
    assert kept(project, history_of("test_c.py::test_1"), lf=True, keyword="TestIt") == {
        "a/test_b.py::TestIt::test_1",
        "a/test_b.py::TestIt::test_2",
    }


@pytest.mark.parametrize(
    ("problem", "tests"),
    [
        ("test_c.py", 1),
        ("a/test_b.py", 3),
        ("a/test_b.py::TestIt", 2),
        ("a/conftest.py", 7),
        ("conftest.py", 8),
        ("a", 7),
    ],
)
def test_tests_that_could_not_be_collected_count_as_failed(project, problem, tests):
    planned = plan(project, history_of(problems=(problem,)), lf=True)
    noun = "test" if tests == 1 else "tests"
    assert (planned.total, planned.note) == (tests, f"running only the {tests} {noun} that failed last time")


def test_a_run_step_by_step_leaves_out_what_it_has_behind_it(project):
    history = history_of("a/test_a.py::test_2", stepped=("a/test_a.py::test_1", "a/test_a.py::test_3"))
    planned = plan(project, history, sw=True)
    assert planned.deselected == 2
    in_file = {test.rpartition("::")[2] for test in planned.ids() if test.startswith("a/test_a.py")}
    assert in_file == {"test_2", "test_4"}
    assert planned.note == "step by step: 2 tests left out that passed since the first stop"


def test_a_run_step_by_step_of_nothing_that_is_left_takes_all(project):
    assert kept(project, history_of(stepped=("test_c.py::test_1",)), sw=True, keyword="test_c") == {"test_c.py::test_1"}


def test_what_failed_comes_first_in_every_window_and_its_file_before_others(project):
    history = history_of("a/test_a.py::test_4", "a/test_b.py::TestIt::test_2", "test_c.py::test_1")
    planned = plan(project, history, ff=True)
    assert [*planned.ids()] == [
        "a/test_a.py::test_4",  # these overlap, and start in this order
        "a/test_a.py::test_3",
        "a/test_b.py::test_3",
        "a/test_a.py::test_1",
        "a/test_a.py::test_2",
        "a/test_b.py::TestIt::test_2",
        "a/test_b.py::TestIt::test_1",
        "test_c.py::test_1",
    ]
    assert planned.note == "3 tests that failed last time first"


def test_one_after_another_the_tests_of_a_file_stay_together(project):
    planned = plan(project, history_of("a/test_b.py::test_3", "test_c.py::test_1"), ff=True, concurrency=1)
    assert [test.partition("::")[0] for test in planned.ids()] == ["a/test_b.py"] * 3 + ["test_c.py"] + [
        "a/test_a.py"
    ] * 4
    assert next(planned.ids()) == "a/test_b.py::test_3"


def test_new_tests_come_first_then_those_of_the_file_that_changed_last(project):
    project.write(FILES)
    for name, changed in {"a/test_a.py": 1000, "a/test_b.py": 3000, "test_c.py": 2000}.items():
        os.utime(project.root / name, (changed, changed))
    decided = Settings(rootdir=str(project.root), nf=True, concurrency=1)
    planned = make_plan(collect(decided), decided, history_of(new=("a/test_a.py::test_2",)))
    assert [*planned.ids()] == [
        *(f"a/test_a.py::test_{number}" for number in (2, 1, 3, 4)),
        *("a/test_b.py::TestIt::test_1", "a/test_b.py::TestIt::test_2", "a/test_b.py::test_3"),
        "test_c.py::test_1",
    ]
    assert planned.note == "1 new test first, then those of the files that changed last"


def test_tests_that_leave_state_for_a_failed_one_come_early_with_it(project):
    source = """
        state = {}
        def test_other(): ...
        def test_writes(): state["k"] = 1
        def test_reads(): assert state["k"]
    """
    entries = {f"test_it.py::test_{name}": entry(Ending.GOOD, 0.1) for name in ("other", "writes")}
    entries["test_it.py::test_reads"] = entry(Ending.BAD, 0.1)
    history = parse_history("".join(write_history(entries, (), {})))
    planned = plan(project, history, {"test_it.py": source}, ff=True)
    assert [test.rpartition("_")[2] for test in planned.ids()] == ["writes", "reads", "other"]
