"""pytest itself as the witness, asked about many projects: loaded once, with a fork of it for each of them.

Run again and again in one process it slows down, and a process of its own for each takes longer to load it than to run.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ASK = """
import gc, importlib, json, os, sys, tempfile
import _pytest.config, pytest

plugins, jobs = json.load(sys.stdin)
for name in [*(f"_pytest.{own}" for own in _pytest.config.default_plugins), *plugins]:
    importlib.import_module(name)
gc.disable()
gc.freeze()
sys.path.remove('')
told = []
for folder, options in jobs:
    with tempfile.TemporaryFile("w+") as out:
        if not (child := os.fork()):
            os.chdir(folder)
            os.dup2(out.fileno(), 1)
            status = pytest.main(["-pno:cacheprovider", *options])
            sys.stdout.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        told.append((status, out.read()))
print(json.dumps(told))
"""


class Told(NamedTuple):
    """What pytest made of a project."""

    status: int
    out: str

    def ids(self) -> list[str]:
        """The node ids that `-q --collect-only` lists."""
        return [line for line in self.out.splitlines() if re.match(r"[\w/]+\.py::", line)]


def ask_pytest(jobs: Iterable[tuple[Path, Sequence[str]]], *plugins: str) -> list[Told]:
    """Run pytest in each of these folders, with these options; no plugins are loaded but those that are named."""
    asked = json.dumps([plugins, [(str(folder), [*options]) for folder, options in jobs]])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment.update(PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONDONTWRITEBYTECODE="1", PYTHONPATH="")
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, input=asked, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return [Told(*one) for one in json.loads(done.stdout)]
