"""A traceback as a list of the places that it leads through."""

import os
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, TracebackType
from typing import TYPE_CHECKING, SupportsIndex, overload

if TYPE_CHECKING:
    from pathlib import Path


class TracebackEntry:
    """One place: a line of a function that was running."""

    def __init__(self, raw: TracebackType) -> None:
        self._raw = raw

    @property
    def frame(self) -> FrameType:
        """The function's frame."""
        return self._raw.tb_frame

    @property
    def code(self) -> CodeType:
        """The function's code."""
        return self.frame.f_code

    @property
    def name(self) -> str:
        """The function's name."""
        return self.code.co_name

    @property
    def lineno(self) -> int:
        """The line, counted from 0 as pytest counts them."""
        return self._raw.tb_lineno - 1

    @property
    def relline(self) -> int:
        """The line, counted from the function's first."""
        return self._raw.tb_lineno - self.code.co_firstlineno

    @property
    def path(self) -> "Path | str":
        """The file; its bare name where there is no such file."""
        from pathlib import Path

        file = self.code.co_filename
        return Path(file) if os.path.exists(file) else file

    @property
    def locals(self) -> dict[str, object]:
        """The local variables."""
        return self.frame.f_locals

    @property
    def statement(self) -> str:
        """The line's source."""
        from linecache import getline

        return getline(self.code.co_filename, self._raw.tb_lineno).strip()

    def ishidden(self, excinfo: object = None) -> bool:
        """Whether the function asks not to be shown, by a local variable `__tracebackhide__`."""
        hide: object = self.frame.f_locals.get("__tracebackhide__", False)
        return bool(hide(excinfo) if callable(hide) else hide)

    def __repr__(self) -> str:
        return f"<TracebackEntry {self.code.co_filename}:{self._raw.tb_lineno} in {self.name}>"


class Traceback(list[TracebackEntry]):
    """The places, that of the test first and that which raised last."""

    def __init__(self, start: "TracebackType | list[TracebackEntry] | None") -> None:
        super().__init__(start if isinstance(start, list) else _entries(start))

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> TracebackEntry: ...
    @overload
    def __getitem__(self, key: "slice[SupportsIndex | None]", /) -> "Traceback": ...
    def __getitem__(self, key: "SupportsIndex | slice[SupportsIndex | None]", /) -> "TracebackEntry | Traceback":
        """One place, or a shorter traceback."""
        return Traceback(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)

    def filter(self, keeps: Callable[[TracebackEntry], object], /) -> "Traceback":
        """The places for which the function says yes."""
        return Traceback([entry for entry in self if keeps(entry)])


def _entries(raw: TracebackType | None) -> Iterator[TracebackEntry]:
    while raw is not None:
        yield TracebackEntry(raw)
        raw = raw.tb_next
