"""Runs of trio in guest mode: the hub makes their steps between those of its loops.

Trio has one run a thread at a time. So tests on trio are planned alone, and a run that a shared fixture keeps alive
serves all of them meanwhile.
"""

import math
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from contextvars import Context
from functools import partial

import outcome
import trio

from rustest.model.hints import TYPE_CHECKING, Any, cast
from rustest.model.plan import AUTOJUMP
from rustest.model.scope import ScopeInstance
from rustest.run.closing import Done
from rustest.run.driver import Ended
from rustest.run.entry import resume
from rustest.run.fixtures.calls import FixtureError
from rustest.run.hub.hub import Hub
from rustest.run.tenant import TENANT, Tenant

if TYPE_CHECKING:
    from trio.testing import MockClock


class RunRefusedError(FixtureError):
    """Trio cannot run this test just now."""


class TrioRun:
    """One run of trio, from its first task to the end of its last user."""

    def __init__(self, hub: Hub, options: Mapping[str, object]) -> None:
        self.options = options
        self.is_over = False
        self._hub = hub
        self._release = trio.Event()
        self._token: trio.lowlevel.TrioToken | None = None
        self._waiting: list[Callable[[], None]] = []
        self._tasks: dict[TrioTask, Ended] = {}
        self._done: Done = lambda: None
        start = cast("Callable[..., None]", trio.lowlevel.start_guest_run)  # whose options are a user's own
        start(
            self._live,
            run_sync_soon_threadsafe=self._wake,
            run_sync_soon_not_threadsafe=self._go_on,
            done_callback=self._end,
            host_uses_signal_set_wakeup_fd=True,
            **_with_clock(options),
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
        self._hub.call_soon_threadsafe(partial(self._step, step))

    def _go_on(self, step: Callable[[], object]) -> None:
        self._hub.call_soon(partial(self._step, step))

    def _step(self, step: Callable[[], object]) -> None:
        tenant = next((task.tenant for task in self._tasks), None)  # one test at a time is on trio
        if tenant is None:
            step()
        else:
            with self._hub.occupancy.held_by(tenant):
                step()

    def _end(self, result: "outcome.Outcome[None]") -> None:
        self.is_over = True
        error = result.error if isinstance(result, outcome.Error) else None
        for ended in self._tasks.values():  # there are none unless trio itself has failed
            self._hub.call_soon(partial(ended, error))
        self._tasks.clear()
        self._hub.call_soon(self._done)


def _start_run(hub: Hub, options: Mapping[str, object]) -> TrioRun:
    try:
        return TrioRun(hub, options)
    except (RuntimeError, TypeError) as error:  # this thread is in another run, or there is no such option
        raise RunRefusedError(f"trio cannot run here: {error}") from error


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
    """Starts a run of trio when a test needs one, and ends it when its last user has ended."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._run: TrioRun | None = None
        self._users: set[ScopeInstance] = set()
        self._stuck: tuple[str, TrioRun] | None = None
        """A test that could not be ended, and the run that waits for it."""

    def run_for(self, user: ScopeInstance, options: Mapping[str, object]) -> TrioRun:
        """The run that goes on, or else a new one; raises RunRefusedError where trio cannot have it."""
        if self._stuck is not None and not self._stuck[1].is_over:
            raise RunRefusedError(f"trio has one run at a time, and that of {self._stuck[0]} could not be ended")
        if self._run is None or self._run.is_over:
            self._run = _start_run(self._hub, options)
        elif dict(self._run.options) != dict(options):
            raise RunRefusedError(
                f"trio has one run at a time, and that of a shared fixture goes on with other options: "
                f"{dict(self._run.options)!r} and not {dict(options)!r}"
            )
        self._users.add(user)
        return self._run

    def give_up(self, test: str) -> None:
        """End the run without waiting for it, as one of its tasks does not end."""
        run, self._run = self._run, None
        if run is not None:
            self._stuck = test, run
            run.finish(lambda: None)

    def release(self, user: ScopeInstance, done: Done) -> None:
        """A test or scope has ended: so does the run, if nobody else uses it."""
        self._users.discard(user)
        run = self._run
        if run is None or self._users:
            done()
        else:
            self._run = None
            run.finish(done)
