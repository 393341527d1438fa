"""The file that holds the bytecode of what runs load: it saves time, and changes nothing else."""

import os
import shutil
import subprocess
import sys
import tempfile
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
COMPANY = """
import sys
from rustest.cli.bundle import install_bundle

install_bundle().load_company("rustest.session")
print("rustest.session" in sys.modules, "rustest.plan.planner" in sys.modules)
"""
SAME = """
import importlib.util, os, sys
import rustest.plan.planner

def test_it():
    for module in (rustest.plan, rustest.plan.planner):
        plain = importlib.util.spec_from_file_location(module.__name__, module.__file__)
        assert module is sys.modules[module.__name__] and module.__spec__.loader is module.__loader__
        assert module.__package__ == module.__spec__.parent == "rustest.plan"
        assert module.__cached__ == module.__spec__.cached == plain.cached
    assert [*rustest.plan.__path__] == [os.path.dirname(rustest.plan.__file__)]
    assert rustest.plan.planner is vars(rustest.plan)["planner"]
"""
FINDER = """
import sys

class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        asked.append(name)

asked = []
sys.meta_path.insert(0, Finder)
from rustest.cli.bundle import install_bundle

install_bundle()
import queue, rustest.session

assert {"queue", "rustest.session"} <= {*asked}
"""
CLOSED = """
import os, sys
from rustest.cli.bundle import Bundle

bundle = Bundle(os.path.join(FOLDER, "a.bundle"))
bundle.missed.add("sys")
sys.modules["rustest.cli.binding"] = None  # whoever would write a new file fails
if os.getuid() == 0:
    os.setuid(65534)  # root may write everywhere
try:
    bundle.close()
except ImportError:
    print("would have written")
"""
ASYNC = "async def test_it(): pass\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A rustest of our own, which has run once."""
    home = tmp_path_factory.mktemp("installed")
    shutil.copytree(rustest.__path__[0], home / "rustest", ignore=shutil.ignore_patterns("__pycache__"))
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


def output_of(home: Path, program: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, stdout=-1, text=True, check=True, timeout=60
    )
    return done.stdout


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


def test_what_comes_with_a_module_is_loaded_with_it_unless_any_of_that_has_changed(run, installed):
    assert output_of(installed, COMPANY) == "False True\n"
    with (installed / "rustest" / "plan" / "lanes.py").open("a") as lanes:
        lanes.write("\n")
    assert output_of(installed, COMPANY) == "False False\n"
    assert_passes(run(ASYNC))
    assert output_of(installed, COMPANY) == "False True\n"


def test_what_came_with_a_module_is_found_out_anew_when_one_of_it_is_there_no_more(run, installed, bundle):
    session, passing = installed / "rustest" / "session.py", installed / "rustest" / "passing.py"
    text = session.read_text()
    bundle.unlink()
    passing.write_text("")
    session.write_text(text + "\nimport rustest.passing\n")
    assert_passes(run(ASYNC))
    passing.unlink()
    session.write_text(text)
    assert_passes(run(ASYNC))
    assert output_of(installed, COMPANY) == "False True\n"


def test_beside_other_threads_each_module_is_loaded_by_itself(installed):
    thread = (
        "import threading\nlock = threading.Lock(); lock.acquire()\nthreading.Thread(target=lock.acquire).start()\n"
    )
    assert output_of(installed, f"{thread}{COMPANY}lock.release()\n") == "False False\n"


def test_a_module_that_comes_with_another_is_as_python_would_have_made_it(run):
    assert_passes(run(SAME))


def test_finders_that_others_have_put_before_pythons_own_are_asked_first(installed):
    assert output_of(installed, FINDER) == ""


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


@pytest.mark.parametrize(("mode", "outcome"), [(0o777, "would have written\n"), (0o555, "")])
def test_nothing_is_gathered_for_a_folder_that_belongs_to_somebody_else(installed, mode, outcome):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, mode)
        assert output_of(installed, f"FOLDER = {folder!r}\n{CLOSED}") == outcome


def test_a_file_that_cannot_be_written_does_no_harm(run, bundle):
    bundle.unlink()
    bundle.mkdir()
    assert_passes(run(ASYNC))
    bundle.rmdir()
    assert_passes(run(ASYNC))
