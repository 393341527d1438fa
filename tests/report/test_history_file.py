"""What is remembered of a run, and what becomes of what was remembered before."""

import pytest

from rustest.model.events import RunFinished, TestFinished
from rustest.model.failure import Phase, problem
from rustest.model.history import NO_HISTORY, Disturbance, Ending, HistoryError, entry, parse_history, write_history
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.model.plan import Extent
from rustest.model.report import fold
from rustest.model.settings import Settings
from rustest.report.history import HistoryReporter, Recollection, recall
from rustest.testing import run, run_project, write_project

FILES = {
    "test_a.py": """
        from rustest import parametrize

        def test_good(): pass
        def test_bad(): assert 0

        @parametrize("text", ["a b", "ü", "x\\ny"])
        async def test_case(text): assert text != "ü"
    """,
    "test_b.py": "def test_other(): assert 0",
}


def remembered(folder, **settings):
    return recall(Settings(rootdir=str(folder), **settings))


def endings(folder):
    history = remembered(folder).history
    assert remembered(folder).complaint == ""
    return {test: known[0] for test, known in history.entries().items()}


def test_the_text_gives_back_what_was_written():
    entries = {"a.py::test_x[a b]": entry(Ending.BAD, 1.25), "b.py::test_\udcff": entry(Ending.GOOD, 10.0**9)}
    problems = {"c.py", "d/conftest.py"}
    disturbed = {"e.py::test_z": Disturbance("0badcafe"), "f.py::test_z": Disturbance("", 4, 80)}
    history = parse_history("".join(write_history(entries, problems, disturbed)))
    assert history.entries() == entries
    assert (history.problems, history.disturbed) == (problems, disturbed)
    assert history.durations([*entries, "gone"]) == {"a.py::test_x[a b]": 1.25, "b.py::test_\udcff": 99999.0}


def test_a_test_that_was_disturbed_stays_alone_for_some_runs_and_for_twice_as_many_if_it_is_disturbed_again():
    found = Disturbance("0badcafe")
    assert found.alone_for == 10
    for left in (*range(9, -1, -1), 0):
        found = found.after_run()
        assert found.alone_for == left
    waits = []
    for _ in range(4):
        found = found.again()
        waits.append(found.alone_for)
    assert waits == [20, 40, 80, 80]


def test_what_an_earlier_version_knew_of_a_disturbance_counts_from_the_start():
    history = parse_history("rustest history 1\n~0badcafe   e.py::test_z\n")
    assert history.disturbed == {"e.py::test_z": Disturbance("0badcafe")}


def test_a_duration_that_somebody_has_garbled_counts_as_none_and_the_others_as_they_are():
    entries = {"a.py::test_x": entry(Ending.GOOD, 1.25), "a.py::test_y": entry(Ending.GOOD, 2.5)}
    text = "".join(write_history(entries, (), {})).replace("2.5000", "garble")
    assert parse_history(text).durations(entries) == {"a.py::test_x": 1.25, "a.py::test_y": 0.0}


@pytest.mark.parametrize("text", ["", "{}", "rustest history 1", "rustest history 2\n", "rustest history 1\nF"])
def test_a_text_of_another_kind_or_cut_short_is_refused(text):
    with pytest.raises(HistoryError):
        parse_history(text)


def test_every_test_is_remembered_with_how_it_ended(tmp_path):
    run_project(tmp_path, FILES)
    assert endings(tmp_path) == {
        "test_a.py::test_good": ".",
        "test_a.py::test_bad": "F",
        "test_a.py::test_case[a b]": ".",
        "test_a.py::test_case[\\xfc]": "F",
        "test_a.py::test_case[x\\ny]": ".",
        "test_b.py::test_other": "F",
    }
    assert (tmp_path / ".rustest_cache/.gitignore").read_text() == "*\n"


def test_a_run_of_some_tests_leaves_what_is_known_of_the_others(tmp_path):
    run_project(tmp_path, FILES)
    before = endings(tmp_path)
    write_project(tmp_path, {"test_a.py": FILES["test_a.py"].replace("assert 0", "pass")})
    run(f"{tmp_path}/test_a.py::test_bad", rootdir=str(tmp_path))
    assert endings(tmp_path) == before | {"test_a.py::test_bad": "."}


@pytest.mark.parametrize("settings", [{}, {"keyword": "good"}, {"deselect": ["test_a.py::test_case"]}])
def test_tests_that_are_gone_are_forgotten_once_their_file_was_read_whole(tmp_path, settings):
    run_project(tmp_path, FILES)
    write_project(tmp_path, {"test_a.py": FILES["test_a.py"].replace("test_bad", "test_new")})
    run(f"{tmp_path}/test_a.py", rootdir=str(tmp_path), **settings)
    known = endings(tmp_path)
    assert "test_a.py::test_bad" not in known
    assert {"test_a.py::test_case[a b]", "test_b.py::test_other"} <= set(known)


def test_a_file_that_is_gone_is_forgotten(tmp_path):
    run_project(tmp_path, FILES)
    (tmp_path / "test_b.py").unlink()
    run(f"{tmp_path}/test_a.py::test_good", rootdir=str(tmp_path))
    assert not any(test.startswith("test_b.py") for test in endings(tmp_path))


def test_a_test_that_did_not_come_to_its_turn_stays_what_it_was(tmp_path):
    run_project(tmp_path, FILES)
    before = endings(tmp_path)
    run(tmp_path, rootdir=str(tmp_path), maxfail=1, concurrency=1)
    assert endings(tmp_path) == before


def test_what_cannot_be_collected_is_a_problem_until_it_can(tmp_path):
    broken = {"test_c.py": "import nothing_of_that_name", "sub/conftest.py": "1 / 0", "sub/test_d.py": ""}
    run_project(tmp_path, {**FILES, **broken})
    assert remembered(tmp_path).history.problems == {"test_c.py", "sub/conftest.py"}
    run_project(tmp_path, {"test_c.py": "def test_c(): pass"}, keyword="test_c")
    assert remembered(tmp_path).history.problems == {"sub/conftest.py"}
    run_project(tmp_path, {"sub/conftest.py": "", "sub/test_d.py": "def test_d(): pass"})
    assert remembered(tmp_path).history.problems == frozenset()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"not ours", b"rustest history 1\n.    0.1"])
def test_a_file_that_is_not_ours_is_told_of_and_replaced(tmp_path, content):
    run_project(tmp_path, FILES)
    before = endings(tmp_path)
    (tmp_path / ".rustest_cache/history").write_bytes(content)
    report = run_project(tmp_path, {})
    (warning,) = report.warnings
    assert "not what rustest has written" in warning.message
    assert warning.file == str(tmp_path / ".rustest_cache/history")
    assert endings(tmp_path) == before


def test_where_nothing_can_be_written_the_run_goes_on_and_says_so(tmp_path):
    (tmp_path / ".rustest_cache").write_text("a file in its place")
    report = run_project(tmp_path, {"test_it.py": "def test_it(): pass"})
    assert report.status == 0
    (warning,) = report.warnings
    assert warning.message.startswith("the run cannot be remembered: ")


def test_a_run_without_a_cache_folder_leaves_nothing_behind(tmp_path):
    run_project(tmp_path, FILES, cache_dir="")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test_a.py", "test_b.py"]


def test_a_run_that_runs_nothing_leaves_nothing_behind(tmp_path):
    run_project(tmp_path, FILES, keyword="no_such_test")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test_a.py", "test_b.py"]


def test_the_cache_may_stand_elsewhere(tmp_path):
    run_project(tmp_path, FILES, cache_dir="build/cache")
    assert remembered(tmp_path, cache_dir="build/cache").history != NO_HISTORY
    assert not (tmp_path / ".rustest_cache").exists()


def test_clearing_the_cache_forgets_everything_and_removes_nothing_of_others(tmp_path):
    source = "def test_it(cache):\n    assert cache.get('runs', 0) == 0\n    cache.set('runs', 1)"
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "mine").write_text("kept")
    assert run_project(tmp_path, {"test_it.py": source}, cache_dir="cache").status == 0
    assert run_project(tmp_path, {"test_it.py": source}, cache_dir="cache").status == 1
    report = run_project(tmp_path, {"test_it.py": source}, cache_dir="cache", cache_clear=True, lf=True)
    assert report.status == 0
    assert (tmp_path / "cache" / "mine").read_text() == "kept"


def test_a_run_that_ends_while_another_goes_on_is_not_lost(tmp_path):
    (tmp_path / "test_it.py").write_text("")
    settings, tell = Settings(rootdir=str(tmp_path)), [].append
    failed = Outcome(Verdict.FAILED, failures=(problem(Phase.CALL, "no"),))
    one = fold([TestFinished("test_it.py::test_one", PASSED, 0.0, 0.5)])
    two = fold([TestFinished("test_it.py::test_two", failed, 0.0, 0.5)])
    first, second = (
        HistoryReporter(settings, Extent(), Recollection(NO_HISTORY), tell, report)
        for report in (lambda: one, lambda: two)
    )
    second(RunFinished(1.0))
    first(RunFinished(1.0))
    assert endings(tmp_path) == {"test_it.py::test_one": ".", "test_it.py::test_two": "F"}
