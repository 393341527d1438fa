"""Options that change what is told, or what is set up, held against pytest's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_witness import Told, ask_pytest

from rustest.cli.main import main
from rustest.compat.settings.option_names import pytest_options
from rustest.model.settings import Settings
from rustest.testing import run_project, write_project

TESTS = """
import pytest

def test_passes(): print("a word")
def test_fails(): assert 0
def test_skips(): pytest.skip("inside")
@pytest.mark.xfail(reason="known")
def test_xfails(): assert 0
@pytest.mark.xfail(reason="odd")
def test_xpasses(): pass
@pytest.fixture
def broken(): raise ValueError("set-up")
def test_breaks(broken): pass
"""
RESOURCES = """
import pytest

@pytest.fixture(scope="module")
def wide(): yield
@pytest.fixture(params=[1, 2])
def narrow(request, wide): return request.param
def test_one(narrow): assert 0
class TestIt:
    @pytest.fixture
    def own(self): yield
    def test_two(self, wide, own): assert 0
"""
BROKEN = "import pytest\n@pytest.fixture\ndef broken(): raise ValueError\ndef test_one(broken): pass\n"
MARKED = {
    "pytest.ini": "[pytest]\nmarkers =\n  slow: takes long\n  db(name): needs it\n",
    "conftest.py": "def pytest_configure(config): config.addinivalue_line('markers', 'mine: by a hook')\n",
}
PROJECTS = {
    "all": {"test_all.py": TESTS},
    "resources": {"test_r.py": RESOURCES},
    "broken": {"test_r.py": BROKEN},
    "marked": MARKED,
}
LETTERS = ("-rA", "-ra", "-rs", "-rfx", "-rp", "-rN", "-rsN")
RUNS = {
    **{letters: ("all", ("-q", letters)) for letters in LETTERS},
    "only": ("resources", ("--setup-only",)),
    "planned": ("broken", ("--setup-plan",)),
    "only of a broken one": ("broken", ("--setup-only",)),
    "marks": ("marked", ("--markers",)),
    "nothing failed": ("resources", ("-p", "cacheprovider", "--lf", "--lfnf=none", "--cache-clear")),
    "no summary": ("all", ("--no-summary",)),
    "no output": ("all", ("--show-capture=no", "-rN")),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    made = {name: tmp_path_factory.mktemp("project") for name in PROJECTS}
    for name, folder in made.items():
        write_project(folder, {"pytest.ini": "[pytest]\n", **PROJECTS[name]})
    return made


@pytest.fixture(scope="module")
def witness(folders) -> dict[str, Told]:
    jobs = [(folders[project], options) for project, options in RUNS.values()]
    return dict(zip(RUNS, ask_pytest(jobs), strict=True))


@pytest.fixture
def ours(folders, monkeypatch, capfd):
    def run(name: str) -> Told:
        project, options = RUNS[name]
        monkeypatch.chdir(folders[project])
        status = main(["--pytest-compat", *options])
        return Told(status, capfd.readouterr().out)

    return run


def listed(output: str) -> list[tuple[str, str]]:
    """The verdicts and tests that the ending lists: in lines of their own, or beneath their reason."""
    ending = output.rpartition("short test summary info")[2]
    lines = re.findall(r"^(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S+::\w+)", ending, re.MULTILINE)
    return sorted(lines)


def listed_by_us(output: str) -> list[tuple[str, str]]:
    words = {"XFAILED": "XFAIL", "XPASSED": "XPASS"}
    beneath = re.findall(r"^(\w+) 1 test: .*\n  (\S+)", output, re.MULTILINE)
    lines = re.findall(r"^(PASSED|FAILED|ERROR) (\S+::\w+)(?:  .*)?$", output, re.MULTILINE)
    return sorted((words.get(word, word), test) for word, test in {*beneath, *lines} if word != "SKIPPED")


@pytest.mark.parametrize("letters", LETTERS)
def test_the_ending_lists_by_letter_what_pytest_lists(letters, witness, ours):
    told = ours(letters)
    assert listed_by_us(told.out) == sorted(set(listed(witness[letters].out)))
    assert len(listed(witness["-rA"].out)) > 4
    assert ("SKIPPED" in told.out) == ("SKIPPED" in witness[letters].out)
    assert ("a word" in told.out) == ("a word" in witness[letters].out)
    assert told.status == witness[letters].status


def steps(output: str) -> list[tuple[str, str]]:
    """Set-ups and teardowns in their order, with their params; pytest writes `[1]` after all that it says."""
    found = re.findall(r"^ *(SETUP|TEARDOWN) +\w+ +(\w+)(?: \(.*\))?(\[\d\])?", output, re.MULTILINE)
    return [(word, name + param) for word, name, param in found]


@pytest.mark.parametrize("name", ["only", "planned", "only of a broken one"])
def test_fixtures_are_set_up_and_torn_down_as_in_pytest_and_no_test_runs(name, witness, ours):
    told = ours(name)
    assert told.status == witness[name].status
    if name != "only of a broken one":  # pytest tells of no set-up that fails
        assert steps(told.out) == steps(witness[name].out)
    assert "failed" not in told.out.replace("(failed)", "")
    assert "runs no test" in told.out or name == "only of a broken one"


def test_marks_are_listed_that_files_and_hooks_register(witness, ours):
    told = ours("marks")
    for line in ("@pytest.mark.slow: takes long", "@pytest.mark.db(name): needs it", "@pytest.mark.mine: by a hook"):
        assert line in witness["marks"].out
        assert line in told.out
    assert "@pytest.mark.skip(" in told.out
    assert told.status == witness["marks"].status == 0


def test_nothing_runs_where_nothing_failed_and_that_is_asked_for(witness, ours):
    told = ours("nothing failed")
    assert told.status == witness["nothing failed"].status == 5
    assert "none of these tests failed last time: running none" in told.out


def test_without_a_summary_the_last_line_is_the_only_one(witness, ours):
    told = ours("no summary")
    assert told.status == witness["no summary"].status
    assert "ValueError: set-up" not in told.out.rpartition("test_all.py  ")[2]
    assert told.out.splitlines()[-1].startswith("1 failed, 1 error")


def test_output_of_failed_tests_is_left_out_where_that_is_asked_for(tmp_path, monkeypatch, capfd):
    test = "import sys\ndef test_it():\n    print('to out')\n    print('to err', file=sys.stderr)\n    assert 0\n"
    write_project(tmp_path, {"test_it.py": test})
    monkeypatch.chdir(tmp_path)
    for what, shown in {"no": [], "all": ["to out", "to err"], "stderr": ["to err"]}.items():
        main([f"--show-capture={what}"])
        lines = [line.strip() for line in capfd.readouterr().out.splitlines()]
        assert [line for line in lines if line in ("to out", "to err")] == shown


def test_what_runs_have_left_is_shown(tmp_path, monkeypatch, capfd):
    test = """
    def test_it(cache):
        cache.set("mine/value", [1, 2])
        cache.mkdir("files").joinpath("a").write_text("abc")
    """
    write_project(tmp_path, {"test_it.py": test, "test_bad.py": "def test_bad(): assert 0\n"})
    monkeypatch.chdir(tmp_path)
    main(["-q"])
    capfd.readouterr()
    assert main(["--cache-show"]) == 0
    told = capfd.readouterr().out
    assert "2 tests remembered, 1 of them failed last time\n  test_bad.py::test_bad\n" in told
    assert "value mine/value:\n  [\n    1,\n    2\n  ]\n" in told
    assert "file files/a, 3 bytes" in told
    assert main(["--cache-show", "other/*"]) == 0
    assert "mine/value" not in capfd.readouterr().out


def test_every_option_of_pytest_has_a_value_where_it_is_not_given(tmp_path):
    write_project(tmp_path, {"conftest.py": "def pytest_configure(config): print('has', *vars(config.option))"})
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "--collect-only", tmp_path]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment).stdout
    [names] = re.findall("^has (.*)$", told, re.MULTILINE)
    assert {*names.split()} - {*pytest_options(Settings())} == set()


def test_a_parser_of_options_can_be_made_and_used_by_itself(tmp_path):
    source = """
        import pytest

        def test_it():
            parser = pytest.Parser(_ispytest=True)
            parser.getgroup("pets").addoption("--pet", type=str)
            found = parser.parse(["--pet", "cat", "here"])
            assert (found.pet, found.file_or_dir) == ("cat", ["here"])

        def test_options(pytestconfig):
            assert pytestconfig.getoption("assertmode") == pytestconfig.option.assertmode == "rewrite"
            assert pytestconfig.getoption("log_level") is None
    """
    assert run_project(tmp_path, {"test_it.py": source}, pytest_compat="on").status == 0
