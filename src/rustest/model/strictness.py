"""What a test can leave behind or do wrong although its body passes: the checks, and how strict a run is about each."""

import enum
from collections.abc import Mapping

from rustest.model.record import NamedTuple


class Strictness(enum.Enum):
    """What a find of a check means."""

    ERROR = "error"
    """The test fails; where it is no test's, the run does."""
    WARN = "warn"
    """The run warns of it, and the verdict stays."""
    IGNORE = "ignore"


class Check(NamedTuple):
    """One thing that is looked for at the end of each test."""

    name: str
    """The key in `[tool.rustest.strict]`."""
    default: Strictness
    category: str
    """The kind of warning that it is told as, where it is a warning."""
    meaning: str
    is_leak: bool = False
    """Whether the test has left something behind that goes on, and not only done something wrong."""


TASK_EXCEPTION = Check(
    "task_exception",
    Strictness.ERROR,
    "rustest.TaskWarning",
    "a task or callback of the test failed, and nobody took its exception",
)
THREAD_EXCEPTION = Check(
    "thread_exception",
    Strictness.ERROR,
    "rustest.ThreadWarning",
    "a thread of the test ended with an exception that nobody took",
)
FINALIZER_EXCEPTION = Check(
    "finalizer_exception",
    Strictness.WARN,
    "rustest.FinalizerWarning",
    "an exception was raised where Python can only print it, as in `__del__`",
)
NEVER_AWAITED = Check(
    "never_awaited",
    Strictness.ERROR,
    "rustest.NeverAwaitedWarning",
    "a coroutine was made and never awaited, so that its code never ran",
)
NEVER_ENTERED = Check(
    "never_entered",
    Strictness.ERROR,
    "rustest.NeverEnteredWarning",
    "`raises` was called in a test and never entered, so that it checked nothing",
)
UNFINISHED_GENERATOR = Check(
    "unfinished_generator",
    Strictness.ERROR,
    "rustest.LeakWarning",
    "an async generator was begun and neither exhausted nor closed",
)
PENDING_TASK = Check(
    "pending_task",
    Strictness.WARN,
    "rustest.LeakWarning",
    "a task still runs when the test has ended",
    is_leak=True,
)
THREAD = Check(
    "thread",
    Strictness.WARN,
    "rustest.LeakWarning",
    "a thread still runs when the test that started it has ended",
    is_leak=True,
)
UNCLOSED = Check(
    "unclosed",
    Strictness.WARN,
    "rustest.LeakWarning",
    "a file, socket, transport, subprocess or connection was never closed",
    is_leak=True,
)
RETURNED_VALUE = Check(
    "returned_value",
    Strictness.ERROR,
    "rustest.ReturnedValueWarning",
    "a test returns something other than None",
)
SHARED_CHANGE = Check(
    "shared_change",
    Strictness.WARN,
    "rustest.SharedChangeWarning",
    "a test leaves a change of what the process shares across an await, while other tests are in flight, "
    "or the working directory changed at its end",
)
LONG_TIMEOUT = Check(
    "long_timeout",
    Strictness.IGNORE,
    "rustest.LongTimeoutWarning",
    "a mark gives a test more time than `timeout` of the settings gives every test",
)

CHECKS = (
    TASK_EXCEPTION,
    THREAD_EXCEPTION,
    FINALIZER_EXCEPTION,
    NEVER_AWAITED,
    NEVER_ENTERED,
    UNFINISHED_GENERATOR,
    PENDING_TASK,
    THREAD,
    UNCLOSED,
    RETURNED_VALUE,
    SHARED_CHANGE,
    LONG_TIMEOUT,
)
"""All there are, in the order in which they are told."""


def strictness_of(check: Check, decided: Mapping[str, Strictness]) -> Strictness:
    """How strict a run is about that check whose settings have decided so much."""
    return decided.get(check.name, check.default)
