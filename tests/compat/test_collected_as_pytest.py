"""The node ids of hundreds of ways to write a test, and their order: to the letter as pytest has them.

The folder `collected` holds the project, as text, so that nobody takes its files for tests of ours.
"""

import re
from pathlib import Path

import pytest
from pytest_witness import Told, ask_pytest

from rustest.cli.main import main

PROJECT = Path(__file__).parent / "collected"
ADDRESS = re.compile(r"0x[0-9a-f]+")

TWICE = "test_ids_ids.py::test_stacked_collide2[a-b-c]"
"""pytest has two tests by this name; here a name means one test."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    for text in PROJECT.rglob("*.txt"):
        path = folder / text.relative_to(PROJECT).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.read_bytes())
    (folder / "pyproject.toml").touch()
    return folder


CHOICES = [
    (),
    ("sub", "test_classes.py"),
    ("test_reorder.py::test_2", "test_reorder.py::TestR", "test_classes.py::TestOuter::TestInner"),
    ("-k", "TestK or collide or (stacked and not hidden)"),
    ("-m", "slow"),
    ("--deselect", "test_ids_values.py::", "--deselect", "sub"),
]
"""The options of a run each."""


@pytest.fixture(scope="module")
def witness(project) -> dict[tuple[str, ...], Told]:
    asked = [(project, ["-q", "--collect-only", "-pno:warnings", *options]) for options in CHOICES]
    return dict(zip(CHOICES, ask_pytest(asked), strict=True))


def ids_in(told: Told) -> list[str]:
    assert told.status == 0
    return [ADDRESS.sub("0x", one) for one in told.ids()]


@pytest.mark.filterwarnings("ignore:the tests of .* never run:SyntaxWarning")
@pytest.mark.filterwarnings("ignore:test_redefined never runs:SyntaxWarning")
@pytest.mark.parametrize("options", CHOICES, ids=" ".join)
def test_ids_and_order_are_pytests(project, options, witness, monkeypatch, capfd):
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    status = main(["-q", "--collect-only", *options])
    ours, theirs = ids_in(Told(status, capfd.readouterr().out)), ids_in(witness[options])
    if theirs.count(TWICE) > 1:
        theirs[theirs.index(TWICE, theirs.index(TWICE) + 1)] = TWICE.replace("]", "_1]")
    assert ours == theirs
