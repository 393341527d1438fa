"""The exceptions that are part of rustest's own language."""


class UsageError(Exception):
    """The command line or the settings ask for something that cannot be; the message says what to do."""


class OutcomeException(BaseException):
    """Ends a test from inside with an outcome; a BaseException, so that no `except Exception` of a test takes it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Skipped(OutcomeException):
    """Raised by `skip()`; with `module=True` it skips the whole file at import."""

    def __init__(self, reason: str = "", *, module: bool = False) -> None:
        super().__init__(reason)
        self.module = module


class Failed(OutcomeException):
    """Raised by `fail()`, and by `raises` when nothing was raised."""


class XFailed(OutcomeException):
    """Raised by `xfail()`."""


class TestTimedOut(BaseException):
    """Raised in a body that blocks its thread beyond its limit; user code should let it pass."""

    __test__ = False
