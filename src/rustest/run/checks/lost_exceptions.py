"""Exceptions that reach nobody: of threads, and of finalizers. Each is filed for the test whose it is.

What fails no test is printed as well, as Python does it, and what is printed goes with the test's output.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType, MethodType

from rustest.model.failure import Phase, describe
from rustest.model.hints import TYPE_CHECKING
from rustest.model.strictness import FINALIZER_EXCEPTION, THREAD_EXCEPTION, Check
from rustest.output.owner import Owner
from rustest.output.routing import Routing
from rustest.run.checks.findings import Finding, Findings, is_lost

if TYPE_CHECKING:
    from sys import UnraisableHookArgs


@contextmanager
def filed_exceptions(findings: Findings, routing: Routing) -> Generator[None]:
    """File them for the time of the block; whoever sets a hook of his own has taken what comes to it."""

    def file(check: Check, owner: Owner | None, exc: BaseException | None, said: str) -> None:
        if is_lost(exc):
            findings.file(owner, Finding(check, describe(exc, Phase.CALL).noting(said)))

    def file_thread(owner: Owner | None, exc: BaseException, name: str) -> bool:
        file(THREAD_EXCEPTION, owner, exc, f"thread {name!r} ended by this, and nobody took it")
        return is_lost(exc) and findings.fails(THREAD_EXCEPTION)

    def file_finalizer(args: "UnraisableHookArgs") -> None:
        said = f"raised in {_name_of(args.object)}, where Python can only print it"
        file(FINALIZER_EXCEPTION, routing.owner, args.exc_value, said)
        sys.__unraisablehook__(args)

    before, sys.unraisablehook, routing.take_thread_failure = sys.unraisablehook, file_finalizer, file_thread
    try:
        yield
    finally:
        if sys.unraisablehook is file_finalizer:
            sys.unraisablehook = before


def _name_of(source: object) -> str:
    """The finalizer's name, without asking what may be half gone already."""
    if isinstance(source, FunctionType | MethodType | BuiltinFunctionType):
        return f"`{source.__qualname__}`"
    return f"a finalizer of {type(source).__name__}"
