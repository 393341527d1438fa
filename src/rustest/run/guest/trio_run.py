"""Runs of trio in guest mode: the hub makes their steps between those of its loops.

Each test has a run of its own, as it has a loop on asyncio; those that share a fixture which lives on trio share one.
"""

import math
import time
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from functools import partial
from threading import get_ident

import outcome
import trio

from rustest.model.failure import Phase, describe, problem
from rustest.model.hints import TYPE_CHECKING, Any, cast
from rustest.model.plan import AUTOJUMP
from rustest.model.strictness import PENDING_TASK, TASK_EXCEPTION
from rustest.run.checks.findings import Finding
from rustest.run.closing import Done
from rustest.run.driver import Ended, do_nothing
from rustest.run.entry import resume
from rustest.run.fixtures.calls import FixtureError
from rustest.run.guest.nested_wait import NestedWait
from rustest.run.guest.task_steps import TaskSteps
from rustest.run.guest.turns import Turns
from rustest.run.hub.hub import Hub
from rustest.run.hub.passes import more_passes
from rustest.run.hub.timers import Timer
from rustest.run.stops.limbo import keep_for_good
from rustest.run.tenant import TENANT, Tenant

if TYPE_CHECKING:
    from trio.testing import MockClock


_DOES_NOT_END = "its run of trio does not end: a task of the system's, or a generator, shields itself from that"


class RunRefusedError(FixtureError):
    """Trio cannot run this test just now."""


class TrioRun:
    """One run of trio, from its first task to the end of its last user; of a private one, that is the last task's."""

    def __init__(self, hub: Hub, options: Mapping[str, object], tenant: Tenant | None, grace: float) -> None:
        self.options = options
        self.is_over = False
        self._hub = hub
        self._tenant = tenant
        """Whose the run is, if it is one test's own."""
        self._grace = grace
        self._wait = NestedWait(hub)
        self._turns = Turns(self._wait.begin)
        self._is_in_turn = False
        self._next: Callable[[], object] | None = None
        """The step that trio wants to make as soon as it may."""
        self._release = trio.Event()
        self._token: trio.lowlevel.TrioToken | None = None
        self._waiting: list[Callable[[], None]] = []
        self._tasks: dict[TrioTask, Ended] = {}
        self._let_out: BaseException | None = None
        """What the last task has let out, to be told with the end of the run."""
        self._done: Done = do_nothing
        self._patience: Timer | None = None
        self._begin()

    def _begin(self) -> None:
        start = cast("Callable[..., None]", trio.lowlevel.start_guest_run)  # whose options are a user's own
        options = _with_clock(self.options)
        if self._tenant is None:
            given = cast("Iterable[trio.abc.Instrument]", options.get("instruments", ()))
            options = {**options, "instruments": (*given, TaskSteps(self._hub.occupancy))}
        with self._turn():
            start(
                self._live,
                run_sync_soon_threadsafe=self._wake,
                run_sync_soon_not_threadsafe=self._go_on,
                done_callback=self._end,
                host_uses_signal_set_wakeup_fd=True,
                **options,
            )

    def call_soon(self, call: Callable[[], None]) -> None:
        """Make a call in trio's own next step."""
        if self._token is None:
            self._waiting.append(call)
        elif not self.is_over:
            self._token.run_sync_soon(call)

    def spawn(self, coroutine: Coroutine[Any, Any, None], name: str, context: Context, ended: Ended) -> "TrioTask":
        """Go on with a suspended coroutine in a task of its own, in that very context; `ended` hears between steps."""
        task = TrioTask()
        self._tasks[task] = ended
        self.call_soon(partial(self._start, task, coroutine, name, context))
        return task

    def in_place(self) -> AbstractContextManager[None]:
        """Have it be the run that trio sees in the thread, for the time of the block, as long as it goes on."""
        return nullcontext() if self.is_over or self._is_in_turn else self._turns.taken()

    @contextmanager
    def held_still(self) -> Generator[None, None, None]:
        """Keep a clock from jumping that jumps when all tasks wait: this one waits for something outside of the run."""
        if AUTOJUMP not in self.options:
            yield
            return
        clock = cast("MockClock", trio.lowlevel.current_clock())
        threshold, clock.autojump_threshold = clock.autojump_threshold, math.inf
        try:
            yield
        finally:
            clock.autojump_threshold = threshold

    def finish(self, done: Done) -> None:
        """End the run, whose users have ended, and call back between steps."""
        if self.is_over:
            done()
        else:
            self._done = done
            self.call_soon(self._release.set)
            self._await_end()

    def forsake(self) -> None:
        """Ask the run to end, and wait for nothing."""
        self.call_soon(self._release.set)
        keep_for_good(self)
        self._leave()

    # --- inside trio ----------------------------------------------------------------------------------------

    async def _live(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        for call in self._waiting:
            call()
        self._waiting.clear()
        await self._release.wait()

    def _start(self, task: "TrioTask", coroutine: Coroutine[Any, Any, None], name: str, context: Context) -> None:
        task.task = trio.lowlevel.spawn_system_task(
            self._drive, task, resume(cast("Coroutine[object, object, None]", coroutine)), name=name, context=context
        )

    async def _drive(self, task: "TrioTask", rest: Any) -> None:
        error: BaseException | None = None
        try:
            await rest
        except BaseException as exc:  # a system task must not let anything out
            error = exc
        if self._tenant is not None and len(self._tasks) == 1:
            self._let_out = error
            self._release.set()
            self._await_end()
        else:
            self._hub.call_soon(partial(self._tasks.pop(task), error))
        del error

    # --- between steps --------------------------------------------------------------------------------------

    def _wake(self, step: Callable[[], object]) -> None:
        call_soon = self._hub.call_soon if get_ident() == self._hub.thread_id else self._hub.call_soon_threadsafe
        call_soon(partial(self._take_turn, step))

    def _go_on(self, step: Callable[[], object]) -> None:
        """Trio has more to do at once: in this turn, while it goes on."""
        self._next = step
        if not self._is_in_turn:
            self._hub.call_soon(self._take_next_turn)

    def _take_next_turn(self) -> None:
        step, self._next = self._next, None
        if step is not None:
            self._take_turn(step)

    def _take_turn(self, step: Callable[[], object]) -> None:
        """Make trio's steps: those of a run of one test's own are charged to it, the others' task by task."""
        watch = self._hub.occupancy.watch
        if watch is not None:
            watch.adopt()
        with self._turn():
            self._make_steps(step)
        if watch is not None and self._tenant is not None:
            watch.look(self._tenant)

    @contextmanager
    def _turn(self) -> Generator[None, None, None]:
        """Let the run have the thread; what tasks and callbacks of the system's do there is the tenant's, too."""
        tenant = self._tenant
        token = TENANT.set(tenant)
        try:
            with self._turns.taken(), self._hub.occupancy.held_by(tenant) if tenant is not None else nullcontext():
                yield
        finally:
            TENANT.reset(token)

    def _make_steps(self, step: Callable[[], object]) -> None:
        self._is_in_turn = True
        try:
            step()
            for _ in more_passes():
                if (more := self._next) is None:
                    break
                self._next = None
                more()
        finally:
            self._is_in_turn = False
        if self._next is not None:
            self._hub.call_soon(self._take_next_turn)

    def _await_end(self) -> None:
        """Leave the run alone if it does not end: a task of the system's, which no test waits for, may be shielded."""
        self._patience = self._hub.call_at(time.monotonic() + 2 * self._grace, self._give_up)

    def _give_up(self) -> None:
        place = self._tenant.place() if self._tenant is not None else None
        self._hub.file(self._tenant, Finding(PENDING_TASK, problem(Phase.TEARDOWN, _DOES_NOT_END, at=place)))
        keep_for_good(self)
        self._leave()

    def _end(self, result: "outcome.Outcome[None]") -> None:
        self._wait.end()
        if self.is_over:
            return
        error = result.error if isinstance(result, outcome.Error) else None
        if error is not None and not self._tasks:
            self._hub.file(None, Finding(TASK_EXCEPTION, describe(error, Phase.TEARDOWN)))
        self._leave(error)

    def _leave(self, error: BaseException | None = None) -> None:
        """Tell all that the run is over, which is ended by this error or by none."""
        self.is_over = True
        if self._patience is not None:
            self._patience.cancel()
        for ended in self._tasks.values():
            self._hub.call_soon(partial(ended, error or self._let_out))
        self._tasks.clear()
        self._hub.call_soon(self._done)


def _with_clock(options: Mapping[str, object]) -> Mapping[str, object]:
    """The options as trio takes them: a clock that a fixture moves is made anew for each run."""
    if AUTOJUMP not in options:
        return options
    from trio.testing import MockClock

    return {"clock": MockClock(autojump_threshold=cast("float", options[AUTOJUMP]))}


class TrioTask:
    """A task of rustest's in a run of trio; `task` is None until trio has started it."""

    def __init__(self) -> None:
        self.task: trio.lowlevel.Task | None = None
