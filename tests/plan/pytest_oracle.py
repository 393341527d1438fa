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
import json, os, sys
import pytest

class Listener:
    def pytest_collection_finish(self, session):
        self.ids = [item.nodeid for item in session.items]

answers = []
for line in sys.stdin:
    folder, *names = json.loads(line)
    os.chdir(folder)
    listener = Listener()
    options = ["-q", "--collect-only", "--rootdir", folder, "-pno:cacheprovider", "-c", os.devnull, "--assert=plain"]
    path, modules = sys.path[:], set(sys.modules)
    with open(os.devnull, "w") as sys.stdout:
        assert pytest.main([*options, *names], plugins=[listener]) in (0, 5), folder
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
            del sys.modules[name]
    answers.append(listener.ids)
print(json.dumps(answers), file=sys.__stdout__)
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
    return json.loads(done.stdout)
