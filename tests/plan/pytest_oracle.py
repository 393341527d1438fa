"""pytest's word on which tests a project has, by what names and in what order: asked once for many projects."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OURS = "from rustest import fixture, mark, param, parametrize"
THEIRS = "from pytest import fixture, mark, param\nparametrize = mark.parametrize"

LEAN = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}

ASK = """
import gc, json, os, sys
import pytest

class Listener:
    def pytest_collection_finish(self, session):
        self.ids = [item.nodeid for item in session.items]

gc.disable()
gc.freeze()
for line in sys.stdin:
    folder, *names = json.loads(line)
    if not (child := os.fork()):  # each project in a process of its own, and pytest loaded once for all
        os.chdir(folder)
        listener = Listener()
        options = ["-q", "--collect-only", "--rootdir", folder, "-pno:cacheprovider", "-c", os.devnull]
        with open(os.devnull, "w") as sys.stdout:
            status = pytest.main([*options, "--assert=plain", *names], plugins=[listener])
        if status in (0, 5):
            print(json.dumps(listener.ids), file=sys.__stdout__, flush=True)
        os._exit(status not in (0, 5))
    assert os.waitpid(child, 0)[1] == 0, folder
"""


def write(folder: Path, files: dict[str, str], header: str) -> None:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{header}\n{source}")


def pytests_order(folders: Sequence[Path], *names: str) -> list[list[str]]:
    """The node ids of each project, in the order in which pytest would run them."""
    asked = "\n".join(json.dumps([str(folder), *names]) for folder in folders)
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=600, env=LEAN)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
