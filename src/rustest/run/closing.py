"""Closing things in turn, where some close at once and others need the loops to go on running."""

from collections.abc import Callable, Iterable, Iterator

Done = Callable[[], None]
Closing = Callable[[Done], None]
"""Closes something, and calls back when that is done: at once, or some steps of a loop later."""


def close_in_turn(closings: Iterable[Closing], done: Done) -> None:
    """Start each closing when the one before it is done, then call `done`."""
    _Turns(iter(closings), done).next()


class _Turns:
    """What is left to be closed; a closure that calls itself would be garbage of the kind that must be looked for."""

    def __init__(self, remaining: Iterator[Closing], done: Done) -> None:
        self._remaining = remaining
        self._done = done

    def next(self) -> None:
        for closing in self._remaining:
            closing(self.next)
            return
        self._done()
