"""The listings of tests, for people and for editors."""

import json
from pathlib import Path

import pytest

from rustest.cli.main import main
from rustest.testing import write_project

FILES = {
    "a/test_one.py": """
        from rustest import fixture, mark, parametrize

        print("imported")

        def test_last_in_the_run_first_in_the_file(monkeypatch): pass

        class TestOuter:
            async def test_a(self): pass

            class TestInner:
                @mark.slow
                @mark.slow
                @mark.db("main")
                def test_b(self): pass

            def test_c(self): pass

        @parametrize("x", [1, 2])
        async def test_cases(x): pass

        @mark.skip("no reason")
        def test_skipped(): pass

        def test_unknown(nobody): pass
        """,
    "b/test_two.py": "import no_such_module",
    "b/test_three.py": "from rustest import skip\nskip('not here', allow_module_level=True)",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path, {"setup.py": "", **FILES})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    return tmp_path


def test_the_tree_has_files_classes_and_tests_in_the_order_of_the_files(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--collect-only"]) == 1
    out, err = capsys.readouterr()
    tree, *problems, totals = out.strip().split("\n\n")
    assert tree == (
        "a/test_one.py\n"
        "  test_last_in_the_run_first_in_the_file\n"
        "  TestOuter\n"
        "    test_a\n"
        "    TestInner\n"
        "      test_b\n"
        "    test_c\n"
        "  test_cases[1]\n"
        "  test_cases[2]\n"
        "  test_skipped  [skipped: no reason]\n"
        "  test_unknown  [cannot run]"
    )
    assert [told.splitlines()[0] for told in problems] == [
        "PROBLEM b/test_two.py",
        "PROBLEM a/test_one.py::test_unknown",
    ]
    assert totals == "8 tests in 1 file, 1 problem, 1 file skipped"
    assert err == "imported\n"


def test_quiet_it_has_nothing_but_ids_that_can_be_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--co", "-q", "-k", "test_cases"]) == 1  # for the file that cannot be imported
    ids = capsys.readouterr().out.partition("\n\n")[0].splitlines()
    assert ids == ["a/test_one.py::test_cases[1]", "a/test_one.py::test_cases[2]"]
    assert main(["--co", "-q", *ids]) == 0
    assert capsys.readouterr().out.splitlines() == ids


def test_as_json_every_test_has_what_an_editor_needs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--collect-json"]) == 1
    *lines, summary = map(json.loads, capsys.readouterr().out.splitlines())
    tests = {line["name"]: line for line in lines if line["kind"] == "test"}
    assert tests["test_b"] == {
        "schema": 1,
        "kind": "test",
        "id": "a/test_one.py::TestOuter::TestInner::test_b",
        "file": "a/test_one.py",
        "line": 12,
        "name": "test_b",
        "classes": ["TestOuter", "TestInner"],
        "case": None,
        "async": False,
        "marks": ["db", "slow"],
        "skip": None,
        "problem": None,
    }
    assert (tests["test_cases[2]"]["case"], tests["test_cases[2]"]["async"]) == ("2", True)
    assert tests["test_skipped"]["skip"] == "no reason"
    assert "asks for `nobody`" in tests["test_unknown"]["problem"]
    skipped, problem = (line for line in lines if line["kind"] != "test")
    assert skipped == {"schema": 1, "kind": "skipped_file", "file": "b/test_three.py", "skip": "not here"}
    assert (problem["where"], problem["file"], problem["line"]) == ("b/test_two.py", "b/test_two.py", 1)
    assert problem["message"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert summary == {
        "schema": 1,
        "kind": "summary",
        "tests": 8,
        "problems": 1,
        "skipped_files": 1,
        "deselected": 0,
        "rootdir": str(project),
    }


def test_listing_what_is_not_there_is_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "setup.py").touch()
    for flag in ("--collect-only", "--collect-json"):
        assert main([str(tmp_path), flag]) == 5
    assert capsys.readouterr().out.splitlines()[1] == "0 tests in 0 files"


@pytest.mark.parametrize("flag", ["--collect-only", "--plan", "--fixtures", "--fixtures-per-test"])
def test_listings_say_why_there_is_nothing_to_list(flag, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(tmp_path, {"setup.py": "", "test_it.py": "def test_a(): pass"})
    assert main([str(tmp_path), flag, "-k", "nothing"]) == 5
    assert capsys.readouterr().out.endswith("\n\nno test is left: -k deselected 1 test, all that were found\n")


def test_a_listing_as_json_runs_no_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(tmp_path, {"setup.py": "", "test_it.py": "def test_a(): open('ran', 'w')"})
    assert main([str(tmp_path), "--collect-json"]) == 0
    assert not (tmp_path / "ran").exists()
