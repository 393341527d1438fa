"""The commands that run tests again, to be pasted into a shell."""

import os
import sys
from collections.abc import Sequence

from rustest.model.failure import HOME
from rustest.model.ids import SEPARATOR
from rustest.report.messages import indent, listing


def rerun(ids: Sequence[str], rootdir: str, folder: str) -> str:
    """The paragraph with a command for each of the first of these tests, to be given in that folder."""
    heading = "to run it again:" if len(ids) == 1 else f"to run all of these again: {called()} --lf, or one by one:"
    commands = listing([command(node_id, rootdir, folder) for node_id in ids])
    return "\n".join((heading, *map(indent, commands)))


def command(node_id: str, rootdir: str, folder: str) -> str:
    """The command that runs this test alone; node ids start from the root folder, and arguments from `folder`."""
    from shlex import quote

    file, separator, name = node_id.partition(SEPARATOR)
    path = os.path.relpath(os.path.join(rootdir, file), folder)
    return f"{called()} {quote(path + separator + name)}"


def called() -> str:
    """How the user calls rustest: as a module of a Python that may be the only one to have it, or by its name."""
    return "python -m rustest" if sys.argv[:1] == [f"{HOME}__main__.py"] else "rustest"
