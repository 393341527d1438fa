"""A test that leaves the process in another folder is named, and the tests after it run where it began."""

import os
import posix

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

LEFT = "the test changed the working directory and left it so; rustest has put it back: "
MEND = "use monkeypatch.chdir, which puts it back"
BEFORE = "import os\nfrom rustest import fixture\nHOME = os.getcwd()\n"
AFTER = "\ndef test_z(): assert os.getcwd() == HOME\n"


def told(folder, source, **settings) -> list[tuple[str | None, str, int]]:
    """What is told of tests whose last one wants to run where all began."""
    report = run_project(folder, {"test_it.py": BEFORE + source + AFTER}, **settings)
    assert {one.outcome.verdict for one in report.finished.values()} == {Verdict.PASSED}
    return [(one.id, one.message, one.line) for one in report.warnings]


@pytest.mark.parametrize(
    "change",
    [
        "os.chdir('/')",
        "os.fchdir(os.open('/', os.O_RDONLY))",
        "__import__('pathlib'); __import__('contextlib').chdir('/').__enter__()",
        "chdir('/')",
        "thread = Thread(target=os.chdir, args=['/']); thread.start(); thread.join()",
        "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')",
    ],
)
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_whoever_changes_it_for_a_test_that_does_not_put_it_back_is_told_and_it_is_put_back(tmp_path, kind, change):
    source = f"from os import chdir; from threading import Thread\n{kind} test_a(): {change}\n"
    assert told(tmp_path, source) == [("test_it.py::test_a", LEFT + MEND, 5)]


@pytest.mark.parametrize(
    "source",
    [
        "def test_a():\n    os.chdir('/')\n    os.chdir(HOME)\n",
        "def test_a(monkeypatch): monkeypatch.chdir('/')\n",
        "@fixture\ndef elsewhere():\n    os.chdir('/')\n    yield\n    os.chdir(HOME)\ndef test_a(elsewhere): pass\n",
        "class TestIt:\n    def setup_method(self): os.chdir('/')\n    def teardown_method(self): os.chdir(HOME)\n"
        "    def test_a(self): assert os.getcwd() == '/'\n",
    ],
)
def test_whoever_has_put_it_back_at_the_end_is_not_told(tmp_path, source):
    assert told(tmp_path, source) == []


def test_what_a_fixture_of_a_wider_scope_does_it_does_for_all_its_users(tmp_path):
    source = """
@fixture(scope="module")
def elsewhere():
    os.chdir("/")
    yield
    os.chdir(HOME)

def test_a(elsewhere): assert os.getcwd() == "/"
def test_b(elsewhere): assert os.getcwd() == "/"
"""
    assert told(tmp_path, source) == []


def test_a_fixture_that_leaves_it_changed_is_its_tests(tmp_path):
    source = "@fixture\ndef elsewhere(): os.chdir('/')\n\ndef test_a(elsewhere): assert os.getcwd() == '/'\n"
    assert told(tmp_path, source) == [("test_it.py::test_a", LEFT + MEND, 7)]


def test_beside_others_it_is_told_once(tmp_path):
    source = """
import asyncio
from tools import DO
async def test_a():
    DO["go"]()
    await asyncio.sleep(0.01)
async def test_b():
    await asyncio.sleep(0.03)
"""
    (tmp_path / "tools.py").write_text('import os\nDO = {"go": lambda: os.chdir("/")}\n')
    (found,) = told(tmp_path, source, pythonpath=["."])
    assert "while another test was in flight" in found[1]


def test_in_suites_of_pytests_it_is_told_and_stays_as_it_would_there(tmp_path):
    source = "import os, pytest\ndef test_a(): os.chdir('/')\ndef test_b(): assert os.getcwd() == '/'\n"
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_a", "test_it.py::test_b")
    assert [(one.id, one.message) for one in report.warnings] == [
        ("test_it.py::test_a", LEFT.replace("rustest has put it back", "the tests after it run there") + MEND)
    ]


def test_the_settings_make_it_a_failure_or_leave_it_be(tmp_path):
    source = "import os\nHOME = os.getcwd()\ndef test_a(): os.chdir('/')\ndef test_b(): assert os.getcwd() == HOME\n"
    report = run_project(tmp_path, {"test_it.py": source}, strict={"shared_change": "error"})
    assert report.ids(Verdict.FAILED) == ("test_it.py::test_a",)
    report = run_project(tmp_path, {"test_it.py": source}, strict={"shared_change": "ignore"})
    assert (report.ids(Verdict.FAILED), report.warnings) == (("test_it.py::test_b",), ())


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_with_workers_it_is_the_same(tmp_path, start):
    threads = ["ignore:This process .* is multi-threaded"]  # as that of these tests may be
    options = {"workers": 1, "worker_start": start, "filterwarnings": threads}
    found = told(tmp_path, "def test_a(): os.chdir('/')\n", **options)
    assert found == [("test_it.py::test_a", LEFT + MEND, 4)]


def test_an_attempt_that_is_tried_again_begins_where_the_first_did(tmp_path):
    source = (
        "import os\nHOME = os.getcwd()\nseen = []\n"
        "def test_a():\n    seen.append(os.getcwd())\n    os.chdir('/')\n    assert seen[1:] == [HOME]\n"
    )
    report = run_project(tmp_path, {"test_it.py": source}, retries=1)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_a",)
    assert [one.id for one in report.warnings] == ["test_it.py::test_a"]


def test_the_functions_are_pythons_own_again_when_the_run_is_over(tmp_path):
    told(tmp_path, "def test_a(): os.chdir('/')\n")
    assert (os.chdir, os.fchdir) == (posix.chdir, posix.fchdir)
