"""A run whose workers are killed at random moments, from outside."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SYNC = """
import time
from rustest import fixture, parametrize

@fixture(scope="module")
def shared():
    yield 1

@parametrize("number", range({count}))
def test_in_line(shared, number):
    time.sleep({seconds})
"""
ASYNC = """
import asyncio
import time
from rustest import parametrize

@parametrize("number", range({count}))
async def test_overlapping(number):
    await asyncio.sleep({seconds})
    time.sleep({seconds} / 20)
"""


class Ended(NamedTuple):
    """How a run with kills went."""

    status: int
    verdicts: dict[str, list[str]]
    """Every verdict of each test."""
    kills: int
    output: str


def write_suite(folder: Path, files: int, count: int, seconds: float) -> int:
    """A project with so many files of either kind, and so many tests in each; gives their number."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text("[tool.rustest]\n")
    for kind, source in {"line": SYNC, "loop": ASYNC}.items():
        for number in range(files):
            (folder / f"test_{kind}{number}.py").write_text(source.format(count=count, seconds=seconds))
    return 2 * files * count


def run_with_kills(folder: Path, workers: int, kills: int, seed: int) -> Ended:
    """Run the project and kill that many of its workers, at moments that the seed decides."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "rustest", "-n", str(workers), "-q", "--report-jsonl", "events.jsonl"]
    run = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    killed = 0
    while run.poll() is None and killed < kills:
        time.sleep(chance.uniform(0.0, 0.1))
        victims = workers_of(run.pid)
        if victims:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
                killed += 1
    output, _ = run.communicate(timeout=120)
    return Ended(run.returncode, _verdicts(folder / "events.jsonl"), killed, output)


def workers_of(pid: int) -> list[int]:
    """The workers of a run: its children's children."""
    return [worker for keeper in _children(pid) for worker in _children(keeper)]


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _verdicts(file: Path) -> dict[str, list[str]]:
    verdicts: dict[str, list[str]] = {}
    for line in file.read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "test_finished":
            verdicts.setdefault(event["id"], []).append(event["outcome"]["verdict"])
    return verdicts


def count_verdicts(ended: Ended) -> Counter[str]:
    """How many tests have each verdict; raises AssertionError where a test has more than one."""
    assert all(len(verdicts) == 1 for verdicts in ended.verdicts.values())
    return Counter(verdict for (verdict,) in ended.verdicts.values())
