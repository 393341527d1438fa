"""The file that holds the bytecode of what runs load: it saves time, and changes nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import rustest

FROM_BUNDLE = """
import rustest.session

def test_it():
    assert type(rustest.session.__spec__.loader).__module__ == "rustest.cli.bundle"
    assert rustest.session.__cached__.endswith(".pyc") and rustest.session.__file__.endswith("session.py")
"""
ASYNC = "async def test_it(): pass\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A rustest of our own, which has run once."""
    home = tmp_path_factory.mktemp("installed")
    shutil.copytree(rustest.__path__[0], home / "rustest", ignore=shutil.ignore_patterns("*.bundle"))
    assert run_in(home, home / "first", ASYNC).returncode == 0
    return home


@pytest.fixture
def run(installed, tmp_path) -> Run:
    return lambda source, **environ: run_in(installed, tmp_path / "project", source, **environ)


@pytest.fixture
def bundle(installed) -> Path:
    return bundle_of(installed)


def bundle_of(home: Path) -> Path:
    found = list(home.rglob("*.bundle"))
    assert len(found) == 1
    return found[0]


def run_in(home: Path, project: Path, source: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    project.mkdir(exist_ok=True)
    (project / "test_it.py").write_text(source)
    program = [sys.executable, "-m", "rustest", "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "", **environ}
    return subprocess.run(program, cwd=project, env=environment, capture_output=True, text=True, timeout=60)


def assert_passes(done: "subprocess.CompletedProcess[str]") -> None:
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def test_a_run_takes_modules_from_what_an_earlier_one_has_kept(run):
    assert_passes(run(FROM_BUNDLE))


def test_a_run_that_lacks_nothing_leaves_it_alone_and_one_that_loads_more_adds_that(run, bundle):
    before = bundle.stat()
    assert_passes(run(ASYNC))
    assert bundle.stat() == before
    assert_passes(run("import rustest.doctor.examination\ndef test_it(): pass\n"))
    assert bundle.stat().st_size > before.st_size
    assert_passes(run(FROM_BUNDLE))


def test_a_module_whose_source_has_changed_is_loaded_anew_and_kept_anew(run, installed):
    with (installed / "rustest" / "session.py").open("a") as session:
        session.write("\nNEW = True\n")
    assert_passes(run("from rustest.session import NEW\ndef test_it(): assert NEW\n"))
    assert_passes(run(FROM_BUNDLE + "    assert rustest.session.NEW\n"))


def test_a_users_module_comes_before_the_standard_librarys_of_that_name(run, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "queue.py").write_text("MINE = True\n")
    assert_passes(run("import queue\ndef test_it(): assert queue.MINE\n"))


def test_the_standard_librarys_own_comes_from_it_too(run):
    assert_passes(run("import queue\ndef test_it(): assert 'bundle' in type(queue.__spec__.loader).__module__\n"))


@pytest.mark.parametrize("share", [0, 0.0001, 0.5])
def test_half_a_file_does_no_harm(run, bundle, share):
    os.truncate(bundle, int(bundle.stat().st_size * share))
    assert_passes(run(ASYNC))
    assert_passes(run(FROM_BUNDLE))


def test_a_file_that_was_moved_with_its_folder_counts_for_nothing(installed, tmp_path):
    home, project = tmp_path / "moved", tmp_path / "project"
    shutil.copytree(installed, home)
    assert_passes(run_in(home, project, "import rustest\ndef test_it(): assert 'moved' in rustest.__file__\n"))
    source = (
        "from rustest.session import run_session\ndef test_it(): assert 'moved' in run_session.__code__.co_filename\n"
    )
    assert_passes(run_in(home, project, source))


def test_a_test_that_closes_every_descriptor_can_still_import(run):
    assert_passes(run("import os\ndef test_it():\n    os.closerange(3, 100)\n    import rustest.testing\n"))


def test_nothing_is_kept_where_python_is_told_to_keep_no_bytecode(run, bundle):
    bundle.unlink()
    assert_passes(run(ASYNC, PYTHONDONTWRITEBYTECODE="1"))
    assert not bundle.exists()
    assert_passes(run(ASYNC))
    assert bundle.exists()


def test_a_file_that_cannot_be_written_does_no_harm(run, bundle):
    bundle.unlink()
    bundle.mkdir()
    assert_passes(run(ASYNC))
    bundle.rmdir()
    assert_passes(run(ASYNC))
