"""What keeps one test, fixture or file from being collected, and how it is reported."""

from rustest.model.failure import Phase, describe
from rustest.model.item import Problem


class CollectError(Exception):
    """Something is written so that it cannot be collected; the message says what, and how to mend it."""


def problem_of(error: CollectError, where: str) -> Problem:
    """The problem at that node id; the exception that caused it, if one did, comes with its traceback."""
    return Problem(where, describe(error, Phase.COLLECT)._replace(type="", frames=()))
