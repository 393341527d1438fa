"""What keeps one test, fixture or file from being collected, and how it is reported."""

from types import FunctionType

from rustest.model.failure import Failure, Phase, describe
from rustest.model.item import Problem


class CollectError(Exception):
    """Something is written so that it cannot be collected; the message says what, and how to mend it."""


class RefusedTestError(CollectError):
    """The same, of what only rustest refuses: pytest collects such a test, whatever becomes of it there."""


def problem_of(error: CollectError, where: str, origin: FunctionType | None = None) -> Problem:
    """The problem at that node id; the exception that caused it, if one did, comes with its traceback.

    `origin` is the function that cannot be collected, if it is one: its place is the problem's.
    """
    failure = describe(error, Phase.COLLECT)._replace(type="", frames=())
    if origin is not None:
        from rustest.model.frames import frame_of

        failure = failure._replace(frames=(frame_of(origin.__code__, None),))
    return Problem(where, failure, only_here=isinstance(error, RefusedTestError))


def failure_of(error: BaseException) -> Failure:
    """The record of what a file or folder raised: where it cannot be read at all, rustest's own frames say nothing."""
    from rustest.model.frames import is_users_file

    failure = describe(error, Phase.COLLECT)
    if isinstance(error, OSError) and not any(is_users_file(frame.file) for frame in failure.frames):
        return failure._replace(frames=())
    return failure
