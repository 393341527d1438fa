"""Runs of trio in guest mode: the hub makes their steps between those of its loops.

Each test has a run of its own, as it has a loop on asyncio; those that share a fixture which lives on trio share one.
"""

import math
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import Context
from functools import partial
from threading import get_ident

import outcome
import trio

from rustest.model.hints import TYPE_CHECKING, Any, cast
from rustest.model.plan import AUTOJUMP
from rustest.model.scope import Scope, ScopeInstance
from rustest.run.closing import Done
from rustest.run.driver import Ended
from rustest.run.entry import resume
from rustest.run.fixtures.calls import FixtureError
from rustest.run.guest.nested_wait import NestedWait
from rustest.run.guest.task_steps import TaskSteps
from rustest.run.guest.turns import Turns
from rustest.run.hub.hub import Hub
from rustest.run.hub.passes import more_passes
from rustest.run.stops.limbo import keep_for_good
from rustest.run.tenant import TENANT, Tenant

if TYPE_CHECKING:
    from trio.testing import MockClock


class RunRefusedError(FixtureError):
    """Trio cannot run this test just now."""


class TrioRun:
    """One run of trio, from its first task to the end of its last user."""

    def __init__(self, hub: Hub, options: Mapping[str, object], *, is_private: bool) -> None:
        self.options = options
        self.is_over = False
        self._hub = hub
        self._is_private = is_private
        self._wait = NestedWait(hub)
        self._turns = Turns(self._wait.begin)
        self._is_in_turn = False
        self._next: Callable[[], object] | None = None
        """The step that trio wants to make as soon as it may."""
        self._release = trio.Event()
        self._token: trio.lowlevel.TrioToken | None = None
        self._waiting: list[Callable[[], None]] = []
        self._tasks: dict[TrioTask, Ended] = {}
        self._done: Done = lambda: None
        self._begin()

    def _begin(self) -> None:
        start = cast("Callable[..., None]", trio.lowlevel.start_guest_run)  # whose options are a user's own
        options = _with_clock(self.options)
        if not self._is_private:
            given = cast("Iterable[trio.abc.Instrument]", options.get("instruments", ()))
            options = {**options, "instruments": (*given, TaskSteps(self._hub.occupancy))}
        with self._turns.taken():
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
        ended = self._tasks.pop(task)
        self._hub.call_soon(partial(ended, error))
        del error, ended

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
        occupancy, watch = self._hub.occupancy, self._hub.occupancy.watch
        tenant = next((task.tenant for task in self._tasks), None) if self._is_private else None
        if watch is not None:
            watch.adopt()
        with self._turns.taken(), occupancy.held_by(tenant) if tenant is not None else nullcontext():
            self._make_steps(step)
        if watch is not None and self._is_private:
            watch.look(tenant)

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

    def _end(self, result: "outcome.Outcome[None]") -> None:
        self.is_over = True
        self._wait.end()
        error = result.error if isinstance(result, outcome.Error) else None
        for ended in self._tasks.values():  # there are none unless trio itself has failed
            self._hub.call_soon(partial(ended, error))
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
        self.tenant: Tenant | None = TENANT.get()


class TrioRuns:
    """Starts the runs of trio that tests need, and ends each with the test or scope that it was started for."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._runs: dict[ScopeInstance, TrioRun] = {}

    def run_for(self, user: ScopeInstance, options: Mapping[str, object]) -> TrioRun:
        """The run of that test or scope; raises RunRefusedError where trio cannot have it."""
        run = self._runs.get(user)
        if run is None or run.is_over:
            run = self._runs[user] = self._start(user, options)
        elif dict(run.options) != dict(options):
            raise RunRefusedError(
                f"the tests of this {user.scope.label} share one run of trio, and that goes on with other options: "
                f"{dict(run.options)!r} and not {dict(options)!r}"
            )
        return run

    def _start(self, user: ScopeInstance, options: Mapping[str, object]) -> TrioRun:
        try:
            return TrioRun(self._hub, options, is_private=user.scope is Scope.FUNCTION)
        except (RuntimeError, TypeError) as error:  # this thread is in another run, or there is no such option
            raise RunRefusedError(f"trio cannot run here: {error}") from error

    def give_up(self, user: ScopeInstance) -> None:
        """End the run of a test without waiting for it, as one of its tasks does not end."""
        run = self._runs.pop(user, None)
        if run is not None:
            run.finish(lambda: None)
            keep_for_good(run)

    def release(self, user: ScopeInstance, done: Done) -> None:
        """A test or scope has ended, and its run with it."""
        run = self._runs.pop(user, None)
        if run is None:
            done()
        else:
            run.finish(done)
