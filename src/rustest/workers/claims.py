"""Claims: fixtures of the session that two workers cannot have at once, such as a server on a port of its own.

Each worker sets up the session's fixtures for itself. Where that fails or does not end in one worker, and another one
has the fixture, the tests that were to use it are not to blame: they run in the worker that has it.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

from rustest.model.events import Emit, FixtureSetUp, FixtureTornDown, WarningIssued
from rustest.model.plan import FixtureUse, Plan, RunStep
from rustest.model.scope import SESSION
from rustest.run.fixtures.shown import shown_param
from rustest.workers.member import Member
from rustest.workers.units import Unit

_PATIENCE = 3.0
"""Seconds that a set-up may last longer than it did in another worker, at least."""

_Key = tuple[str, str | None]
"""A fixture's name, and its param."""


class _Claim:
    """What is known of one fixture."""

    def __init__(self) -> None:
        self.holders: set[int] = set()
        """The workers that have it."""
        self.failed: set[int] = set()
        """The workers whose set-up of it has failed."""
        self.had: float | None = None
        """When the first worker had it."""
        self.is_exclusive = False
        self.is_told = False
        """Whether users have heard that it is."""
        self.owner: int | None = None
        """The one worker that may have it, where only one can; None where that is whoever comes first."""

    def allows(self, number: int) -> bool:
        """Whether that worker may be handed tests that use it."""
        return not self.is_exclusive or (self.owner in (None, number) and number not in self.failed)


class Claims:
    """Knows which workers have which of the session's fixtures, and which of these only one can have."""

    def __init__(self, plan: Plan, began: float, tell: Emit) -> None:
        self._plan = plan
        self._began = began
        self._tell = tell
        self._claims: dict[_Key, _Claim] = {}
        self._retried: set[str] = set()
        """Tests that were taken back once: what goes wrong the second time counts."""

    def note(self, event: FixtureSetUp | FixtureTornDown, number: int) -> None:
        """A worker has set a fixture up, or could not, or has torn it down."""
        if event.instance != SESSION:
            return
        key = event.fixture, event.param
        claim = self._claims.setdefault(key, _Claim())
        match event:
            case FixtureSetUp(failed=True):
                claim.failed.add(number)
            case FixtureSetUp():
                claim.holders.add(number)
                claim.had = claim.had or time.monotonic()
                self._warn_of(key)
            case FixtureTornDown():
                claim.holders.discard(number)

    def release(self, number: int) -> None:
        """A worker has ended; whoever gets its number next begins anew."""
        for claim in self._claims.values():
            claim.holders.discard(number)
            claim.failed.discard(number)
            claim.owner = None if claim.owner == number else claim.owner

    # --- handing out ----------------------------------------------------------------------------------------

    def allow(self, unit: Unit, number: int) -> bool:
        """Whether that worker may be handed the unit."""
        return all(self._claims[key].allows(number) for key in self._exclusive_keys((unit,)))

    def give(self, units: Sequence[Unit], number: int) -> None:
        """That worker is handed the units, and with them what only one can have."""
        for key in self._exclusive_keys(units):
            self._claims[key].owner = number

    def _exclusive_keys(self, units: Sequence[Unit]) -> set[_Key]:
        exclusive = {key for key, claim in self._claims.items() if claim.is_exclusive}
        if not exclusive:
            return exclusive
        return exclusive.intersection(key for unit in units for node_id in unit.ids() for key in self._keys(node_id))

    # --- taking back ----------------------------------------------------------------------------------------

    def take_back(self, node_id: str, member: Member, crew: Collection[Member]) -> bool:
        """Whether a test that has ended is to run once more, where it can have the fixture that it lacked."""
        if not self._claims or node_id in self._retried:
            return False
        failed = {key for key, claim in self._claims.items() if member.number in claim.failed}
        lacking = failed.intersection(self._keys(node_id))
        if not lacking or not all(self._bind(key, member, crew) for key in lacking):
            return False
        self._retried.add(node_id)
        return True

    def is_stuck(self, member: Member, holds_thread: Callable[[str], bool]) -> bool:
        """Whether a worker is held up by the set-up of a fixture that another one has; it is to be ended, then."""
        if not self._claims:
            return False
        for node_id, since in member.in_flight.items():
            key = next((key for key in self._keys(node_id) if not self._is_settled(key, member.number)), None)
            claim = None if key is None else self._claims.get(key)
            if key is None or claim is None or claim.had is None or claim.owner == member.number:
                continue
            patience = max(_PATIENCE, claim.had - self._began)
            if time.monotonic() - max(claim.had, since) > patience and holds_thread(node_id):
                return self._bind(key, member, ())
        return False

    def _is_settled(self, key: _Key, number: int) -> bool:
        claim = self._claims.get(key)
        return claim is not None and (number in claim.holders or number in claim.failed)

    def _bind(self, key: _Key, member: Member, crew: Collection[Member]) -> bool:
        """Have one worker run all users of the fixture, if there is one that has it, had it, or is about to."""
        claim = self._claims[key]
        others = (other for other in crew if other is not member and other.number not in claim.failed)
        about_to = (other.number for other in others if any(key in self._keys(node_id) for node_id in other.left_ids))
        owner = next(iter(claim.holders), next(about_to, None))
        if owner is None and claim.had is None:
            return False
        claim.owner = owner
        claim.is_exclusive = True
        self._warn_of(key)
        return True

    def _warn_of(self, key: _Key) -> None:
        """Say once of a fixture that only one can have it, as soon as one has: till then it may be out of order."""
        claim = self._claims[key]
        if not claim.is_exclusive or claim.had is None or claim.is_told:
            return
        claim.is_told = True
        uses = (use for step in self._steps.values() for use in step.fixtures if _key(use) == key)
        definition = next(uses).definition
        message = (
            f"fixture '{definition.name}' cannot be had by two workers at once, so one of them runs all tests that use "
            "it; where each worker makes one of its own, as by the fixture `worker_id`, they run in all of them"
        )
        self._tell(WarningIssued(None, "WorkerWarning", message, definition.file, definition.line))

    # --- the plan -------------------------------------------------------------------------------------------

    def _keys(self, node_id: str) -> Iterator[_Key]:
        """The fixtures of the session that a test uses, in the order of their set-up."""
        step = self._steps.get(node_id)
        return (_key(use) for use in step.fixtures if use.instance == SESSION) if step is not None else iter(())

    @cached_property
    def _steps(self) -> dict[str, RunStep]:
        return {step.item.id: step for step in self._plan.runs()}


def _key(use: FixtureUse) -> _Key:
    return use.definition.name, shown_param(use)
