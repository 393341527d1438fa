"""A loop that knows its tasks, hears of the exceptions that nobody takes, and tells what is left when a test ends."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import collections
import weakref
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from selectors import SelectorKey
from types import FrameType

from rustest.model.failure import Failure, Frame, Phase, problem
from rustest.model.hints import TYPE_CHECKING, Any, cast
from rustest.model.strictness import PENDING_TASK, UNCLOSED, UNFINISHED_GENERATOR
from rustest.run.checks.findings import Finding, is_lost
from rustest.run.hub.debug import hide_caller
from rustest.run.hub.failed_tasks import note_failed_task
from rustest.run.hub.left_open import close_servers
from rustest.run.hub.timers import Call
from rustest.run.hub.untaken import file_untaken, untaken
from rustest.run.tenant import TENANT, Tenant

if TYPE_CHECKING:
    from rustest.run.hub.hub import Hub

AnyTask = asyncio.Task[Any]
TASKS = tuple(
    cast("type[AnyTask]", kind) for name, kind in vars(asyncio.tasks).items() if name in ("_PyTask", "_CTask")
)
"""What tasks are, whatever `asyncio.Task` stands for just now: a test may put the one in the place of the other."""


class WatchedLoop(asyncio.SelectorEventLoop):
    """What the checks at the ends of tests need of a loop."""

    hub: "Hub"
    tenant: Tenant | None = None
    """The test that owns this loop; None where several share it, and each handle's context tells whose it is."""
    _debug: bool
    _ready: collections.deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _spawned: weakref.WeakKeyDictionary[AnyTask, Tenant | None] | None = None
    _awaited: dict[AnyTask, Call]
    _is_ending = False
    """Whether a task has ended for which the hub waits: as under asyncio, that comes before what is left."""

    @cached_property
    def _asyncgens(self) -> weakref.WeakSet[Any]:
        return weakref.WeakSet()

    # --- tasks ----------------------------------------------------------------------------------------------

    def create_task(self, coro: Any, **options: Any) -> Any:
        """Make a task and remember it: asking the whole process for its tasks costs more with each test in flight."""
        task = super().create_task(coro, **options)
        if self._spawned is None:
            self._spawned = weakref.WeakKeyDictionary()
        self._spawned[task] = self.tenant or TENANT.get()
        if self._debug and self.get_task_factory() is None:
            hide_caller(task)
        return task

    def pending_tasks(self) -> set[AnyTask]:
        """The tasks of this loop that have not ended, the running one left out."""
        tasks = {task for task in self._spawned or () if not task.done()}
        if self._ready or self._scheduled or self._registered():
            tasks |= asyncio.all_tasks(self)  # also those that were made without `create_task`
        running = asyncio.current_task(self)
        return tasks - {running} if running else tasks

    # --- tasks that end -------------------------------------------------------------------------------------

    def when_done(self, task: AnyTask, call: Call) -> None:
        """Have the hub make a call when that task of the loop has ended.

        It comes when a callback of the task's would have its turn, without a step being made for it alone.
        """
        self._awaited[task] = call
        self._is_ending = False

    def note_end(self, task: AnyTask) -> None:
        """A task has made its last step."""
        if (call := self._awaited.pop(task, None)) is not None:
            self._is_ending = True
            self.hub.call_soon(partial(self.hub.call_soon, call) if self._ready else call)
        if self._spawned is not None and task in self._spawned:
            note_failed_task(task)

    def note_ends(self) -> None:
        """The loop's user has driven it himself, and any task may have ended."""
        for task in [task for task in self._awaited if task.done()]:
            self.note_end(task)

    # --- exceptions that nobody takes -----------------------------------------------------------------------

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """File what nobody has taken under its test, unless the test's own handler takes it."""
        tenant = self._tenant_of(context.get("task") or context.get("future"))
        with untaken(self.hub.file, tenant, context, is_told=self.get_exception_handler() is not None):
            super().call_exception_handler(context)

    def _tenant_of(self, future: object) -> Tenant | None:
        tenant = self.tenant
        if tenant is None and future is not None and self._spawned is not None:
            tenant = self._spawned.get(cast("AnyTask", future))
        return tenant or TENANT.get()

    # --- what is left ---------------------------------------------------------------------------------------

    def may_have_left(self) -> bool:
        """Whether anything may be left of a test's; most have never made a task, and this costs them nothing."""
        own = vars(self)
        return bool(self._spawned or own.get("_asyncgens") or ("_selector" in own and self._registered()))

    @property
    def _has_generators(self) -> bool:
        return "_asyncgens" in vars(self) and bool(self._asyncgens)

    def _registered(self) -> Mapping[object, SelectorKey]:
        """The descriptors that the loop waits for."""
        return {}

    def has_pending(self, tenant: Tenant) -> bool:
        """Whether a task of that test's has something to do in the loop's next turn."""
        return bool(self._ready) and any(True for _ in self._pending(tenant))

    def _pending(self, tenant: Tenant) -> Iterator[AnyTask]:
        return (task for task, owner in self._owned() if owner is tenant and not task.done())

    def _owned(self) -> "list[tuple[AnyTask, Tenant | None]]":
        return list((self._spawned or {}).items())

    def file_what_is_left(self, tenant: Tenant) -> None:
        """File what that test has left: exceptions not taken, tasks that run, generators begun, servers that listen."""
        for task, owner in self._owned():
            if owner is tenant and task.done() and not task.cancelled():
                self._file_untaken(task)
        for task in sorted(self._pending(tenant), key=AnyTask.get_name):
            self.hub.file(tenant, Finding(PENDING_TASK, _left_running(task)))
        if self.tenant is tenant and self._has_generators:
            for generator in tuple(self._asyncgens):
                if (frame := cast("FrameType | None", generator.ag_frame)) is not None:
                    self.hub.file(tenant, Finding(UNFINISHED_GENERATOR, _left_open(generator, frame)))
        if self.tenant is tenant:
            for where in close_servers(self, self._registered().values()):
                self.hub.file(tenant, Finding(UNCLOSED, _left_listening(where, tenant)))

    def _file_untaken(self, task: AnyTask) -> None:
        if not getattr(task, "_log_traceback", False) or self.get_exception_handler() is not None:
            return
        task._log_traceback = False  # it has been told, or is now
        error: object = getattr(task, "_exception", None)
        if is_lost(error):
            said = f"task {task.get_name()!r} ended by this, and nobody awaited it: await the task"
            file_untaken(self.hub.file, self._tenant_of(task), error, said)


_UNNAMED = "Task-"
"""What asyncio calls tasks that nobody has named begins so, and tells nothing."""


def _left_running(task: AnyTask) -> Failure:
    coroutine = task.get_coro()
    code = getattr(coroutine, "__qualname__", repr(coroutine))
    name = task.get_name()
    which = f"a task of {code}" if name.startswith(_UNNAMED) else f"task {name!r} ({code})"
    said = f"{which} still runs at the end of the test: await it, or cancel and await it"
    frames = [Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name) for frame in task.get_stack()[:1]]
    return problem(Phase.CALL, said)._replace(frames=tuple(frames))


def _left_open(generator: Any, frame: FrameType) -> Failure:
    name = getattr(generator, "__qualname__", "")
    said = f"async generator {name!r} was begun and never finished: exhaust it, or close it with `aclosing`"
    return problem(Phase.CALL, said)._replace(
        frames=(Frame(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name),)
    )


def _left_listening(where: str, tenant: Tenant) -> Failure:
    said = f"a server that listens at {where} was never closed: close it, or use it in an `async with`"
    place = tenant.place()
    return problem(Phase.CALL, said)._replace(frames=() if place is None else (place,))
