"""`--randomize`: another order of files, classes and tests, in which what belongs together stays together."""

import subprocess
import sys

import pytest

from rustest.report.listings.plan_listing import list_plan
from rustest.testing import plan_project

CLASSES = """
    def test_1(): ...
    class TestA:
        def test_1(self): ...
        def test_2(self): ...
        def test_3(self): ...
    def test_2(): ...
    class TestB:
        def test_1(self): ...
        def test_2(self): ...
"""
FILES = {f"{folder}/test_{name}.py": CLASSES for folder in ("p", "q") for name in ("x", "y")}


def order(folder, files=FILES, **settings) -> list[str]:
    return [*plan_project(folder, files, **settings).ids()]


def runs_of(parts: list[str]) -> list[str]:
    """The parts, each stretch of the same once."""
    return [part for position, part in enumerate(parts) if position == 0 or parts[position - 1] != part]


def test_the_same_seed_gives_the_same_order_and_another_another(tmp_path):
    usual = order(tmp_path)
    shuffled = {seed: order(tmp_path, randomize=seed) for seed in range(1, 9)}
    assert all(sorted(one) == sorted(usual) for one in shuffled.values())
    assert len({*map(tuple, shuffled.values()), tuple(usual)}) == 9
    assert order(tmp_path, randomize=5) == shuffled[5]


def test_the_order_does_not_depend_on_the_process(tmp_path):
    program = (
        "from rustest.testing import plan; import sys;"
        "print(*plan(sys.argv[1], rootdir=sys.argv[1], randomize=7).ids(), sep='\\n')"
    )
    expected = order(tmp_path, randomize=7)
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == expected


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_tests_of_a_file_and_of_a_class_stay_together(tmp_path, seed):
    shuffled = order(tmp_path, randomize=seed)
    files = runs_of([test.partition("::")[0] for test in shuffled])
    assert sorted(files) == sorted(FILES)
    classes = [test.rpartition("::")[0] for test in shuffled if "::Test" in test]
    for one in set(classes):
        (positions,) = [[position for position, test in enumerate(shuffled) if test.startswith(f"{one}::")]]
        assert positions == [*range(positions[0], positions[0] + len(positions))]


def test_two_tests_keep_their_order_whatever_else_runs(tmp_path):
    everything = order(tmp_path, randomize=3)
    some = order(tmp_path, randomize=3, keyword="TestA or test_x")
    assert some == [test for test in everything if test in some]


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("seed", range(1, 9))
def test_tests_that_hand_state_to_each_other_keep_their_order(tmp_path, kind, seed):
    source = f"""
        state = {{}}
        {kind} test_free(): ...
        class TestC:
            {kind} test_a(self): ...
            {kind} test_writes(self): state["k"] = 1
            {kind} test_z(self): ...
        {kind} test_changes(): state["k"] += 1
        class TestD:
            {kind} test_reads(self): assert state["k"] == 2
    """
    names = [test.rpartition("_")[2] for test in order(tmp_path, {"test_it.py": source}, randomize=seed)]
    assert [name for name in names if name in ("writes", "changes", "reads")] == ["writes", "changes", "reads"]


@pytest.mark.parametrize("seed", range(1, 6))
def test_folders_stay_together_where_a_fixture_lives_as_long_as_one(tmp_path, seed):
    conftest = "from rustest import fixture\n@fixture(scope='package')\ndef shared(): ..."
    files = {f"{folder}/conftest.py": conftest for folder in ("p", "q")}
    files |= {f"{folder}/test_{name}.py": "def test_it(shared): ..." for folder in ("p", "q") for name in "abcd"}
    files |= {f"{folder}/__init__.py": "" for folder in ("p", "q")}
    folders = [test[0] for test in order(tmp_path, files, randomize=seed)]
    assert len(runs_of(folders)) == 2


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_is_set_up_with_one_param_is_set_up_once(tmp_path, seed):
    source = """
        from rustest import fixture

        @fixture(scope="session", params=[1, 2, 3])
        def number(request): return request.param

        def test_a(number): ...
        def test_b(number): ...
        def test_c(number): ...
    """
    params = [test.rpartition("[")[2] for test in order(tmp_path, {"test_it.py": source}, randomize=seed)]
    assert len(runs_of(params)) == 3


def test_a_listed_plan_says_how_to_get_its_order_again(tmp_path):
    planned = plan_project(tmp_path, FILES, randomize=12)
    assert next(list_plan(planned)) == "shuffled: --randomize 12 gives this order again\n"


def test_the_note_says_how_to_get_this_order_again(tmp_path):
    assert plan_project(tmp_path, FILES, randomize=12).note == "shuffled: --randomize 12 gives this order again"
    picked = plan_project(tmp_path, FILES, randomize=0)
    seed = int(picked.note.split()[2])
    assert seed > 0
    assert [*picked.ids()] == order(tmp_path, randomize=seed)
