"""What records warnings: `recwarn` is one, and so is what `warns` gives."""

import warnings
from collections.abc import Iterator
from typing import Self


class WarningsRecorder:
    """Records all warnings while it is entered; then the filters are as they were."""

    def __init__(self) -> None:
        self._catching = warnings.catch_warnings(record=True)
        self._list: list[warnings.WarningMessage] = []

    def __enter__(self) -> Self:
        """Begin to record, whatever filters there are."""
        self._list = self._catching.__enter__()
        warnings.simplefilter("always")
        return self

    def __exit__(self, *_: object) -> None:
        """Record no more."""
        self._catching.__exit__(None, None, None)

    @property
    def list(self) -> "list[warnings.WarningMessage]":
        """What was recorded and not popped."""
        return self._list

    def __getitem__(self, index: int) -> warnings.WarningMessage:
        """That one, counted from 0."""
        return self._list[index]

    def __iter__(self) -> Iterator[warnings.WarningMessage]:
        """One after another, the earliest first."""
        return iter(self._list)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._list)

    def pop(self, cls: type[Warning] = Warning) -> warnings.WarningMessage:
        """Take out the first of that very class, or else the first of the widest classes derived from it.

        Raises AssertionError where there is none.
        """
        matching = [message for message in self._list if issubclass(message.category, cls)]
        for message in matching:
            if not any(_is_wider(other.category, message.category) for other in matching):
                self._list.remove(message)
                return message
        recorded = ", ".join(message.category.__name__ for message in self._list) or "none"
        raise AssertionError(f"no {cls.__name__} was recorded; recorded: {recorded}")

    def clear(self) -> None:
        """Forget what was recorded."""
        self._list.clear()


def _is_wider(one: type[Warning], other: type[Warning]) -> bool:
    return one is not other and issubclass(other, one)
