"""Calling hooks of the whole run, which must not raise."""

from collections.abc import Callable

from rustest.model.errors import Exit, OutcomeException, UsageError
from rustest.model.failure import Phase, describe


def call_hook(name: str, call: Callable[[], object]) -> None:
    """Call a hook; raises UsageError that says what it has raised, and where."""
    try:
        call()
    except (Exception, OutcomeException) as error:
        if isinstance(error, UsageError | Exit):
            raise
        failure = describe(error, Phase.COLLECT)
        where = f" at {failure.frames[-1].file}:{failure.frames[-1].line}" if failure.frames else ""
        raise UsageError(f"{name} raised {failure.type}{where}: {failure.message}") from error
