"""Asks pytest with pytest-asyncio what it says of each suite, and writes that to `witnessed.json`.

    python tests/gallery/witness.py [NAME ...]

Each suite has a process of its own. The suites are the same to the letter, but for what they import from rustest.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
WITNESSED = HERE / "witnessed.json"
SECONDS = 30

PLUGIN = """
import json

phases, warned, words = {}, set(), {"skipped": "xfailed", "passed": "xpassed"}

def pytest_runtest_logreport(report):
    outcome = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = words.get(outcome, outcome)
    phases.setdefault(report.nodeid.partition("::")[2], {})[report.when] = outcome

def pytest_collectreport(report):
    if report.failed:
        phases["*"] = {"collection": "failed"}

def pytest_warning_recorded(warning_message, when, nodeid, location):
    if nodeid:
        warned.add(nodeid.partition("::")[2])

def verdict(name, outcomes):
    if outcomes.get("call") == "failed":
        word = "failed"
    elif "failed" in outcomes.values():
        word = "error"
    else:
        word = next((one for one in outcomes.values() if one != "passed"), "passed")
    return f"{word}, with a warning" if name in warned else word

def pytest_sessionfinish(session):
    with open("verdicts.json", "w") as file:
        json.dump({name: verdict(name, outcomes) for name, outcomes in phases.items()}, file)
"""


def ask_pytest(name: str) -> dict[str, str]:
    """The verdict of each test of that suite, in a process of its own."""
    with TemporaryDirectory() as folder:
        for file in (HERE / name).glob("*.py"):
            source = file.read_text(encoding="utf-8").replace("from rustest import", "from pytest import")
            (Path(folder) / file.name).write_text(source, encoding="utf-8")
        Path(folder, "witness_plugin.py").write_text(PLUGIN, encoding="utf-8")
        Path(folder, "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_asyncio.plugin", "-p", "no:anyio"]
        command += ["-p", "no:cacheprovider", "-p", "witness_plugin", "suite.py"]
        environment = {"PYTHONPATH": ".", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": os.defpath}
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=SECONDS)
        verdicts: dict[str, str] = json.loads(Path(folder, "verdicts.json").read_text(encoding="utf-8"))
        return verdicts


def main(names: Iterable[str]) -> None:
    """Ask about the suites of these names, about all of them if there are none."""
    held = json.loads(WITNESSED.read_text(encoding="utf-8")) if WITNESSED.exists() else {}
    every = sorted(path.parent.name for path in HERE.glob("*/suite.py"))
    for name in list(names) or every:
        held[name] = ask_pytest(name)
        print(name, held[name])
    rows = {name: held[name] for name in every if name in held}
    WITNESSED.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
