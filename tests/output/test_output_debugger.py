"""A debugger in a test talks to its user, while the test's output is captured."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("stop", ["breakpoint()", "import pdb; pdb.set_trace()"])
@pytest.mark.parametrize("capture", ["sys", "fd"])
def test_what_a_debugger_says_is_seen_at_once(tmp_path, stop, capture):
    source = f"import sys\ndef test_it():\n    print('captured')\n    {stop}\n    assert 'asked' not in sys.argv\n"
    (tmp_path / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "rustest", "--capture", capture, "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, input="p 6 * 7\nc\n", capture_output=True, text=True, timeout=60)
    assert "(Pdb) 42\n" in done.stdout, done.stdout + done.stderr
    place = stop if sys.version_info >= (3, 13) else "assert 'asked' not in sys.argv"  # where pdb says that it stands
    assert f"-> {place}" in done.stdout
    assert "captured" not in done.stdout
    assert "1 passed" in done.stdout


def debugged(folder, typed, source="breakpoint()\n\ndef test_it(): pass\n"):
    (folder / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "rustest", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60)


def test_a_debugger_talks_to_its_user_while_files_are_imported_too(tmp_path):
    done = debugged(tmp_path, "p 6 * 7\nc\n")
    assert "(Pdb) 42\n" in done.stdout, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_to_quit_a_debugger_while_files_are_imported_ends_the_run(tmp_path):
    done = debugged(tmp_path, "q\n")
    assert "interrupted\n\nno tests ran" in done.stdout, done.stdout + done.stderr
    assert "PROBLEM" not in done.stdout
    assert done.returncode == 2
