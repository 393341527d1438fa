"""Calling hooks of the whole run, which must not raise."""

from collections.abc import Callable
from typing import TypeVar

from rustest.model.errors import Exit, HookError, OutcomeException, UsageError
from rustest.model.failure import Phase, describe

T = TypeVar("T")


def call_hook(name: str, call: Callable[[], T]) -> T:
    """Call a hook; raises HookError that says what it has raised, and where."""
    try:
        return call()
    except (Exception, OutcomeException) as error:
        if isinstance(error, UsageError | HookError | Exit):
            raise
        raise hook_error(name, error) from error


def hook_error(name: str, error: BaseException) -> HookError:
    """What says of a hook what it has raised, and where."""
    failure = describe(error, Phase.COLLECT)
    where = f" at {failure.frames[-1].file}:{failure.frames[-1].line}" if failure.frames else ""
    return HookError(f"{name} raised {failure.type}{where}: {failure.message}")
