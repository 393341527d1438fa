"""The values of one attempt's fixtures: those that were planned, and those that are asked for while it runs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from weakref import ref

from rustest.model.events import Emit
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING, Protocol
from rustest.model.holding import Holding, holding_of
from rustest.model.hooks import Hooks
from rustest.model.item import Item
from rustest.model.node import RunConfig
from rustest.model.plan import REQUEST, FixtureUse
from rustest.model.scope import Scope, ScopeInstance
from rustest.run.calls import Teardown, drive, set_up, starting
from rustest.run.debugger import Examine

if TYPE_CHECKING:
    from rustest.run.attempt import Attempt

_FUNCTION = Scope.FUNCTION

Fill = Callable[[list[Teardown]], Mapping[str, object]]
"""Gives a fixture's arguments; its `request` puts finalizers on that list."""


class SharedFixtures(Protocol):
    """Where the values of fixtures of wider scopes come from, and what a run offers to all of them."""

    @property
    def config(self) -> RunConfig:
        """The settings of the run."""
        ...

    @property
    def hooks(self) -> Hooks:
        """The hooks of conftest files and plugins."""
        ...

    @property
    def tell(self) -> Emit | None:
        """Who is to hear of each set-up and teardown; None where nobody wants to."""
        ...

    @property
    def examine(self) -> Examine:
        """Who shows the user what goes wrong, if he wants to see it."""
        ...

    def resolve(self, item: Item, name: str) -> tuple[FixtureUse, ...]:
        """What must be set up for a fixture that was not planned; raises LookupError if there is none."""
        ...

    def loop_of(self, use: FixtureUse) -> ScopeInstance | None:
        """The extent of the loop that an async fixture lives on; None while that is up to the first who asks."""
        ...

    def borrow(self, use: FixtureUse, needs: tuple[Holding, ...], attempt: "Attempt") -> None:
        """Keep a fixture of a wider scope that the plan did not foresee for this test."""
        ...

    def obtain(self, use: FixtureUse, fill: Fill, attempt: "Attempt") -> Awaitable[object]:
        """The value of a fixture of a wider scope."""
        ...


class FixtureValues:
    """Sets up the fixtures of an attempt, in order, and gives functions their arguments."""

    def __init__(self, attempt: "Attempt", shared: SharedFixtures, teardowns: list[Teardown]) -> None:
        self._find_attempt = ref(attempt)  # which has these values, and is not to be held by them
        self._shared = shared
        self._teardowns = teardowns
        self._planned: list[object] = []
        self._others: dict[str, object] = {}
        """By the fixture's key, once the test has asked for one: of one key, a test has one value."""

    @property
    def _attempt(self) -> "Attempt":
        attempt = self._find_attempt()
        assert attempt is not None  # noqa: S101 - whoever asks has it
        return attempt

    def add_at_once(self, use: FixtureUse, attempt: "Attempt") -> bool:
        """Set up the next planned fixture if nothing need be awaited for that, as for most; whether it has been."""
        fixture, driver = use.definition, attempt.driver
        if use.instance.scope is not _FUNCTION or fixture.kind.is_async or driver.inside:
            return False
        if use.loop is not None or self._shared.tell is not None:
            return False
        func = bind(fixture, attempt.instance)
        arguments = self._fill(use.arguments, use, self._planned, self._teardowns)
        call = partial(func, **arguments) if arguments else func
        self._planned.append(driver.make(starting(fixture, call, self._teardowns)))
        return True

    async def add(self, use: FixtureUse) -> None:
        """Set up the next planned fixture."""
        self._planned.append(await self._obtain(use, self._planned))

    def test_arguments(self) -> dict[str, object]:
        """What the test itself asks for."""
        return self._fill(self._attempt.step.arguments, None, self._planned, self._teardowns)

    def clear(self) -> None:
        """Let go of all values."""
        self._planned.clear()
        self._others.clear()

    async def ask(self, name: str) -> object:
        """The value of a fixture that the plan does not know of; raises LookupError if there is none."""
        values: list[object] = []
        uses = self._shared.resolve(self._attempt.step.item, name)
        for use in uses:
            needs = tuple(holding_of(uses[position]) for _, position in use.arguments if position != REQUEST)
            values.append(await self._get(use, needs, values))
        return values[-1]

    def ask_now(self, name: str) -> object:
        """The same without waiting, for sync code; raises RuntimeError if one of the fixtures is async."""
        for use in self._shared.resolve(self._attempt.step.item, name):
            if use.definition.kind.is_async and use.definition.key not in self._known():
                raise RuntimeError(
                    f"fixture '{use.definition.name}' is async: write `await request.agetfixturevalue({name!r})` "
                    "in an async fixture or test, or ask for it as an argument"
                )
        with self._attempt.driver.aside():
            return drive(self.ask(name))

    async def _get(self, use: FixtureUse, needs: tuple[Holding, ...], values: Sequence[object]) -> object:
        key, known = use.definition.key, self._known()
        if key not in known:
            if use.instance.scope is not _FUNCTION:
                self._check_loop(use)
                self._shared.borrow(use, needs, self._attempt)
            known[key] = await self._obtain(use, values)
        return known[key]

    def _check_loop(self, use: FixtureUse) -> None:
        """An async fixture lives on the loop of its users, and this test's loop was chosen before it asked."""
        if not use.definition.kind.is_async:
            return
        loop, home = self._attempt.step.loop, self._shared.loop_of(use)
        if loop is not None and (loop.instance == home if home else loop.instance.scope >= use.instance.scope):
            return
        label = (home or use.instance).scope.label
        raise RuntimeError(
            f"the async fixture '{use.definition.name}' lives on the {label}'s loop, and this test does not: "
            f'ask for it as an argument, or mark the test with mark.asyncio(loop_scope="{label}")'
        )

    def _known(self) -> dict[str, object]:
        for use, value in zip(self._attempt.step.fixtures, self._planned, strict=False):
            self._others.setdefault(use.definition.key, value)
        return self._others

    def _obtain(self, use: FixtureUse, values: Sequence[object]) -> Awaitable[object]:
        if use.instance.scope is not _FUNCTION or use.loop is not None:
            return self._shared.obtain(use, partial(self._fill, use.arguments, use, values), self._attempt)
        if self._shared.tell is None:
            return self._set_up(use, values)
        return self._show(use, values, self._shared.tell)

    def _set_up(self, use: FixtureUse, values: Sequence[object]) -> Awaitable[object]:
        func = bind(use.definition, self._attempt.instance)
        arguments = self._fill(use.arguments, use, values, self._teardowns)
        return set_up(use.definition, func, arguments, self._attempt.driver, self._teardowns)

    async def _show(self, use: FixtureUse, values: Sequence[object], tell: Emit) -> object:
        """Set up and tell of it, and have the teardown told after all that the fixture leaves to be torn down."""
        from rustest.run.shown import set_up_of

        use = use.of_test(self._attempt.name)
        name, earlier = use.definition.name, len(self._teardowns)
        try:
            value = await self._set_up(use, values)
        except BaseException:
            tell(set_up_of(use, failed=True))
            raise
        own = (place for place, left in enumerate(self._teardowns) if place >= earlier and left.fixture == name)
        last = Teardown(name, f"{use.definition.file}:{use.definition.line}", partial(self._tell_teardown, use, tell))
        self._teardowns.insert(next(own, len(self._teardowns)), last)
        tell(set_up_of(use, failed=False))
        return value

    def _tell_teardown(self, use: FixtureUse, tell: Emit) -> None:
        from rustest.run.shown import teardown_of

        tell(teardown_of(use, failed=self._attempt.forget_failed_teardown(use.definition.name)))

    def _fill(
        self,
        positions: tuple[tuple[str, int], ...],
        asker: FixtureUse | None,
        values: Sequence[object],
        teardowns: list[Teardown],
    ) -> dict[str, object]:
        arguments: dict[str, object] = {}
        for name, position in positions:
            arguments[name] = values[position] if position != REQUEST else self._request(asker, teardowns)
        return arguments

    def _request(self, asker: FixtureUse | None, teardowns: list[Teardown]) -> object:
        from rustest.run.request import FixtureRequest

        return FixtureRequest(self._attempt, asker, teardowns)


def bind(fixture: FixtureDef, instance: Callable[[], object]) -> Callable[..., object]:
    """The fixture's function, on the instance that `instance()` gives if it is written as a method.

    A test of a nested class has another class's instance: then it is a new one of the fixture's class.
    """
    if fixture.cls is None:
        return fixture.func
    holder = instance()
    return partial(fixture.func, holder if isinstance(holder, fixture.cls) else fixture.cls())
