"""The exceptions that are part of rustest's own language."""

import sys


class UsageError(Exception):
    """The command line or the settings ask for something that cannot be; the message says what to do."""


class Terminated(KeyboardInterrupt):
    """Raised for SIGTERM while no test runs, as Python raises KeyboardInterrupt for SIGINT."""


class PlanError(Exception):
    """A test cannot run as it is written; the message says what is wrong, where, and how to mend it.

    It is raised while that test is planned, and becomes its problem; the rest of the plan stands.
    """


class HookError(Exception):
    """A hook that belongs to no test has raised; the message says which, what, and where."""


class OutcomeException(BaseException):
    """Ends a test from inside with an outcome; a BaseException, so that no `except Exception` of a test takes it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def msg(self) -> str:
        """The reason, by pytest's name for it."""
        return self.reason


class Skipped(OutcomeException):
    """Raised by `skip()`; with `allow_module_level=True` it skips the whole file at import."""

    def __init__(self, reason: str = "", *, allow_module_level: bool = False) -> None:
        super().__init__(reason)
        self.allow_module_level = allow_module_level


def skip_of(exc: BaseException) -> Skipped | None:
    """The skip that an exception asks for: ours, or unittest's, which nobody can raise who has not imported it."""
    if isinstance(exc, Skipped):
        return exc
    if "unittest.case" in sys.modules:
        from unittest import SkipTest

        if isinstance(exc, SkipTest):
            return Skipped(str(exc))
    return None


class Failed(OutcomeException):
    """Raised by `fail()`, and by `raises` when nothing was raised."""


class XFailed(OutcomeException):
    """Raised by `xfail()`."""


class FixtureLookupError(LookupError):
    """There is no such fixture, or it cannot be had here."""


class Exit(Exception):  # noqa: N818 - pytest's name
    """Raised by pytest's `exit()`: the run is to end, though there are tests left."""

    def __init__(self, reason: str = "", returncode: int | None = None) -> None:
        super().__init__(reason)
        self.msg = self.reason = reason
        self.returncode = returncode
        """The exit status; None stands for that of an interrupted run."""

    @property
    def wish(self) -> str:
        """What was called, in words."""
        return f"exit() was called: {self.reason}"


class TestTimedOut(BaseException):
    """Raised in a body that blocks its thread beyond its limit; user code should let it pass."""

    __test__ = False
