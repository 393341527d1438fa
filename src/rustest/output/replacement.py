"""Parts of the process that are replaced while any test needs it."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager


class Replacement:
    """Something that stands in the place of a part of the process, from the first of its users to the last."""

    def __init__(self, replace: Callable[[], AbstractContextManager[None]]) -> None:
        self._replace = replace
        self._users = 0
        self._undoing = ExitStack()

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Be one of the users for the time of the block."""
        if not self._users:
            self._undoing.enter_context(self._replace())
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._undoing.close()
