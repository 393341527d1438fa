"""`--capture fd`: what child processes print, with the test that has the process for itself."""

import os
import subprocess
import sys

from project_runs import record

from rustest.model.choices import Capture

CHILDREN = """
    import asyncio, os, subprocess, sys
    from rustest import fixture, mark

    @fixture
    def noisy():
        os.write(1, b"up\\n")
        yield
        os.write(1, b"down\\n")

    def write():
        print("one")
        subprocess.run(["sh", "-c", "echo two; echo three >&2"], check=True)
        print("four")
        os.write(1, b"five \\xff\\n")

    def test_sync(noisy): write()

    @mark.serial
    async def test_alone(noisy): write()

    async def test_overlaps():
        child = await asyncio.create_subprocess_exec("sh", "-c", "echo whose")
        await child.wait()

    async def test_other(): await asyncio.sleep(0.01)

    def test_forks():
        if not (child := os.fork()):
            print("forked", flush=True)
            os._exit(0)
        os.waitpid(child, 0)

    def test_quiet(capfd):
        os.write(1, b"read\\n")
        assert capfd.readouterr().out == "read\\n"
    """


def test_children_of_tests_that_run_alone_are_captured_with_them(tmp_path):
    before = os.fstat(1).st_ino, os.fstat(2).st_ino, len(os.listdir("/dev/fd"))
    happened = record(tmp_path, CHILDREN, capture=Capture.FD)
    assert set(happened.verdicts().values()) == {"passed"}
    assert (os.fstat(1).st_ino, os.fstat(2).st_ino, len(os.listdir("/dev/fd"))) == before
    for name in ("test_sync", "test_alone"):
        output = happened.report.finished[f"test_it.py::{name}"].output
        assert [(phase.value, stream.value, text) for phase, stream, text in output] == [
            ("set-up", "stdout", "up\n"),
            ("call", "stdout", "one\ntwo\n"),
            ("call", "stderr", "three\n"),
            ("call", "stdout", "four\nfive \\xff\n"),
            ("teardown", "stdout", "down\n"),
        ]
    texts = {
        key.partition("::")[2]: "".join(o.text for o in one.output) for key, one in happened.report.finished.items()
    }
    assert (texts["test_forks"], texts["test_quiet"]) == ("forked\n", "")
    assert [one.text for one in happened.report.stray] == ["whose\n"]


def test_the_report_still_goes_to_standard_output(tmp_path):
    (tmp_path / "test_it.py").write_text("import os\ndef test_it():\n    os.system('echo child')\n    assert 0\n")
    command = [sys.executable, "-m", "rustest", "--capture", "fd", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "1 failed" in done.stdout, done.stderr
    assert "stdout of the call:\n    child\n" in done.stdout
    assert done.stderr == ""
