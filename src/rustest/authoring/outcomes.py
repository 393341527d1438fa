"""Ending a test from inside: `skip`, `fail` and `xfail`."""

from rustest.model.errors import Failed, Skipped, XFailed
from rustest.model.hints import NoReturn


def skip(reason: str = "", *, allow_module_level: bool = False) -> NoReturn:
    """Skip the test that is running; with `allow_module_level` it may stand outside a test and skip the whole file."""
    raise Skipped(reason, allow_module_level=allow_module_level)


def fail(reason: str = "") -> NoReturn:
    """Fail the test that is running, with that message."""
    raise Failed(reason)


def xfail(reason: str = "") -> NoReturn:
    """End the test that is running as an expected failure."""
    raise XFailed(reason)
