"""What asyncio's debug mode tells of a loop, as asyncio's own loops tell it."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import sys

from rustest.model.hints import Any


class LoadedSources:
    """The sources of what is loaded at the first call: `linecache` keeps their lines as it has read them.

    In debug mode asyncio notes a stack for each callback, future and task, and each time `linecache` asks the file
    system of every file in it whether it has changed: a quarter of the time of a suite in that mode. What is loaded
    does not change with its file, so the lines that were read first are the right ones.
    """

    def __init__(self) -> None:
        self._files: frozenset[str] = frozenset()
        self._held: set[str] = set()

    def hold(self) -> None:
        """Have the lines that were read of them so far checked no more."""
        import linecache  # which no run needs before its first loop in debug mode

        if not self._files:
            files = (getattr(module, "__file__", None) for module in tuple(sys.modules.values()))
            self._files = frozenset(file for file in files if isinstance(file, str))
        for file in self._files.intersection(tuple(linecache.cache)):
            entry = linecache.cache[file]
            if len(entry) != 1 and entry[1] is not None:  # the time of its change, without which it is not checked
                linecache.cache[file] = (entry[0], None, *entry[2:])
                self._held.add(file)

    def let_go(self) -> None:
        """Have them read anew by whoever wants to see them from now on."""
        if self._held:
            import linecache

            for file in self._held:
                linecache.cache.pop(file, None)


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
