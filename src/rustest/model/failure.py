"""Failures: exceptions turned into plain records, here and nowhere else."""

import enum
import os
from types import CodeType, FrameType, TracebackType
from typing import NamedTuple, cast

from rustest.model.errors import OutcomeException

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
"""The folder of rustest itself, whose frames no user needs to see."""


class Phase(enum.Enum):
    """The part of a test's life in which something happened; the value is the word that users read."""

    COLLECT = "collection"
    PLAN = "planning"
    SETUP = "set-up"
    CALL = "call"
    TEARDOWN = "teardown"


class Frame(NamedTuple):
    """One line of a traceback."""

    file: str
    line: int
    function: str


class Failure(NamedTuple):
    """An exception as plain data."""

    phase: Phase
    type: str
    """The exception's type as a traceback names it: `ValueError`, `httpx.ReadError`."""
    message: str
    frames: tuple[Frame, ...] = ()
    """Outermost first, the user's frames only."""
    subject: str | None = None
    """The fixture whose set-up or teardown failed, if it was one."""
    cause: "Failure | None" = None
    """What it was raised from, or while handling which it was raised."""
    members: "tuple[Failure, ...]" = ()
    """The exceptions of a group."""
    notes: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Type and message as the last line of a traceback has them; only the message where there is no exception."""
        return ": ".join(part for part in (self.type, self.message) if part)


def problem(phase: Phase, message: str, subject: str | None = None) -> Failure:
    """A failure that no exception caused: a complaint of rustest's own."""
    return Failure(phase, "", message, subject=subject)


def describe(exc: BaseException, phase: Phase, subject: str | None = None) -> Failure:
    """Turn an exception with its causes and group members into a record."""
    return _describe(exc, phase, set(), 0)._replace(subject=subject)


_DEPTH = 100
"""How long a chain of causes may be, or how deep groups may be nested, before the rest is left out."""


def _describe(exc: BaseException, phase: Phase, seen: set[int], depth: int) -> Failure:
    seen.add(id(exc))
    cause = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    members = _members(exc)
    return Failure(
        phase,
        type_name(type(exc)),
        _message(exc),
        user_frames(exc.__traceback__, or_all=not (members or isinstance(exc, OutcomeException))),
        None,
        None if cause is None else _describe_unseen(cause, phase, seen, depth),
        tuple(found for member in members if (found := _describe_unseen(member, phase, seen, depth))),
        _notes(exc),
    )


def _describe_unseen(exc: BaseException, phase: Phase, seen: set[int], depth: int) -> Failure | None:
    return None if id(exc) in seen or depth == _DEPTH else _describe(exc, phase, seen, depth + 1)


def _notes(exc: BaseException) -> tuple[str, ...]:
    try:
        return tuple(str(note) for note in getattr(exc, "__notes__", ()))
    except BaseException as broken:  # as below
        return (f"<no notes: {type(broken).__name__} was raised>",)


def _members(exc: BaseException) -> tuple[BaseException, ...]:
    if not isinstance(exc, BaseExceptionGroup):
        return ()
    return tuple(cast("BaseExceptionGroup[BaseException]", exc).exceptions)


def user_frames(traceback: TracebackType | None, *, or_all: bool) -> tuple[Frame, ...]:
    """The user's frames of a traceback outermost first; with `or_all`, all of them where none is the user's."""
    frames: list[tuple[Frame, bool]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append((frame_of(code, traceback.tb_lineno), _is_shown(traceback.tb_frame)))
        traceback = traceback.tb_next
    return tuple(frame for frame, users in frames if users) or tuple(frame for frame, _ in frames if or_all)


def frame_of(code: CodeType, line: int | None) -> Frame:
    """The record of a line in that code."""
    return Frame(code.co_filename, line or code.co_firstlineno, code.co_qualname)


def is_users(code: CodeType) -> bool:
    """Whether the code is neither rustest's, asyncio's nor the import system's."""
    file = code.co_filename
    return not (file.startswith((HOME, _ASYNCIO)) or file.startswith("<frozen "))


_STDLIB = os.path.dirname(os.path.abspath(os.__file__))
_ASYNCIO = os.path.join(_STDLIB, "asyncio") + os.sep
_UNITTEST = os.path.join(_STDLIB, "unittest") + os.sep


def _is_shown(frame: FrameType) -> bool:
    """Whether a user needs to see it: unittest's own he does not, nor any that marks itself in unittest's way."""
    return is_users(frame.f_code) and not (
        frame.f_code.co_filename.startswith(_UNITTEST) or "__unittest" in frame.f_globals
    )


def user_stack(frame: FrameType | None) -> tuple[Frame, ...]:
    """Where running code stands, outermost first: the user's frames, up to the one that rustest called."""
    frames: list[Frame] = []
    while frame is not None and not frame.f_code.co_filename.startswith(HOME):
        if _is_shown(frame):
            frames.append(frame_of(frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return tuple(reversed(frames))


def type_name(kind: type[BaseException]) -> str:
    """The type as a traceback names it: `ValueError`, `httpx.ReadError`."""
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "__main__") else f"{module}.{kind.__qualname__}"


def _message(exc: BaseException) -> str:
    try:
        return str(exc)
    except BaseException as broken:  # a user's __str__ may raise anything; the failure must still be reported
        return f"<no message: __str__ raised {type(broken).__name__}>"
