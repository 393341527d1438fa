"""Live fixtures of wider scopes, and the loops of those scopes: each until its last planned user has ended.

The plan tells how many tests will use each of them. The first that asks sets a fixture up; whoever asks meanwhile
waits for it, and whoever asks later gets its value, or its error. When the last user has ended, it is torn down,
latest first, and then the loops that nobody needs any more are closed.

A sync fixture runs between steps. An async one lives in an owner task on the loop of its users, so that what it
opens in its set-up (a task group, a timeout, a cancel scope) may stay open across its `yield`; the owner is not
listed by `asyncio.all_tasks`, for a test that gathers or cancels all tasks must not touch it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from rustest.model.failure import Failure
from rustest.model.plan import FixtureUse, Plan, RunStep
from rustest.model.scope import Scope, ScopeInstance
from rustest.run.attempt import Attempt
from rustest.run.closing import Closing, Done
from rustest.run.live import Live

Holding = tuple[str, ScopeInstance]
"""A fixture (by its key) or a loop (by an empty key) of one scope instance."""
CloseLoop = Callable[[ScopeInstance, Done], None]


def holdings(step: RunStep) -> Iterator[Holding]:
    """What a step shares with others, fixtures and loop."""
    for use in step.fixtures:
        if use.instance.scope is not Scope.FUNCTION:
            yield use.definition.key, use.instance
    if step.loop is not None and not step.loop.is_private:
        yield "", step.loop.instance


class Scopes:
    """Gives attempts the values of shared fixtures, and closes what nobody will use any more."""

    def __init__(self, plan: Plan, grace: float, close_loop: CloseLoop) -> None:
        self._users = Counter[Holding]()
        for window in plan.windows:
            for step in window.steps:
                if isinstance(step, RunStep) and (step.fixtures or step.loop):
                    self._users.update(holdings(step))
        self._live: dict[Holding, Live] = {}
        self._grace = grace
        self._close_loop = close_loop

    async def obtain(self, use: FixtureUse, arguments: Mapping[str, object], attempt: Attempt) -> object:
        """The value of a shared fixture, set up if nobody has yet; raises its set-up's error."""
        holding = (use.definition.key, use.instance)
        live = self._live.get(holding)
        if live is None:
            live = self._live[holding] = Live(use, self._grace)
            try:
                await live.set_up(arguments, attempt)
            finally:
                if not live.is_settled:  # cancelled before it began: whoever asks next begins anew
                    del self._live[holding]
        elif not live.is_settled:
            await attempt.driver.enter()
            await live.wait()
        return live.take(attempt)

    def leave(self, step: RunStep, attempt: Attempt | None, failures: list[Failure]) -> list[Closing]:
        """A step has ended, or never ran: what it was the last user of is to be closed, in this order."""
        over: set[Holding] = set()
        for holding in holdings(step):
            self._users[holding] -= 1
            if attempt is not None and holding in self._live:
                self._live[holding].users.discard(attempt)
            if not self._users[holding]:
                over.add(holding)
        return self._closings(over, failures) if over else []

    def close_all(self, failures: list[Failure]) -> list[Closing]:
        """What is to be closed when the run ends early, in this order."""
        return self._closings({holding for holding, users in self._users.items() if users}, failures)

    def _closings(self, over: set[Holding], failures: list[Failure]) -> list[Closing]:
        for holding in over:
            del self._users[holding]
        live = [self._live.pop(holding) for holding in reversed(self._live.copy()) if holding in over]
        fixtures: list[Closing] = [partial(_close_fixture, fixture, failures) for fixture in live]
        loops: list[Closing] = [partial(self._close_loop, instance) for key, instance in over if not key]
        return fixtures + loops


def _close_fixture(live: Live, failures: list[Failure], done: Done) -> None:
    def closed(failure: Failure | None) -> None:
        if failure is not None:
            failures.append(failure)
        done()

    live.close(closed)
