"""Ending a test from inside, with pytest's arguments: each function has the exception that it raises beside it."""

from types import ModuleType
from typing import ClassVar, NoReturn

from rustest.authoring.importorskip import importorskip as own_importorskip
from rustest.model.errors import Exit, Failed, Skipped, XFailed


class Fail:
    """`pytest.fail`."""

    Exception: ClassVar = Failed

    def __call__(self, reason: str = "", pytrace: bool = True) -> NoReturn:
        """Fail the test that is running, with that message."""
        raise Failed(reason)


class Skip:
    """`pytest.skip`."""

    Exception: ClassVar = Skipped

    def __call__(self, reason: str = "", allow_module_level: bool = False) -> NoReturn:
        """Skip the test that is running, or the whole file from outside of tests."""
        raise Skipped(reason, allow_module_level=allow_module_level)


class XFail:
    """`pytest.xfail`."""

    Exception: ClassVar = XFailed

    def __call__(self, reason: str = "") -> NoReturn:
        """End the test that is running as an expected failure."""
        raise XFailed(reason)


class EndRun:
    """`pytest.exit`."""

    Exception: ClassVar = Exit

    def __call__(self, reason: str = "", returncode: int | None = None) -> NoReturn:
        """End the run; `returncode` is its exit status where no test has run yet."""
        raise Exit(reason, returncode)


exit = EndRun()  # noqa: A001 - pytest's name
fail = Fail()
skip = Skip()
xfail = XFail()


def importorskip(
    modname: str,
    minversion: str | None = None,
    reason: str | None = None,
    *,
    exc_type: type[ImportError] | None = None,
) -> ModuleType:
    """Import a module, or skip where it, or a module that it imports, is missing.

    With `exc_type=ImportError` also where the module is there and cannot be imported.
    """
    try:
        return own_importorskip(modname, minversion, reason)
    except ImportError as error:
        if not isinstance(error, exc_type or ModuleNotFoundError):
            raise
        raise Skipped(reason or f"could not import {modname!r}: {error}", allow_module_level=True) from None
