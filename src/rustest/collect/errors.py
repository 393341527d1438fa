"""What keeps one test, fixture or file from being collected, and how it is reported."""

from rustest.model.failure import Phase, describe
from rustest.model.item import Problem


class CollectError(Exception):
    """Something is written so that it cannot be collected; the message says what, and how to mend it."""


class RefusedTestError(CollectError):
    """The same, of what only rustest refuses: pytest collects such a test, whatever becomes of it there."""


def problem_of(error: CollectError, where: str) -> Problem:
    """The problem at that node id; the exception that caused it, if one did, comes with its traceback."""
    failure = describe(error, Phase.COLLECT)._replace(type="", frames=())
    return Problem(where, failure, only_here=isinstance(error, RefusedTestError))
