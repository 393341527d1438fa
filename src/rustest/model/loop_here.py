"""The event loop on which sync code of a test may drive what is async."""

from contextvars import ContextVar

from rustest.model.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

LOOP_HERE: "ContextVar[AbstractEventLoop | None]" = ContextVar("rustest_loop_here", default=None)
"""That of the test, while a sync call of its is made for which no loop runs; None for a test that has none."""
