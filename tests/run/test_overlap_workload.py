"""Many overlapping tests that do what real ones do, on each Python that is found here."""

import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rustest
from rustest.testing import write_project

SOURCE = Path(rustest.__file__).parents[1]
TESTS = 40

PROJECT = {
    "test_workload.py": f"""
        import asyncio
        import subprocess
        import sys
        import threading

        from rustest import fixture, parametrize

        def double(number):
            return 2 * number, threading.current_thread() is not threading.main_thread()

        async def echo(reader, writer):
            while line := await reader.readline():
                writer.write(line.upper())
                await writer.drain()
            writer.close()
            await writer.wait_closed()

        @fixture
        async def address():
            async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
                yield server.sockets[0].getsockname()

        async def ask(address, question):
            reader, writer = await asyncio.open_connection(*address)
            try:
                writer.write(question + b"\\n")
                return await reader.readline()
            finally:
                writer.close()
                await writer.wait_closed()

        async def ask_a_process(number):
            process = await asyncio.create_subprocess_exec("/bin/echo", str(number), stdout=subprocess.PIPE)
            told, _ = await process.communicate()
            return process.returncode, told

        @parametrize("number", range({TESTS}))
        async def test_everything(address, number):
            async with asyncio.timeout(60):
                async with asyncio.TaskGroup() as group:
                    answers = [group.create_task(ask(address, b"%d a %d" % (number, turn))) for turn in range(2)]
                    in_thread = group.create_task(asyncio.to_thread(double, number))
                    if number % 10 == 0:
                        process = group.create_task(ask_a_process(number))
                assert [answer.result() for answer in answers] == [b"%d A %d\\n" % (number, turn) for turn in range(2)]
                assert in_thread.result() == (2 * number, True)
                if number % 10 == 0:
                    assert process.result() == (0, b"%d\\n" % number)
    """
}

SCRIPT = """
import json, logging, os, sys
from rustest.testing import run

def descriptors():
    return sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []

# How long callbacks take on a busy machine is nobody's fault here.
logging.getLogger("asyncio").addFilter(lambda record: not record.getMessage().startswith("Executing "))
before = descriptors()
report = run(sys.argv[1], rootdir=sys.argv[1])
print(json.dumps({
    "passed": sum(finished.outcome.verdict.value == "passed" for finished in report.finished.values()),
    "status": report.status,
    "first failure": next((failure.headline for finished in report.finished.values()
                           for failure in finished.outcome.failures), None),
    "warnings": [warning.message for warning in report.warnings],
    "left open": len(descriptors()) - len(before),
}))
"""


def version_of(python: str) -> tuple[int, int] | None:
    """The version of an interpreter that is as good as its name."""
    ask = "import sys, asyncio, ssl; print(*sys.version_info[:2])"
    try:
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, timeout=20)
    except OSError:
        return None
    return tuple(map(int, told.stdout.split())) if told.returncode == 0 else None


def find_python(version: tuple[int, int]) -> str | None:
    if sys.version_info[:2] == version:
        return sys.executable
    name = "{}.{}".format(*version)
    installed = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{name}.*/bin/python")))
    pythons = filter(None, [*installed, shutil.which(f"python{name}")])
    return next((python for python in pythons if version_of(python) == version), None)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)], ids=lambda version: "{}.{}".format(*version))
def test_all_pass_and_nothing_is_left_or_complained_of(tmp_path, version):
    if (python := find_python(version)) is None:
        pytest.skip("there is no such Python here")
    write_project(tmp_path, PROJECT)
    done = subprocess.run(
        [python, "-X", "dev", "-W", "error::ResourceWarning", "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "passed": TESTS,
        "status": 0,
        "first failure": None,
        "warnings": [],
        "left open": 0,
    }
