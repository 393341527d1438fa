"""Keys that tests hold while they run: of one alone for `serial`, of several at once for `concurrency` and `limit`."""

from collections.abc import Iterable, Sequence
from itertools import chain

from rustest.model.errors import PlanError
from rustest.model.item import Item
from rustest.model.plan import FixtureUse, Limit, ProblemStep, RunStep, Step, refused


def hold_keys(step: RunStep) -> RunStep:
    """The step with the keys and limits of its marks and its fixtures; raises PlanError for what is none."""
    if not step.item.marks and not any(use.definition.serial or use.definition.limit for use in step.fixtures):
        return step  # as most
    keys, limits = _serial_keys(step.item, step.fixtures), _limits(step.item, step.fixtures)
    if not keys and not limits:
        return step
    reasons = [f"never beside other holders of {', '.join(map(repr, keys))}"] if keys else []
    reasons += [f"never more than {limit.holders} at once that use {limit.what}" for limit in limits]
    return step._replace(keys=keys, limits=limits, reasons=(*step.reasons, *reasons))


def _serial_keys(item: Item, fixtures: tuple[FixtureUse, ...]) -> tuple[str, ...]:
    keys: list[object] = [key for use in fixtures for key in use.definition.serial]
    keys += (key for mark in item.marked("serial") for key in mark.args)
    return tuple(dict.fromkeys(_text(key, 'mark.serial, such as mark.serial("database")') for key in keys))


def _limits(item: Item, fixtures: tuple[FixtureUse, ...]) -> tuple[Limit, ...]:
    """Of several marks that limit one key the nearest counts."""
    limits: dict[str, Limit] = {}
    for mark in item.marked("concurrency"):
        if mark.args:  # without any it is but a name, which pytest's users may give
            holders, *keys = mark.args
            if isinstance(holders, bool) or not isinstance(holders, int) or holders < 1 or not keys:
                raise PlanError('mark.concurrency takes a number and keys, as in mark.concurrency(4, "api")')
            for key in (_text(key, 'mark.concurrency, such as mark.concurrency(4, "api")') for key in keys):
                limits.setdefault(key, Limit(key, holders, repr(key)))
    for definition in (use.definition for use in fixtures):
        if definition.limit is not None:
            key = definition.key
            limits[key] = Limit(key, definition.limit, f"the fixture `{definition.name}`")
    return tuple(limits.values())


def _text(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise PlanError(f"keys are strings in {where}, not {key!r}")
    return key


def agree_on_limits(steps: Sequence[Step]) -> list[Step]:
    """The steps, without those that say another number for a key than one before them: a key has one number."""
    settled = list(steps)
    first: dict[str, tuple[int, str]] = {}
    for position, step in enumerate(steps):
        if isinstance(step, RunStep) and (step.limits or step.keys):
            for limit in chain(step.limits, _alone(step.keys)):
                holders, other = first.setdefault(limit.key, (limit.holders, step.item.id))
                if holders != limit.holders:
                    settled[position] = _contradiction(step.item, limit, holders, other)
    return settled


def _alone(keys: Iterable[str]) -> Iterable[Limit]:
    return (Limit(key, 1, repr(key)) for key in keys)


def _contradiction(item: Item, limit: Limit, holders: int, other: str) -> ProblemStep:
    message = (
        f"at most {limit.holders} at once may use {limit.what} by this test's account, "
        f"and at most {holders} by that of {other}\ngive the key the same number everywhere; `serial` stands for 1"
    )
    return refused(item, message)
