"""Tests that set the time forward, as libraries for it do: rustest's own clocks go on."""

import re
import subprocess
import sys

from rustest.testing import write_project

SUITE = """
import asyncio, sys, time
from contextlib import contextmanager

real = time.monotonic

@contextmanager
def far_ahead():
    "Put another function in the place of time.monotonic, wherever a module has it."
    held = [(module, name) for module in [*sys.modules.values()] for name, value in [*vars(module).items()]
            if value is real and module is not sys.modules[__name__]]
    for module, name in held:
        setattr(module, name, lambda: real() + 1e8)
    try:
        yield
    finally:
        for module, name in held:
            setattr(module, name, real)

def work():
    until = time.process_time() + 0.5  # the watchdog looks each fifth of a second
    while time.process_time() < until:
        pass

def test_sync():
    with far_ahead():
        work()

async def test_async():
    with far_ahead():
        work()
"""


def test_limits_and_durations_are_those_of_the_real_clock(tmp_path):
    write_project(tmp_path, {"test_it.py": SUITE})
    command = [sys.executable, "-m", "rustest", "--timeout", "60"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert re.search(r"^2 passed in [\d.]+ s$", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert done.returncode == 0


def test_a_limit_ends_a_test_whose_clock_stands_still(tmp_path):
    stands = SUITE.replace("lambda: real() + 1e8", "lambda: 0.0").partition("def test_sync")[0]
    write_project(
        tmp_path, {"test_it.py": f"{stands}\ndef test_hangs():\n    with far_ahead():\n        while True: pass\n"}
    )
    command = [sys.executable, "-m", "rustest", "--timeout", "0.3"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert "test_hangs  Test timed out after 0.3 seconds" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
