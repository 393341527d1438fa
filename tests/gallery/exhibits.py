"""The suites of the gallery: what each is about, and what is expected of its tests.

A suite is a folder with a `suite.py`, whose first line says what happens, and an `expected.toml`. That names the kind
of the suite, and has a table for each test:

    should = "pass"       what the test deserves: "fail" if it passes by accident; "pass" if nothing is said
    rustest = "passed"    its verdict; that is "passed" or "failed", by what it deserves, if nothing is said
    told = "…"            words that users read about it: in the plan, in its failure, or in a warning

What pytest and pytest-asyncio say is in `witnessed.json`, which `witness.py` writes.
"""

import ast
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent

KINDS = {
    "process": "What a process has once",
    "patching": "Patching",
    "module": "What a module has once",
    "output": "Output, logs and warnings",
    "loop": "Event loops",
    "outside": "What the plan cannot see",
    "lost": "Failures that nobody looks at",
    "unfinished": "Work that is not done when the test ends",
    "misread": "Tests that do not say what they seem to say",
}
"""The parts of the page, by the word for them in `expected.toml`."""


class Expected(NamedTuple):
    """What is expected of one test."""

    should_pass: bool
    rustest: str
    told: str


class Exhibit(NamedTuple):
    """One suite."""

    name: str
    kind: str
    what: str
    tests: Mapping[str, Expected]
    witnessed: Mapping[str, str]

    @property
    def folder(self) -> Path:
        return HERE / self.name


def load() -> list[Exhibit]:
    """All of them, as the page has them."""
    witnessed = json.loads((HERE / "witnessed.json").read_text(encoding="utf-8"))
    suites = (path.parent for path in sorted(HERE.glob("*/suite.py")))
    exhibits = [_load(folder, witnessed.get(folder.name, {})) for folder in suites]
    return sorted(exhibits, key=lambda one: list(KINDS).index(one.kind))


def _load(folder: Path, witnessed: Mapping[str, str]) -> Exhibit:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    kind = expected.pop("kind")
    what = ast.get_docstring(ast.parse((folder / "suite.py").read_text(encoding="utf-8"))) or ""
    return Exhibit(folder.name, kind, what, {name: _expect(**row) for name, row in expected.items()}, witnessed)


def _expect(should: str = "pass", rustest: str = "", told: str = "") -> Expected:
    return Expected(should == "pass", rustest or f"{should}ed", told)
