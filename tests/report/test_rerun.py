"""The commands that are printed do what they say, when a shell reads them."""

import subprocess

import pytest

import rustest.__main__
from rustest.report.rerun import command, rerun
from rustest.testing import run, run_project

CASES = ["a b", "x::y", "$HOME", "it's", '"quoted"', "*", "a;b", "tab\\t", "ü"]


@pytest.mark.parametrize("folder", ["", "tests"])
def test_a_shell_reads_the_command_as_the_one_test(tmp_path, monkeypatch, folder):
    source = f"from rustest import parametrize\n@parametrize('case', {CASES!r})\ndef test_it(case): assert 0\n"
    failed = run_project(tmp_path, {"setup.py": "", "tests/test_it.py": source})
    assert len(failed.finished) == len(CASES)
    monkeypatch.chdir(tmp_path / folder)
    for node_id in failed.finished:
        printed = command(node_id, str(tmp_path), str(tmp_path / folder))
        script = f"rustest() {{ printf '%s\\n' \"$@\"; }}; {printed}"
        arguments = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()
        assert [*run(*arguments, rootdir=str(tmp_path)).finished] == [node_id]


def test_one_is_told_apart_from_many():
    assert rerun(["a.py::x"], "/p", "/p") == "to run it again:\n  rustest a.py::x"
    assert rerun(["a.py::x", "a.py::y"], "/p", "/p").splitlines() == [
        "to run all of these again: rustest --lf, or one by one:",
        "  rustest a.py::x",
        "  rustest a.py::y",
    ]


def test_of_many_tests_the_first_commands_are_enough():
    lines = rerun([f"a.py::test[{number}]" for number in range(300)], "/p", "/p").splitlines()
    assert lines[0] == "to run all of these again: rustest --lf, or one by one:"
    assert lines[-1] == "  ... and 290 more"
    assert len(lines) == 12


def test_who_has_called_rustest_as_a_module_is_told_to_do_so_again(monkeypatch):
    monkeypatch.setattr("sys.argv", [rustest.__main__.__file__, "-x"])
    assert rerun(["a.py::x"], "/p", "/p") == "to run it again:\n  python -m rustest a.py::x"
    assert rerun(["a.py::x", "b"], "/p", "/p").startswith("to run all of these again: python -m rustest --lf, or")
    monkeypatch.setattr("sys.argv", ["/somewhere/pytest/__main__.py"])
    assert rerun(["a.py::x"], "/p", "/p") == "to run it again:\n  rustest a.py::x"
