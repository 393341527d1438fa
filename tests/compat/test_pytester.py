"""`pytester`: tests of pytest's plugins write projects, and run pytest itself on them."""

import io

import pytest
from _pytest.pytester import LineMatcher as PytestsMatcher
from _pytest.pytester import RunResult as PytestsResult
from hook_projects import run

from rustest.compat.plugins.line_matcher import LineMatcher
from rustest.compat.plugins.run_result import RunResult
from rustest.model.errors import Failed
from rustest.model.outcome import Verdict
from rustest.testing import write_project

LINES = ["collected 3 items", "a.py .F.", "", "E  assert 1 == 2", "1 failed, 2 passed, 1 error, 1 warning in 0.12s"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes the tests of a plugin and makes their folder the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def write(tests: str, conftest: str = "pytest_plugins = 'pytester'\n") -> None:
        write_project(tmp_path, {"pytest.ini": "[pytest]\n", "conftest.py": conftest, "test_it.py": tests})

    return write


def verdicts() -> list[Verdict]:
    return [one.outcome.verdict for one in run().finished.values()]


def test_a_project_is_written_and_pytest_itself_runs_on_it(project):
    project("""
        import pytest
        from pathlib import Path
        from pytest import Pytester, RunResult

        def test_plugin(pytester: Pytester, monkeypatch) -> None:
            monkeypatch.setenv("WORD", "said")
            pytester.mkpydir("library")
            pytester.makefile(".py", **{"library/part": "NAME = 'part'"})
            plugin = pytester.makepyfile(ourplugin='''
                import pytest
                @pytest.fixture
                def word():
                    import os
                    return os.environ["WORD"]
                ''')
            pytester.makeini("[pytest]\\npythonpath = .")
            pytester.makepyfile(
                "from library.part import NAME",
                "def test_word(word): assert word == 'said'",
                "def test_other(): assert NAME == 'whole'",
            )
            pytester.plugins.append("ourplugin")
            pytester.syspathinsert()
            result = pytester.runpytest("-rA", "-p", "no:cacheprovider")
            assert isinstance(result, RunResult) and result.ret == pytest.ExitCode.TESTS_FAILED
            assert plugin == pytester.path / "ourplugin.py" and Path.cwd() == pytester.path
            result.assert_outcomes(passed=1, failed=1)
            result.stdout.fnmatch_lines(["*pytest-*", "test_plugin.py .F*", "PASSED test_plugin.py::test_word"])
            result.stdout.no_fnmatch_line("*INTERNALERROR*")
            assert result.duration > 0 and not result.errlines
        """)
    report = run()
    assert [one.outcome.failures for one in report.finished.values()] == [()]
    assert "test_word" in "".join(output.text for one in report.finished.values() for output in one.output)


def test_the_older_fixture_gives_paths_of_the_older_kind(project):
    project("""
        def test_it(testdir):
            made = testdir.makepyfile(test_one="print('written')")
            assert made == testdir.tmpdir.join("test_one.py") and made.check()
            assert testdir.mkdir("sub").basename == "sub"
            assert testdir.runpython(made).stdout.lines == ["written"]
            assert testdir.runpython_c("import sys; sys.exit(3)").ret == 3
            assert testdir.run("cat", stdin=b"a\\nb").outlines == ["a", "b"]
        """)
    assert verdicts() == [Verdict.PASSED]


def test_what_looks_inside_pytest_is_not_there_and_says_why(project):
    project("def test_it(pytester): pytester.inline_run()\n")
    [finished] = run().finished.values()
    assert (
        "pytester.inline_run is not there: here pytest runs in a process of its own"
        in finished.outcome.failures[0].message
    )


def test_without_the_plugin_the_fixture_is_not_there_and_the_message_says_what_makes_it(project):
    project("def test_it(pytester): ...\ndef test_beside_it(): ...\n", conftest="import pytest\n")
    stream = io.StringIO()
    run(stream=stream)
    assert verdicts() == [Verdict.ERROR, Verdict.PASSED]
    assert 'it is there with `pytest_plugins = "pytester"` in the conftest.py' in stream.getvalue()


@pytest.mark.parametrize(
    ("method", "argument", "options"),
    [
        ("fnmatch_lines", ["coll*", "E *==*"], {}),
        ("fnmatch_lines", ["E *", "coll*"], {}),
        ("fnmatch_lines", "\n    coll*\n    a.py ?F?\n", {}),
        ("fnmatch_lines", ["coll*", "a.py*", ""], {"consecutive": True}),
        ("fnmatch_lines", ["coll*", "E *"], {"consecutive": True}),
        ("fnmatch_lines", ["a.py*", "E *"], {"consecutive": True}),
        ("fnmatch_lines", ["nothing"], {}),
        ("re_match_lines", [r"a\.py", "E .*2$"], {}),
        ("re_match_lines", ["py"], {}),
        ("fnmatch_lines_random", ["E *", "coll*"], {}),
        ("fnmatch_lines_random", ["E *", "none*"], {}),
        ("re_match_lines_random", ["E ", "coll"], {}),
        ("re_match_lines_random", ["py"], {}),
        ("no_fnmatch_line", "*py", {}),
        ("no_fnmatch_line", "*py*", {}),
        ("no_re_match_line", "py", {}),
        ("no_re_match_line", "a", {}),
        ("get_lines_after", "E *", {}),
        ("get_lines_after", "none", {}),
        ("str", None, {}),
    ],
)
def test_lines_match_as_in_pytest(method, argument, options):
    def ask(kind: type) -> object:
        try:
            return getattr(kind(LINES), method)(*([] if argument is None else [argument]), **options)
        except (Failed, pytest.fail.Exception):
            return "fails"
        except ValueError:
            return ValueError

    assert ask(LineMatcher) == ask(PytestsMatcher)


def test_a_line_that_is_missing_is_told_with_those_that_are_there():
    with pytest.raises(Failed, match=r"no line fits 'x\*' after that for 'coll\*'\nthe lines:\n  collected 3 items\n"):
        LineMatcher(LINES).fnmatch_lines(["coll*", "x*"])


@pytest.mark.parametrize(
    "last", [LINES[-1], "no tests ran in 0.01s", "=== 2 skipped, 3 xfailed in 61.02s (0:01:01) ==="]
)
def test_the_numbers_of_a_summary_are_read_as_in_pytest(last):
    lines = [*LINES[:-1], last]
    found = RunResult(1, lines, [], 0.1).parseoutcomes()
    assert found == PytestsResult(1, lines, [], 0.1).parseoutcomes()


def test_outcomes_are_wanted_to_the_last_one_and_warnings_only_where_they_are_named():
    result = RunResult(1, LINES, [], 0.1)
    result.assert_outcomes(failed=1, passed=2, errors=1)
    result.assert_outcomes(failed=1, passed=2, errors=1, warnings=1, deselected=0)
    with pytest.raises(Failed, match="came to 2 passed, 1 failed, 1 errors, expected 2 passed, 1 failed\n"):
        result.assert_outcomes(failed=1, passed=2)
    with pytest.raises(ValueError, match="no summary"):
        RunResult(1, [], ["broken"], 0.1).parseoutcomes()
