"""Closing things in turn, where some close at once and others need the loops to go on running."""

from collections.abc import Callable, Iterable

Done = Callable[[], None]
Closing = Callable[[Done], None]
"""Closes something, and calls back when that is done: at once, or some steps of a loop later."""


def close_in_turn(closings: Iterable[Closing], done: Done) -> None:
    """Start each closing when the one before it is done, then call `done`."""
    remaining = iter(closings)

    def close_next() -> None:
        for closing in remaining:
            closing(close_next)
            return
        done()

    close_next()
