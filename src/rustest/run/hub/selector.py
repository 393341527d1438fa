"""A loop's own selector, which costs nothing until the loop opens its first descriptor."""

import selectors
from collections.abc import Callable, Mapping

Key = selectors.SelectorKey
_NOTHING: Mapping[object, Key] = {}


class NestedSelector(selectors.BaseSelector):
    """Registers descriptors in a selector of its own, and that one's descriptor with the hub.

    Each loop has its own because a descriptor that is closed without being unregistered, and whose number another
    test then gets, would cross over in a shared one.
    """

    def __init__(self, opened: Callable[[int], None], closing: Callable[[int], None]) -> None:
        self._real: selectors.DefaultSelector | None = None
        self._opened = opened
        self._closing = closing

    def register(self, fileobj: object, events: int, data: object = None) -> Key:
        """Register a descriptor; the first one makes the selector."""
        if self._real is None:
            self._real = selectors.DefaultSelector()
            self._opened(self._real.fileno())
        return self._real.register(fileobj, events, data)  # type: ignore[arg-type]

    def unregister(self, fileobj: object) -> Key:
        """Forget a descriptor; raises KeyError for one that was not registered."""
        if self._real is None:
            raise KeyError(fileobj)
        return self._real.unregister(fileobj)  # type: ignore[arg-type]

    def modify(self, fileobj: object, events: int, data: object = None) -> Key:
        """Change what is waited for; raises KeyError for a descriptor that was not registered."""
        if self._real is None:
            raise KeyError(fileobj)
        return self._real.modify(fileobj, events, data)  # type: ignore[arg-type]

    def select(self, timeout: float | None = None) -> list[tuple[Key, int]]:
        """Wait for I/O for up to `timeout` seconds: 0 in the hub's steps, longer only when its user drives the loop."""
        return [] if self._real is None else self._real.select(timeout)

    def get_map(self) -> Mapping[object, Key]:  # type: ignore[override]
        """What is registered."""
        return _NOTHING if self._real is None else self._real.get_map()  # type: ignore[return-value]

    def leave_hub(self) -> None:
        """Bother the hub no more, whatever becomes ready."""
        if self._real is not None:
            self._closing(self._real.fileno())

    def close(self) -> None:
        """Close the selector, if there was one."""
        if self._real is not None:
            self.leave_hub()
            self._real.close()
            self._real = None
