"""What asyncio's debug mode tells of a loop, as asyncio's own loops tell it."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio

from rustest.model.hints import Any


def hide_caller(made: "asyncio.Handle | asyncio.Task[Any]") -> None:
    """Take the method that calls this out of the place where something was made, so that the user's line is the last.

    Asyncio's methods do the same with theirs.
    """
    del made._source_traceback[-1]  # type: ignore[union-attr]


def warn_of_slow_callback(handle: asyncio.Handle, seconds: float) -> None:
    """Log that a callback, or one step of a task, has held the thread for so long."""
    from asyncio.log import logger

    owner = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
    logger.warning("Executing %r took %.3f seconds", owner if isinstance(owner, asyncio.Task) else handle, seconds)
