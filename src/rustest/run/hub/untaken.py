"""Exceptions that a loop has been told of because nobody has taken them: each is filed for the test whose it is."""

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext

from rustest.model.failure import Phase, describe
from rustest.model.strictness import TASK_EXCEPTION
from rustest.output.logs import kept_out_of_logs
from rustest.run.checks.findings import Finding, is_lost
from rustest.run.tenant import TENANT, Tenant

File = Callable[[Tenant | None, Finding], bool]


def file_untaken(file: File, tenant: Tenant | None, error: BaseException, message: str) -> bool:
    """File one such exception; whether it fails anything."""
    return file(tenant, Finding(TASK_EXCEPTION, describe(error, Phase.CALL).noting(message)))


@contextmanager
def untaken(
    file: File, tenant: Tenant | None, context: Mapping[str, object], *, is_told: bool
) -> Generator[None, None, None]:
    """File what a loop's exception handler is called with, unless `is_told`, and log inside in the tenant's name.

    What fails the test has its traceback there, and is kept out of its log. In debug mode the log has more to say.
    """
    error = context.get("exception")
    is_told = is_told or isinstance(error, asyncio.CancelledError)
    fails = is_lost(error) and not is_told and file_untaken(file, tenant, error, str(context.get("message")))
    is_repeated = fails and "source_traceback" not in context
    token = TENANT.set(tenant)  # finalizers of tasks come here, in anybody's context
    try:
        with kept_out_of_logs(error) if is_repeated else nullcontext():
            yield
    finally:
        TENANT.reset(token)
