"""Which files are rewritten in a run, and what the run leaves behind."""

import subprocess
import sys
from importlib import import_module
from textwrap import dedent

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import plan_project, run_project

FAILS = "def check(x): assert x + 1 == 3\n"


@pytest.fixture(autouse=True)
def modules_as_before():
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("app", "apple", "near"):
            del sys.modules[name]


def messages(folder, files, **settings) -> dict[str, str]:
    report = run_project(folder, files, **settings)
    assert report.problems == ()
    return {
        test.rpartition("::")[2]: finished.outcome.failures[0].message
        for test, finished in report.finished.items()
        if finished.outcome.failures
    }


def test_test_files_and_conftests_are_rewritten_and_other_modules_are_not(tmp_path):
    files = {
        "conftest.py": f"from rustest import fixture\n{FAILS}\n@fixture\ndef checked(): return check",
        "near.py": FAILS,
        "test_x.py": """
            from near import check
            def test_here(): assert 1 + 1 == 3
            def test_conftest(checked): checked(1)
            def test_near(): check(1)
            """,
    }
    assert messages(tmp_path, files) == {
        "test_here": "assert 2 == 3\n  where 2 = 1 + 1",
        "test_conftest": "assert 2 == 3\n  where 2 = 1 + 1",
        "test_near": "",
    }


def test_a_package_that_the_settings_name_is_rewritten_with_all_its_modules(tmp_path):
    files = {
        "app/__init__.py": FAILS,
        "app/deep/__init__.py": "",
        "app/deep/inner.py": FAILS,
        "apple.py": FAILS,
        "test_x.py": """
            import app, apple
            def test_package(): app.check(1)
            def test_inner():
                from app.deep.inner import check
                check(1)
            def test_other(): apple.check(1)
            """,
    }
    explained = "assert 2 == 3\n  where 2 = 1 + 1"
    expected = {"test_package": explained, "test_inner": explained, "test_other": ""}
    assert messages(tmp_path, files, assert_packages=("app",)) == expected


def test_a_test_file_that_another_imports_before_its_turn_is_rewritten_all_the_same(tmp_path):
    files = {
        "test_a.py": "from test_b import Base\nclass TestA(Base): pass",
        "test_b.py": "class Base:\n    def test_it(self): assert 1 + 1 == 3\n",
    }
    assert messages(tmp_path, files) == {"test_it": "assert 2 == 3\n  where 2 = 1 + 1"}


@pytest.mark.parametrize("settings", [{}, {"assert_packages": ("app",)}])
def test_a_run_leaves_no_finder_behind(tmp_path, settings):
    before = sys.meta_path[:]
    run_project(tmp_path, {"test_x.py": "def test_x(): pass"}, **settings)
    plan_project(tmp_path, {}, **settings)
    assert sys.meta_path == before


def test_a_module_that_is_imported_after_the_run_is_as_it_was_written(tmp_path, monkeypatch):
    run_project(tmp_path, {"app.py": FAILS, "test_x.py": "def test_x(): pass"}, assert_packages=("app",))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AssertionError) as caught:
        import_module("app").check(1)
    assert str(caught.value) == ""


@pytest.mark.parametrize("switch", ["RUSTEST_DONT_REWRITE", "PYTEST_DONT_REWRITE"])
def test_a_module_whose_docstring_says_so_is_left_alone(tmp_path, switch):
    files = {"test_x.py": f'"""Tests.\n\n{switch}\n"""\ndef test_x(): assert 1 + 1 == 3\n'}
    assert messages(tmp_path, files) == {"test_x": ""}


def test_a_module_that_only_mentions_the_switch_is_rewritten(tmp_path):
    files = {"test_x.py": "TEXT = 'RUSTEST_DONT_REWRITE'\ndef test_x(): assert 0\n"}
    assert messages(tmp_path, files) == {"test_x": "assert 0"}


def test_the_traceback_ends_in_the_assert(tmp_path):
    report = run_project(tmp_path, {"test_x.py": "def test_x():\n    x = 1\n    assert x == 2\n"})
    (failure,) = report.finished["test_x.py::test_x"].outcome.failures
    assert (failure.type, failure.frames[-1].function, failure.frames[-1].line) == ("AssertionError", "test_x", 3)
    assert not any("assertion" in frame.file for frame in failure.frames)


def test_a_value_lives_no_longer_than_it_would_have(tmp_path):
    source = """
        import weakref

        class Thing:
            value = 1

        things = []

        def make():
            thing = Thing()
            things.append(weakref.ref(thing))
            return thing

        def test_it():
            assert make().value == 1
            assert things[0]() is None
            assert make() and make()
            assert things[1]() is None and things[2]() is None
            assert not (make().value == 2 and make())
            assert things[3]() is None and len(things) == 4
            assert "__@" not in str(locals())
        """
    report = run_project(tmp_path, {"test_x.py": source})
    assert report.ids(Verdict.PASSED) == ("test_x.py::test_it",), report.finished


def test_a_value_that_a_name_holds_is_held_by_nothing_else(tmp_path):
    """Even where functions bind names of others, as long as it is another name."""
    source = """
        from sys import getrefcount

        def bind():
            global elsewhere
            elsewhere = 1

        def test_it():
            thing = object()
            count = getrefcount(thing)
            assert getrefcount(thing) == count
            assert count == getrefcount(thing)
        """
    report = run_project(tmp_path, {"test_x.py": source})
    assert report.ids(Verdict.PASSED) == ("test_x.py::test_it",), report.finished


def test_syntax_errors_are_told_as_python_tells_them(tmp_path):
    report = run_project(tmp_path, {"test_x.py": "def test_x():\n    assert 1 ==\n"})
    (problem,) = report.problems
    assert (problem.failure.type, problem.failure.frames[-1].line) == ("SyntaxError", 2)


def test_an_error_that_only_the_compiler_sees_is_told_too(tmp_path):
    report = run_project(tmp_path, {"test_x.py": "def test_x():\n    assert 1\nreturn\n"})
    (problem,) = report.problems
    assert (problem.failure.type, problem.failure.frames[-1].line) == ("SyntaxError", 3)


def test_optimized_runs_have_no_asserts(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.rustest]\n")
    (tmp_path / "test_x.py").write_text("def test_x(): assert print('evaluated')\n")
    done = subprocess.run([sys.executable, "-O", "-m", "rustest"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "evaluated" in done.stdout) == (0, False), done.stdout + done.stderr


ALWAYS_TRUE = """
    def test_x():
        x = 1
        assert (x == 2, "one is not two")
    """


def test_an_assert_that_can_never_fail_fails_in_its_own_line(tmp_path):
    report = run_project(tmp_path, {"test_x.py": ALWAYS_TRUE}, filterwarnings=["always"])
    (failure,) = report.outcome("test_x.py::test_x").failures
    assert failure.headline.startswith("AssertionError: this assert can never fail: it asserts a tuple")
    assert failure.frames[-1].line == 4
    assert report.warnings == ()


HIDDEN = """
    def test_x(): assert False

    def helper(): assert False

    def helper(): pass

    def test_x(): pass

    class TestIt:
        def test_y(self): assert False
        @property
        def test_data(self): return 1
        @test_data.setter
        def test_data(self, value): assert False
        @mark.skip
        def test_y(self): pass

    if helper():
        def test_z(): assert False
    else:
        def test_z(): pass
    """


def test_a_test_that_is_hidden_by_another_one_is_warned_of_with_its_line(tmp_path):
    files = {"test_x.py": "from rustest import mark\n" + dedent(HIDDEN)}
    report = run_project(tmp_path, files, filterwarnings=["always"])
    told = [(one.category, one.file, one.line, one.message) for one in report.warnings]
    said = "{} never runs: another one of that name, in line {}, hides it; rename one of them"
    file = str(tmp_path / "test_x.py")
    assert told == [
        ("SyntaxWarning", file, 3, said.format("test_x", 9)),
        ("SyntaxWarning", file, 12, said.format("test_y", 18)),
    ]


def test_a_file_without_asserts_is_looked_at_for_hidden_tests_as_well(tmp_path):
    report = run_project(tmp_path, {"test_x.py": "def test_a(): pass\ndef test_a(): pass"}, filterwarnings=["always"])
    assert [one.line for one in report.warnings] == [1]


def test_where_warnings_are_errors_it_is_an_error_of_the_compilers(tmp_path):
    files = {"test_x.py": "from rustest import mark\n" + dedent(HIDDEN)}
    [problem] = run_project(tmp_path, files, filterwarnings=["error"]).problems
    assert problem.failure.headline.startswith("SyntaxError: test_x never runs")
    assert [(frame.file, frame.line) for frame in problem.failure.frames] == [(str(tmp_path / "test_x.py"), 3)]


def test_null_bytes_are_told_with_their_line(tmp_path):
    (tmp_path / "test_x.py").write_bytes("def test_x():\n    assert True\n".encode("utf-16-le"))
    [problem] = run_project(tmp_path, {}).problems
    assert problem.failure.headline == (
        "SyntaxError: there are null bytes in the file: is it text, and in UTF-8? (test_x.py, line 1)"
    )
    assert [(frame.file, frame.line) for frame in problem.failure.frames] == [(str(tmp_path / "test_x.py"), 1)]


RUN = """
    import io, sys
    from contextlib import redirect_stdout
    sys.dont_write_bytecode = False
    from rustest.cli.main import main
    with redirect_stdout(io.StringIO()) as said:
        main(["-q"])
    print(said.getvalue().count("2 warnings "), "rustest.assertion.rewrite" in sys.modules)
    """


def test_the_warning_comes_again_when_the_code_comes_from_the_cache(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.rustest]\n")
    (tmp_path / "test_x.py").write_text("from rustest import mark\n" + dedent(HIDDEN))
    assert [last_line(tmp_path), last_line(tmp_path)] == ["1 True", "1 False"]


def last_line(folder) -> str:
    command = [sys.executable, "-c", dedent(RUN)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


@pytest.mark.parametrize("harmless", ["assert (x == 1)", "assert ()  if x == 2 else x", "assert (*[x],)"])
def test_other_parentheses_are_harmless(tmp_path, harmless):
    report = run_project(tmp_path, {"test_x.py": f"def test_x():\n    x = 1\n    {harmless}\n"})
    assert report.ids(Verdict.PASSED)
    assert report.warnings == ()
