"""Failures: exceptions as plain records; `describe`, and nothing else, makes the one into the other."""

import enum
import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from rustest.model.record import NamedTuple

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
"""The folder of rustest itself, whose frames no user needs to see."""


class Phase(enum.Enum):
    """The part of a test's life in which something happened; the value is the word that users read."""

    COLLECT = "collection"
    PLAN = "planning"
    SETUP = "set-up"
    CALL = "call"
    TEARDOWN = "teardown"


class Link(enum.Enum):
    """How an exception came of the one before it; the value is what users read between the two."""

    CAUSE = "caused by"
    """`raise ... from ...`"""
    CONTEXT = "while handling"


class Value(NamedTuple):
    """A name, and what it stood for when the failure was described: a line of its `repr`, cut where it is long."""

    name: str
    text: str


class Frame(NamedTuple):
    """One line of a traceback, with the part of it that was being evaluated."""

    file: str
    line: int
    function: str
    start: int = 0
    """The first line of the function; 0 where that is not known."""
    end_line: int = 0
    """The last line of the part that was being evaluated; 0 where that part is not known."""
    column: int = 0
    """Where it begins and ends, in bytes of UTF-8."""
    end_column: int = 0
    values: tuple[Value, ...] = ()
    """The names that occur in it; kept for the frame that is told in detail."""
    locals: tuple[Value, ...] = ()
    """All local variables, if they were asked for."""
    source: str = ""
    """The line itself, where it may be that no file has it."""


class TaskOrigin(NamedTuple):
    """A task of a test, by the name that asyncio or its user gave it."""

    name: str
    created: Frame | None = None
    """Where it was created, as asyncio's debug mode has it."""


TASK_OF = "__rustest_task__"
"""The attribute of an exception that holds the `TaskOrigin` of the task that it ended."""


def task_that_ended_by(exc: BaseException) -> TaskOrigin | None:
    """The task of a test's that ended by that exception, if one did; this asks no code of the exception's class."""
    try:
        origin: object = BaseException.__getattribute__(exc, TASK_OF)
    except AttributeError:
        return None
    return origin if isinstance(origin, TaskOrigin) else None


_SAID_OF = "__rustest_said__"
"""The attribute of an exception that holds what its test has to say in its place."""


def say_of(exc: BaseException, said: object) -> None:
    """Have that told of an exception in place of its type, message and frames."""
    BaseException.__setattr__(exc, _SAID_OF, said)


def said_of(exc: BaseException) -> object | None:
    """What is to be told of it instead, if anything; this asks no code of the exception's class."""
    try:
        said: object = BaseException.__getattribute__(exc, _SAID_OF)
    except AttributeError:
        return None
    return said


class TaskWait(NamedTuple):
    """Where a task of a test stood when the test's time was up."""

    name: str
    frames: tuple[Frame, ...]
    """Innermost first, the user's frames only."""
    waits_for: str = ""
    """What it waits for, such as `Lock` or `task 'Task-5'`; empty where that is not known."""
    created: Frame | None = None
    """Where it was created, as asyncio's debug mode has it."""


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
    """What it was raised from, or while handling which it was raised: `link` says which."""
    members: "tuple[Failure, ...]" = ()
    """The exceptions of a group."""
    notes: tuple[str, ...] = ()
    link: Link = Link.CAUSE
    tasks: tuple[TaskWait, ...] = ()
    """After a timeout, every task of the test; its own comes first."""
    task: TaskOrigin | None = None
    """The task of the test's that it ended."""
    native: str = ""
    """Python's own traceback, if it was asked for."""

    @property
    def headline(self) -> str:
        """Type and message as the last line of a traceback has them; only the message where there is no exception."""
        return ": ".join(part for part in (self.type, self.message) if part)

    def noting(self, note: str) -> "Failure":
        """The same, with one more note."""
        return self._replace(notes=(*self.notes, note))


class Detail(NamedTuple):
    """What records keep beyond the usual, because somebody wants to read it."""

    locals: bool = False
    """All local variables of each frame."""
    all_frames: bool = False
    """Also the frames of rustest and asyncio."""
    native: bool = False
    """Python's own traceback."""


_USUAL = Detail()
_DETAIL = ContextVar("rustest_detail", default=_USUAL)


@contextmanager
def keeping(detail: Detail) -> Generator[None, None, None]:
    """Have every failure that is described inside, by whatever test or loop, keep that much."""
    token = _DETAIL.set(detail)
    try:
        yield
    finally:
        _DETAIL.reset(token)


def detail_kept() -> Detail:
    """What `keeping` asks for here."""
    return _DETAIL.get()


def problem(phase: Phase, message: str, subject: str | None = None, *, at: Frame | None = None) -> Failure:
    """A failure that no exception caused: a complaint of rustest's own, `at` a line where it is of one."""
    return Failure(phase, "", message, (at,) if at is not None else (), subject)


def describe(exc: BaseException, phase: Phase, subject: str | None = None) -> Failure:
    """Turn an exception with its causes and group members into a record."""
    from rustest.model.description import Description  # which a run without a failure does not need

    return Description(phase, detail_kept()).whole(exc)._replace(subject=subject)


def type_name(kind: type[BaseException]) -> str:
    """The type as a traceback names it, `ValueError`, `httpx.ReadError`; our own by their names alone."""
    module = kind.__module__
    return (
        kind.__qualname__
        if module in ("builtins", "__main__", "rustest.model.errors")
        else f"{module}.{kind.__qualname__}"
    )
