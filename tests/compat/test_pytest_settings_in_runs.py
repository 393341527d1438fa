"""What pytest's settings and options do to a run: classes, functions, marks, fixtures, conftests and exit statuses."""

import io

import pytest

from rustest.cli.main import main
from rustest.model.outcome import Verdict
from rustest.model.report import ExitStatus
from rustest.testing import run, write_project


def outcomes(folder, files, **settings):
    write_project(folder, files)
    report = run(folder, rootdir=str(folder), **settings)
    return {name.rpartition("/")[2]: ended.outcome.verdict for name, ended in report.finished.items()}, report


def test_names_of_classes_and_functions_begin_so_or_fit_as_patterns(tmp_path):
    source = """
        def check_it(): pass
        def it_works(): pass
        def test_not(): pass
        class CheckThis:
            def check_in(self): pass
            def test_not(self): pass
        class MySuite:
            def check_in(self): pass
        class TestNot:
            def check_in(self): pass
    """
    names = {"python_classes": ["Check", "*Suite"], "python_functions": ["check", "*_works"]}
    ended, _ = outcomes(tmp_path, {"test_a.py": source}, **names)
    assert sorted(ended) == [
        "test_a.py::CheckThis::check_in",
        "test_a.py::MySuite::check_in",
        "test_a.py::check_it",
        "test_a.py::it_works",
    ]


def test_imported_tests_need_not_count(tmp_path):
    files = {
        "lib.py": "def test_lib(): pass\nclass TestLib:\n    def test_in(self): pass\n",
        "test_a.py": "from lib import *\n",
    }
    assert len(outcomes(tmp_path, files)[0]) == 2
    assert outcomes(tmp_path, files, collect_imported_tests=False)[0] == {}


def test_each_test_uses_the_fixtures_that_the_settings_name(tmp_path):
    files = {
        "conftest.py": "from rustest import fixture\n@fixture\ndef listed(): listed.was = True\n",
        "test_a.py": "import conftest\ndef test_it(): assert conftest.listed.was\n",
    }
    assert outcomes(tmp_path, files, usefixtures=["listed"])[0] == {"test_a.py::test_it": Verdict.PASSED}


@pytest.mark.parametrize("markers", [["slow: takes long"], ["slow(seconds): takes long"], ["slow"]])
def test_a_mark_that_is_registered_is_no_error(tmp_path, markers):
    files = {"test_a.py": "from rustest import mark\n@mark.slow\n@mark.skip\ndef test_it(): pass\n"}
    ended, _ = outcomes(tmp_path, files, strict_markers=True, markers=markers)
    assert ended == {"test_a.py::test_it": Verdict.SKIPPED}


def test_a_mark_that_nobody_registered_is_an_error_of_its_file(tmp_path):
    files = {
        "test_a.py": "from rustest import mark\n@mark.slwo\ndef test_it(): pass\n",
        "test_b.py": "def test_it(): pass\n",
    }
    ended, report = outcomes(tmp_path, files, strict_markers=True, markers=["slow: takes long"])
    assert (list(ended), report.status) == (["test_b.py::test_it"], ExitStatus.FAILURES)
    assert "nobody registered the mark 'slwo' of test_it" in report.problems[0].failure.message
    assert "did you mean 'slow'?" in report.problems[0].failure.message


@pytest.mark.parametrize(("says", "verdict"), [("skip", Verdict.SKIPPED), ("xfail", Verdict.XFAILED)])
def test_a_test_without_values_becomes_what_the_settings_say(tmp_path, says, verdict):
    files = {"test_a.py": "from rustest import mark\n@mark.parametrize('x', [])\ndef test_it(x): pass\n"}
    assert outcomes(tmp_path, files, empty_parameter_set_mark=says)[0] == {"test_a.py::test_it[NOTSET]": verdict}


def test_a_test_without_values_may_be_an_error(tmp_path):
    files = {"test_a.py": "from rustest import mark\n@mark.parametrize('x', [])\ndef test_it(x): pass\n"}
    _, report = outcomes(tmp_path, files, empty_parameter_set_mark="fail_at_collect")
    assert "got empty parameter set for (x)" in report.problems[0].failure.message


def test_runxfail_forgets_xfail_marks(tmp_path):
    files = {"test_a.py": "from rustest import mark\n@mark.xfail\ndef test_it(): assert 0\n"}
    assert outcomes(tmp_path, files, runxfail=True)[0] == {"test_a.py::test_it": Verdict.FAILED}


def test_conftests_above_a_folder_do_not_count(tmp_path):
    fixture = "from rustest import fixture\n@fixture(autouse=True)\ndef {0}(): raise ValueError\n"
    files = {"conftest.py": fixture.format("outer"), "a/conftest.py": "", "a/test_a.py": "def test_it(): pass\n"}
    assert outcomes(tmp_path, files)[0] == {"test_a.py::test_it": Verdict.ERROR}
    assert outcomes(tmp_path, files, confcutdir=str(tmp_path / "a"))[0] == {"test_a.py::test_it": Verdict.PASSED}
    assert outcomes(tmp_path, files, noconftest=True)[0] == {"test_a.py::test_it": Verdict.PASSED}


def test_tests_share_the_loop_of_the_default_scope(tmp_path):
    source = """
        import asyncio
        loops = set()
        async def test_a(): loops.add(asyncio.get_running_loop())
        async def test_b(): loops.add(asyncio.get_running_loop())
        async def test_c():
            loops.add(asyncio.get_running_loop())
            assert len(loops) == 1
    """
    own, _ = outcomes(tmp_path, {"test_a.py": source}, concurrency=1)
    shared, _ = outcomes(tmp_path, {"test_a.py": source}, concurrency=1, asyncio_default_test_loop_scope="module")
    assert (own["test_a.py::test_c"], shared["test_a.py::test_c"]) == (Verdict.FAILED, Verdict.PASSED)


def test_log_records_are_kept_from_the_level_of_the_settings_on(tmp_path):
    source = """
        import logging
        def test_it(caplog):
            logging.debug("below"), logging.info("above")
            assert caplog.messages == ["above"]
    """
    assert outcomes(tmp_path, {"test_a.py": source}, log_level="INFO")[0] == {"test_a.py::test_it": Verdict.PASSED}


def test_a_filter_for_a_class_of_the_projects_own_counts_while_files_are_imported(tmp_path):
    files = {
        "pytest.ini": "[pytest]\nfilterwarnings =\n    error\n    ignore: old:kinds.OldWarning\n",
        "kinds.py": "class OldWarning(UserWarning): pass\n",
        "old.py": "import warnings, kinds\nwarnings.warn('old', kinds.OldWarning)\n",
        "test_it.py": "import old\ndef test_it(): pass\n",
    }
    found, report = outcomes(tmp_path, files, pytest_compat="on", pythonpath=("",))
    assert (found, report.problems) == ({"test_it.py::test_it": Verdict.PASSED}, ())


def test_class_names_in_a_junit_file_begin_with_the_prefix(tmp_path):
    outcomes(tmp_path, {"test_a.py": "def test_it(): pass\n"}, junit_xml=str(tmp_path / "r.xml"), junit_prefix="py311")
    assert 'classname="py311.test_a"' in (tmp_path / "r.xml").read_text()


def test_what_is_not_honoured_is_told_at_the_start_and_what_changes_looks_only_is_named(tmp_path, monkeypatch, capsys):
    write_project(
        tmp_path,
        {"pytest.ini": "[pytest]\naddopts = --keep-duplicates\nlog_cli = 1\n", "test_told.py": "def test_it(): pass\n"},
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.__stdin__", io.StringIO())
    assert main(["--pytest-compat"]) is ExitStatus.OK
    told = capsys.readouterr().out
    assert "--keep-duplicates has no effect here" in told
    assert "without effect here: log_cli\n" in told
    assert main(["--pytest-compat", "-v"]) is ExitStatus.OK
    assert "no effect here; logs are shown with their test, not as they come" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "status"),
    [
        ((), ExitStatus.FAILURES),
        (("-k", "good"), ExitStatus.OK),
        (("-m", "slow"), ExitStatus.NO_TESTS),
        (("--nobody-knows",), ExitStatus.USAGE_ERROR),
    ],
)
def test_exit_statuses_are_pytests(tmp_path, monkeypatch, argv, status):
    name = f"test_{status.name.lower()}.py"  # main leaves modules behind, and a second one of a name is an error
    write_project(tmp_path, {name: "def test_good(): pass\ndef test_bad(): assert 0\n", "pytest.ini": ""})
    monkeypatch.chdir(tmp_path)
    assert main(["--pytest-compat", *argv]) is status


def test_a_filter_of_a_module_that_is_not_installed_is_told_and_the_others_count(tmp_path, monkeypatch, capsys):
    filters = "[pytest]\nfilterwarnings =\n    error:loud\n    ignore::nowhere.Warned\n"
    test = "import warnings\ndef test_it(): warnings.warn('loud')\n"
    write_project(tmp_path, {"pytest.ini": filters, "test_filtered.py": test})
    monkeypatch.chdir(tmp_path)
    assert main(["--pytest-compat"]) is ExitStatus.FAILURES
    told = capsys.readouterr().out
    assert "a warning filter for nowhere.Warned has no effect here: No module named 'nowhere'\n" in told


def test_a_run_with_too_many_warnings_says_so(tmp_path, monkeypatch, capsys):
    write_project(tmp_path, {"test_warned.py": "import warnings\ndef test_it(): warnings.warn('a')\n"})
    monkeypatch.chdir(tmp_path)
    assert main(["--max-warnings", "0", "-W", "default"]) == ExitStatus.TOO_MANY_WARNINGS
    assert "no more than 0 warnings may be given\n\n1 passed, 1 warning" in capsys.readouterr().out
