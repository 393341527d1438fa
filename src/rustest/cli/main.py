"""The command: it starts the errand that the command line sends it on, and ends the process."""

import sys

from rustest.cli.bundle import install_bundle
from rustest.model.garbage import GarbageHeld

TYPE_CHECKING = False  # as in `rustest/__init__.py`: nothing but the collector is loaded before it is held
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def command() -> "NoReturn":
    """Do what the command line says and end the process: the console script `rustest`, and `python -m rustest`."""
    with GarbageHeld() as garbage:
        bundle = install_bundle()
        from rustest.cli.errand import complain, run_errand
        from rustest.cli.exit import leave, open_descriptors, tell_of_crashes

        garbage.let_go()
    tell_of_crashes()
    inherited = open_descriptors()
    stdout = sys.__stdout__
    if stdout is None:  # as Python has it where descriptor 1 is closed
        leave(complain("standard output is closed; send it to /dev/null if nobody is to read it"), inherited)
    stdout.reconfigure(errors="backslashreplace")  # no character of a test's name may end the run
    status = run_errand(sys.argv[1:])
    bundle.close()
    leave(status, inherited)


def main(argv: "Sequence[str] | None" = None) -> int:
    """Do what the arguments say, `sys.argv`'s where none are given, and say how it went."""
    from rustest.cli.errand import run_errand

    return run_errand(sys.argv[1:] if argv is None else argv)
