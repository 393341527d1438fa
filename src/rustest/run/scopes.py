"""Live fixtures of wider scopes, and the loops of those scopes: each until its last planned user has ended.

The plan tells how many tests will use each of them. The first that asks sets a fixture up; whoever asks meanwhile
waits for it, and whoever asks later gets its value, or its error. When the last user has ended, it is torn down,
latest first, and then the loops that nobody needs any more are closed. An ended test gives up what it shared one by
one, each after the teardown of the one before: a fixture's teardown may still need what the fixture itself uses.

A sync fixture runs between steps. An async one lives in an owner task on the loop of its users, so that what it
opens in its set-up (a task group, a timeout, a cancel scope) may stay open across its `yield`; the owner is not
listed by `asyncio.all_tasks`, for a test that gathers or cancels all tasks must not touch it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from rustest.model.events import Emit
from rustest.model.failure import Failure
from rustest.model.hints import TYPE_CHECKING
from rustest.model.holding import LOOP, TRIO_RUN, Holding, holding_of, holdings, loop_holding
from rustest.model.item import Item
from rustest.model.plan import FixtureUse, Plan, RunStep, Step
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.settings import Settings
from rustest.run.attempt import Attempt
from rustest.run.closing import Closing, Done
from rustest.run.debugger import Examine, examine_nothing
from rustest.run.inline import InlineDriver
from rustest.run.values import Fill

if TYPE_CHECKING:
    from rustest.run.live import Live

CloseLoop = Callable[[Holding, Done], None]


class Scopes:
    """Gives attempts the values of shared fixtures, and closes what nobody will use any more."""

    def __init__(self, plan: Plan, settings: Settings, inline: InlineDriver, close_loop: CloseLoop, tell: Emit) -> None:
        self.hooks = plan.hooks
        self.config = plan.hooks.config(settings)
        self.tell = tell if settings.setup_show else None
        self._tell_shared = tell if settings.setup_show or settings.workers else None
        """Told of what lives as long as the session: who runs several workers wants to know what each of them has."""
        self.examine: Examine = examine_nothing
        """Who shows the user what goes wrong, if he wants to see it."""
        self._plan = plan
        self._users = Counter[Holding]()
        self._shared: dict[str, tuple[Holding, ...]] = {}
        """What was planned that tests share, by test: most have nothing in common with others."""
        for step in self._steps():
            if (step.fixtures or step.loop) and (shared := tuple(holdings(step))):
                self._shared[step.item.id] = shared
                self._users.update(shared)
        self._unplanned: dict[Holding, tuple[Holding, ...]] = {}
        """The fixtures that only the run came up with, and what each of them uses."""
        self._borrowed: dict[str, list[Holding]] = {}
        """By test: each of its attempts may add to them."""
        self._left: set[str] = set()
        """The tests that will use nothing any more, but for those that have their verdicts."""
        self.has_ended: Callable[[str], bool] = self._left.__contains__
        """Says whether a test has its verdict."""
        self._live: dict[Holding, Live] = {}
        self._cut_short: list[Live] = []
        self._inline = inline
        self._close_loop = close_loop

    def resolve(self, item: Item, name: str) -> tuple[FixtureUse, ...]:
        """What must be set up for a fixture that was not planned; raises LookupError if there is none."""
        return self._plan.resolve(item, name)

    def borrow(self, use: FixtureUse, needs: tuple[Holding, ...], attempt: Attempt) -> None:
        """Keep a fixture that the plan did not foresee for this test.

        If nobody planned to use it, it lives as long as its scope has tests to come, for the next one may ask as
        well, or until one of those that it uses comes to its end: an async one uses the loop of whoever asked first.
        """
        holding = holding_of(use)
        if holding in self._unplanned:
            return
        if holding in self._users:
            self._users[holding] += 1
            self._borrowed.setdefault(attempt.step.item.id, []).append(holding)
        else:
            loop = attempt.step.loop if use.definition.kind.is_async else None
            self._unplanned[holding] = needs if loop is None else (*needs, loop_holding(loop))
            ids = (step.item.id for step in self._steps())
            self._users[holding] = sum(use.instance.spans(one) for one in ids if not self._is_gone(one))

    def _is_gone(self, node_id: str) -> bool:
        return node_id in self._left or self.has_ended(node_id)

    def loop_of(self, use: FixtureUse) -> ScopeInstance | None:
        """The extent of the loop that an async fixture lives on; None while that is up to the first who asks."""
        holding = holding_of(use)
        if holding in self._unplanned:
            return next((need.instance for need in self._unplanned[holding] if need.key in (LOOP, TRIO_RUN)), None)
        return self._homes.get(holding) if holding in self._users else None

    @cached_property
    def _homes(self) -> dict[Holding, ScopeInstance]:
        """The extent of the loop of all planned users of a fixture."""
        return {holding: step.loop.instance for step in self._steps() if step.loop for holding in holdings(step)}

    def _steps(self) -> Iterator[RunStep]:
        return (step for window in self._plan.windows for step in window.steps if isinstance(step, RunStep))

    async def obtain(self, use: FixtureUse, fill: Fill, attempt: Attempt) -> object:
        """The value of a shared fixture, set up if nobody has yet; raises its set-up's error."""
        holding = holding_of(use)
        live = self._live.get(holding)
        if live is None:
            from rustest.run.live import Live

            tell = self._tell_shared if use.instance.scope is Scope.SESSION else self.tell
            live = self._live[holding] = Live(use, self._inline, tell, self.examine)
            try:
                await live.set_up(fill, attempt)
            finally:
                self._file(holding, live)
        elif not live.is_settled:
            await attempt.driver.enter()
            await live.wait(attempt)
        return live.take(attempt)

    def _file(self, holding: Holding, live: "Live") -> None:
        """Keep a fixture whose set-up is over; one that was cancelled is gone, and whoever asks next begins anew."""
        if self._live.get(holding) is live:
            del self._live[holding]
            if live.is_cut_short:
                self._cut_short.append(live)
            elif live.is_settled:  # behind those that its set-up has asked for, which it may still need
                self._live[holding] = live

    @property
    def has_cut_short(self) -> bool:
        """Whether there is a set-up that was cancelled and has not ended."""
        return bool(self._cut_short)

    def end_cut_short(self) -> Iterator[Closing]:
        """See set-ups to their end that were cancelled because the run was to end, or to look into a failure."""
        while self._cut_short:
            yield partial(_close_fixture, self._cut_short.pop(), [])

    def leave(self, step: RunStep, attempt: Attempt | None, failures: list[Failure]) -> Iterable[Closing]:
        """A step has ended, or never ran: close what it was the last user of, each before asking for the next."""
        node_id = step.item.id
        if not (node_id in self._shared or self._unplanned or self._borrowed):
            return ()  # as for most, which nothing keeps from having their verdicts at once
        self._left.add(node_id)
        shared = self._shared_by(step)
        if attempt is not None:
            self._lose(shared, attempt)
        self._borrowed.pop(node_id, None)
        if len(shared) == 1 and self._users.get(shared[0], 0) > 1:  # as for most that share a loop
            self._users[shared[0]] -= 1
            return ()
        return self._give_up(shared, failures)

    def lose(self, attempt: Attempt) -> None:
        """An attempt has ended; what it shared stays, for another attempt at the same test may come."""
        self._lose(self._shared_by(attempt.step), attempt)

    def _lose(self, shared: Iterable[Holding], attempt: Attempt) -> None:
        for holding in shared:
            if holding in self._live:
                self._live[holding].lose(attempt)

    def _shared_by(self, step: RunStep) -> tuple[Holding, ...]:
        planned = self._shared.get(step.item.id, ())
        unplanned = (holding for holding in self._unplanned if holding.instance.spans(step.item.id))
        return (*planned, *unplanned, *self._borrowed.get(step.item.id, ()))

    def _give_up(self, shared: Collection[Holding], failures: list[Failure]) -> Iterator[Closing]:
        for holding in self._latest_first(shared):
            if holding in self._users:
                self._users[holding] -= 1
                if not self._users[holding]:
                    yield from self._close_with_dependents(holding, failures)

    def _close_with_dependents(self, holding: Holding, failures: list[Failure]) -> Iterator[Closing]:
        dependents = [one for one, needs in self._unplanned.items() if holding in needs]
        for dependent in self._latest_first(dependents):
            yield from self._close_with_dependents(dependent, failures)
        yield self._closing(holding, failures)

    def forgo(self, step: RunStep) -> None:
        """Count no more on a test that another process has run: what this one has is to end without it."""
        self._left.add(step.item.id)
        for holding in holdings(step):
            if holding in self._users:
                self._users[holding] -= 1

    def make_way(self, steps: Sequence[Step], failures: list[Failure]) -> Iterator[Closing]:
        """Close what must not be alive beside the fixtures of these tests, as it has other params; it may come back."""
        asked = {key: number for step in steps if isinstance(step, RunStep) for key, number in _variants(step)}
        for holding in self._latest_first([one for one in self._live if _differs(one.variant, asked)]):
            yield partial(_close_fixture, self._live.pop(holding), failures)

    def close_all(self, failures: list[Failure]) -> Iterator[Closing]:
        """Close all that is left when the run ends early."""
        for holding in self._latest_first(self._users):
            yield self._closing(holding, failures)

    def _latest_first(self, some: Collection[Holding]) -> list[Holding]:
        """Those of the fixtures that are live, the latest first, then the rest, loops among it."""
        if not some:
            return []
        ages = {holding: age for age, holding in enumerate(reversed(self._live))}
        return sorted(some, key=lambda holding: ages.get(holding, len(ages)))

    def _closing(self, holding: Holding, failures: list[Failure]) -> Closing:
        del self._users[holding]
        self._unplanned.pop(holding, None)
        if holding.key in (LOOP, TRIO_RUN):
            return partial(self._close_loop, holding)
        live = self._live.pop(holding, None)
        return _close_nothing if live is None else partial(_close_fixture, live, failures)


def _variants(step: RunStep) -> Iterator[tuple[str, int]]:
    return (entry for use in step.fixtures for entry in use.variant)


def _differs(variant: tuple[tuple[str, int], ...], asked: Mapping[str, int]) -> bool:
    return any(asked.get(key, number) != number for key, number in variant)


def _close_nothing(done: Done) -> None:
    done()


def _close_fixture(live: "Live", failures: list[Failure], done: Done) -> None:
    def closed(failure: Failure | None) -> None:
        if failure is not None:
            failures.append(failure)
        done()

    live.close(closed)
