"""What an attempt needs of whatever runs it: nothing at all, a loop of asyncio, or a run of trio."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from contextvars import Context

from rustest.model.frames import Waiting
from rustest.model.hints import Any, Protocol, TypeVar
from rustest.model.plan import LoopPlan
from rustest.run.tenant import Tenant

_T = TypeVar("_T")
Ended = Callable[[BaseException | None], None]
"""Hears of the end of a task, with what it has let out."""


def do_nothing() -> None:
    """What a driver does when its attempt does not end, or loses its loop, while nobody is there to be told."""


class Event(Protocol):
    """What tasks wait for: an event of asyncio's or of trio's."""

    def is_set(self) -> bool:
        """Whether it has come."""
        ...

    async def wait(self) -> object:
        """Wait until it has."""
        ...

    def set(self) -> None:
        """Let it come."""
        ...


Life = Callable[["Driver", Event], Coroutine[Any, Any, None]]
"""A fixture's whole life as a coroutine, which waits for the event between set-up and teardown."""


class OwnerTask(Protocol):
    """The task in which a fixture of a wider scope lives."""

    def where(self) -> Waiting:
        """Where it waits, and all other tasks of the fixture."""
        ...

    def cancel(self) -> None:
        """End a set-up that nobody waits for any more."""
        ...

    def rest(self) -> None:
        """Live on: the set-up is over, and nobody waits for it any more."""
        ...

    def finish(self, ended: Ended) -> None:
        """Have the teardown run, and call back between steps with its error."""
        ...


class Driver(Protocol):
    """How an attempt gets from one place to another: into its loop, and out of it for sync code."""

    inside: bool
    """Whether the attempt is in a task; whoever runs it between steps clears this."""

    def make(self, call: Callable[[], _T]) -> _T:
        """Make a sync call here and now, while the attempt is not inside."""
        ...

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make a sync call with no loop running; between steps, if need be."""
        ...

    async def enter(self) -> None:
        """Go on in a task of the attempt's loop."""
        ...

    def limit(self, tenant: Tenant, seconds: float | None, what: str) -> AbstractContextManager[None]:
        """Raise LimitExceeded, saying `what` timed out, if what is inside takes longer."""
        ...

    def branch(self, context: Context, loop: LoopPlan | None) -> "Driver":
        """A driver for another task, in that context: on that loop, or else on the same one."""
        ...

    def call_later(self, seconds: float, call: Callable[[], None]) -> object:
        """Make a call between steps of the loop, so many seconds from now."""
        ...

    def cancel(self) -> None:
        """Ask the attempt to end what it is doing."""
        ...

    def lose_loop(self) -> None:
        """End the attempt without the loop, which was closed."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Make sync calls at once, inside, for sync code that asks for something in the middle of a step."""
        ...

    def calm(self) -> None:
        """Forget that the attempt was cancelled, so that teardown can wait undisturbed."""
        ...

    def is_stray(self) -> bool:
        """Whether the code that runs is in a task that was given up, and goes on all the same."""
        ...

    def guard(self) -> AbstractContextManager[None]:
        """What stands around each async call, for those who can cancel nothing else."""
        ...

    @property
    def cancelled(self) -> tuple[type[BaseException], ...]:
        """What is raised where a task is cancelled."""
        ...

    def event(self) -> Event:
        """Something that a task can wait for."""
        ...

    def signal(self, event: Event) -> None:
        """Let an event come, from wherever it may be."""
        ...

    def own(self, tenant: Tenant, life: Life, died: Ended) -> OwnerTask:
        """Have a fixture of a wider scope live in a task, of which this is then the driver."""
        ...


class TaskDriver(Driver, Protocol):
    """The driver of an attempt that goes on in a task as soon as something in it is async."""

    context: Context
    give_up: Callable[[], None]
    """What to do when the task does not end after two cancellations."""
    come_down: Callable[[], None]
    """What to do when there is no loop any more."""

    def go_on(self, coroutine: Coroutine[Any, Any, None], name: str, ended: Ended) -> None:
        """Resume a suspended coroutine in a task, and call back between steps when it has ended."""
        ...

    def where(self) -> Waiting:
        """Where the task waits, and all others that it has begun."""
        ...

    def forsake(self) -> None:
        """Leave alone what cannot be ended."""
        ...
