"""Runs of pytest itself: forks of one process that has imported it, as an import takes longer than a small run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Told(NamedTuple):
    """What a run of pytest says."""

    status: int
    output: str
    """What it has printed."""


FORKS = """
import importlib, json, os, sys, tempfile
import _pytest.config
for name in _pytest.config.default_plugins:
    importlib.import_module(f"_pytest.{name}")
told = []
for folder, options in json.load(sys.stdin):
    with tempfile.TemporaryFile("w+") as out:
        if not (child := os.fork()):
            os.chdir(folder)
            os.dup2(out.fileno(), 1)
            os._exit(_pytest.config.main(options))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        told.append([status, out.read()])
print(json.dumps(told))
"""


def ask_pytest(jobs: Iterable[tuple[Path, Iterable[str]]]) -> list[Told]:
    """What pytest says of each folder, with these options, one after another."""
    given = json.dumps([(str(folder), [*options]) for folder, options in jobs])
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-c", FORKS]
    done = subprocess.run(command, input=given, env=alone, capture_output=True, text=True, timeout=240)
    return [Told(*each) for each in json.loads(done.stdout)]
