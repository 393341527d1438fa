"""What pytest itself collects, asked for in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from typing import NamedTuple, cast

from rustest.doctor.witness import TESTIMONY
from rustest.model.errors import UsageError

_WITNESS = "rustest.doctor.witness"


class Side(NamedTuple):
    """What one of the two collects."""

    ids: tuple[str, ...]
    """The tests by node id, below rustest's root folder."""
    errors: Mapping[str, str]
    """What cannot be collected, by node id, in one line each."""


def ask_pytest(words: Sequence[str], rootdir: str) -> Side | None:
    """What pytest collects for that command line; None where it is not installed.

    Raises UsageError where it ends before it has collected.
    """
    if find_spec("pytest") is None:
        return None
    with TemporaryDirectory(prefix="rustest-doctor-") as folder:
        file = os.path.join(folder, "testimony.json")
        plugin = ["-p", _WITNESS, "-p", "no:cacheprovider"]
        done = subprocess.run(  # noqa: S603 -- the interpreter that runs this, and the user's own words
            [sys.executable, "-m", "pytest", *plugin, "--collect-only", *words],
            env={**os.environ, TESTIMONY: file},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if not os.path.exists(file):
            raise UsageError(f"pytest ended with status {done.returncode} and collected nothing:\n{_last_words(done)}")
        with open(file, encoding="utf-8") as opened:
            said = json.load(opened)
    return _read(said, rootdir)


def _last_words(done: "subprocess.CompletedProcess[str]") -> str:
    return "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-20:])


def _read(said: Mapping[str, object], rootdir: str) -> Side:
    theirs = str(said["rootdir"])
    ids = tuple(_moved(node_id, theirs, rootdir) for node_id in cast("list[str]", said["ids"]))
    errors = cast("Mapping[str, str]", said["errors"])
    return Side(ids, {_moved(where, theirs, rootdir): _reason(text) for where, text in errors.items()})


def _moved(node_id: str, start: str, rootdir: str) -> str:
    """The node id as it is below another root folder."""
    file, separator, rest = node_id.partition("::")
    path = os.path.relpath(os.path.join(start, file), rootdir)
    return f"{path.replace(os.sep, '/')}{separator}{rest}"


def _reason(text: str) -> str:
    """The line of pytest's account that says what went wrong: of those that begin with E, the last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next(_said(lines), lines[-1] if lines else "")


def _said(lines: Sequence[str]) -> Iterator[str]:
    return (line.removeprefix("E").strip() for line in reversed(lines) if line.startswith("E "))
