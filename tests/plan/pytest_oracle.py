"""pytest's word on which tests a project has, by what names and in what order: asked once for many projects."""

import os
from collections.abc import Sequence
from pathlib import Path

from pytest_witness import ask_pytest

OURS = "from rustest import fixture, mark, param, parametrize"
THEIRS = "from pytest import fixture, mark, param\nparametrize = mark.parametrize"


def write(folder: Path, files: dict[str, str], header: str) -> None:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{header}\n{source}")


def pytests_order(folders: Sequence[Path]) -> list[list[str]]:
    """The node ids of each project, in the order in which pytest would run them."""
    options = ["-q", "--collect-only", "-c", os.devnull, "--assert=plain"]
    told = ask_pytest((folder, [*options, "--rootdir", str(folder)]) for folder in folders)
    assert {one.status for one in told} <= {0, 5}
    return [one.ids() for one in told]
