"""Runs of the command in a process of its own, where signals and exits matter."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from xml.etree import ElementTree

from rustest.testing import write_project

HARD_LIMIT = 30
"""Seconds after which a process counts as hung."""


class Ended(NamedTuple):
    """What is left of a process that has ended."""

    status: int
    out: str
    err: str
    took: float
    """Seconds."""
    folder: Path

    def junit(self) -> dict[str, str]:
        """What the JUnit file says of each test, by name: "passed", or the element and the start of its message."""
        cases = ElementTree.parse(self.folder / "junit.xml").getroot().iter("testcase")
        return {case.get("name", ""): _said(case) for case in cases}

    def marks(self) -> list[str]:
        """The files that tests have left in `marks`, sorted: see `MARK`."""
        return sorted(path.name for path in (self.folder / "marks").iterdir())


MARK = """
import pathlib, time

def mark_done(name):
    with open(pathlib.Path(__file__).parent / "marks" / name, "x"):  # raises if it is done twice
        pass

def hold():
    while True:  # not all at once: a signal that comes just before a sleep begins is heard of when it ends
        time.sleep(0.05)
"""


def _said(case: ElementTree.Element) -> str:
    for child in case:
        if child.tag in ("failure", "error", "skipped"):
            return f"{child.tag}: {child.get('message', '')}"
    return "passed"


class Running:
    """`python -m rustest --junit-xml junit.xml` in a folder, while it runs."""

    def __init__(self, folder: Path, files: Mapping[str, str] | str, *arguments: str, python: tuple[str, ...] = ()):
        sources = {"test_it.py": files} if isinstance(files, str) else dict(files)
        write_project(folder, {"setup.py": "", "marking.py": MARK, **sources})
        (folder / "marks").mkdir()
        self.folder = folder
        self._began = time.monotonic()
        command = [sys.executable, *python, "-m", "rustest", "--junit-xml", "junit.xml", *arguments]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._read: list[str] = []
        self._reader: Thread | None = None

    def read_along(self) -> None:
        """Read what it prints from now on, so that it need not wait for its reader before `end`."""
        stdout, self.process.stdout = self.process.stdout, None

        def read():
            with stdout:
                self._read.extend(stdout)

        self._reader = Thread(target=read, daemon=True)
        self._reader.start()

    def wait_for(self, *marks: str) -> None:
        """Wait until tests have left these marks."""
        deadline = time.monotonic() + HARD_LIMIT
        while not all((self.folder / "marks" / mark).exists() for mark in marks):
            assert time.monotonic() < deadline and self.process.poll() is None, self.end()
            time.sleep(0.01)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def end(self, stdin: str = "") -> Ended:
        """Wait for its end; one that does not come fails the test."""
        try:
            out, err = self.process.communicate(stdin, timeout=HARD_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"it hung:\n{out or ''.join(self._read)}\n{err}") from None
        if self._reader is not None:
            self._reader.join()
            out = "".join(self._read)
        return Ended(self.process.returncode, out, err, time.monotonic() - self._began, self.folder)


def run_command(folder: Path, files: Mapping[str, str] | str, *arguments: str) -> Ended:
    """Run the command on a project to its end."""
    return Running(folder, files, *arguments).end()
