"""Hand-overs: tests of one file that leave state for each other, and so keep their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from rustest.model.plan import RunStep
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.model.ties import Ties
from rustest.plan.footprints.code_glance import Glances
from rustest.plan.footprints.footprint import READS, WRITES, Access, Footprint, Resource


class Order(NamedTuple):
    """Which tests one test waits for, and why, in words."""

    after: tuple[str, ...]
    reasons: tuple[str, ...]


class HandOver(NamedTuple):
    """Tests that hand state to each other."""

    members: tuple[int, ...]
    """Their positions among the file's steps."""
    resources: tuple[str, ...]
    """What they hand over, in words."""
    orders: Mapping[int, Order]
    """Those of the members that wait for others."""


class Chain(NamedTuple):
    """One resource, and how each test that touches it does so, in file order."""

    resource: Resource
    accesses: Mapping[int, Access]


def find_hand_overs(steps: Sequence[RunStep], glances: Glances, *, sync_too: bool = False) -> list[HandOver]:
    """The hand-overs between the steps of one file in which an async test takes part: sync tests keep order anyway.

    Where they do not, `sync_too` asks for theirs as well.
    """
    if len(steps) == 1 or not (sync_too or any(step.item.is_async for step in steps)):
        return []
    counted = [chain for chain in _chains(steps, glances) if sync_too or _is_awaited(chain, steps)]
    return [_hand_over(group, steps) for group in _connected(counted)]


def _is_awaited(chain: Chain, steps: Sequence[RunStep]) -> bool:
    return any(steps[position].item.is_async for position in chain.accesses)


def _chains(steps: Sequence[RunStep], glances: Glances) -> Iterator[Chain]:
    touching: dict[Resource, dict[int, Access]] = {}
    for position, footprint in enumerate(_footprints(steps, glances)):
        for resource, access in footprint.items():
            touching.setdefault(resource, {})[position] = access
    for resource, accesses in touching.items():
        writers = [position for position, access in accesses.items() if access & WRITES]
        readers = [position for position, access in accesses.items() if access & READS]
        if writers and readers and not (len(writers) == 1 and writers == readers):
            yield Chain(resource, accesses)


def _footprints(steps: Sequence[RunStep], glances: Glances) -> list[Footprint]:
    """The footprint of each step, or none at all; cases of one test are read once."""
    from rustest.plan.footprints.module_code import Member, TestModules

    modules = TestModules(glances)
    if not modules.may_write(step.item.function for step in steps):
        return []
    tests: dict[tuple[int, ...], list[Member]] = {}
    keys: list[tuple[int, ...]] = []
    for step in steps:
        function = step.item.function
        own = [use.definition for use in step.fixtures if use.instance.scope is Scope.FUNCTION] if step.fixtures else ()
        key = (id(function.func), *map(id, own))
        keys.append(key)
        if key not in tests:
            tests[key] = [(function.func, function.cls), *((one.func, one.cls) for one in own)]
    footprints = dict(zip(tests, modules.footprints(list(tests.values())), strict=True))
    return [footprints[key] for key in keys]


def _connected(chains: Sequence[Chain]) -> Iterable[list[Chain]]:
    """The chains in groups: two chains with a test in common belong to one."""
    ties = Ties[int]()
    for chain in chains:
        ties.tie(*chain.accesses)
    groups: dict[int, list[Chain]] = {}
    for chain in chains:
        groups.setdefault(ties.root(next(iter(chain.accesses))), []).append(chain)
    return groups.values()


def _hand_over(chains: Sequence[Chain], steps: Sequence[RunStep]) -> HandOver:
    after: dict[int, dict[str, None]] = {}
    reasons: dict[int, list[str]] = {}
    for chain in chains:
        for earlier, later in pairwise(_batches(chain)):
            ids = dict.fromkeys(steps[position].item.id for position in earlier)
            for position in later:
                after.setdefault(position, {}).update(ids)
                reasons.setdefault(position, []).append(_explain(position, earlier, chain, steps))
    members = sorted({position for chain in chains for position in chain.accesses})
    orders = {position: Order(tuple(ids), tuple(reasons[position])) for position, ids in after.items()}
    return HandOver(tuple(members), tuple(chain.resource.label for chain in chains), orders)


def _batches(chain: Chain) -> list[list[int]]:
    """Stretches of tests that do not disturb each other: readers, appenders, or one alone that does anything else.

    Where a test stores a new object under the name, calling a method of that object counts as a change of it.
    """
    is_replaced = any(access & Access.REPLACE for access in chain.accesses.values())
    batches: list[list[int]] = []
    last = None
    for position, access in chain.accesses.items():
        harmless = _harmless(access, is_replaced)
        if harmless is not None and harmless is last:
            batches[-1].append(position)
        else:
            batches.append([position])
        last = harmless
    return batches


def _harmless(access: Access, is_replaced: bool) -> Access | None:
    """The kind of access that any number of tests may have at once; None where there must be one test alone."""
    if access & (Access.CHANGE | Access.REPLACE) or (access & Access.CALL and is_replaced):
        return None
    if access & Access.APPEND:
        return None if access & READS else Access.APPEND
    return Access.READ


def _explain(position: int, earlier: Sequence[int], chain: Chain, steps: Sequence[RunStep]) -> str:
    first = _name(steps[earlier[0]])
    others = f" and {len(earlier) - 1} more" if len(earlier) > 1 else ""
    mine, theirs = (_verb(chain.accesses[one]) for one in (position, earlier[0]))
    return f"after {first}{others}: it {mine} {chain.resource.label} that {first} {theirs}"


def _name(step: RunStep) -> str:
    function, case = step.item.function, step.item.case
    return function.name if case is None else f"{function.name}[{case.id}]"


def _verb(access: Access) -> str:
    if access & Access.REPLACE:
        return "stores"
    if access & Access.CHANGE:
        return "changes"
    if access & Access.APPEND:
        return "appends to"
    return "uses" if access & Access.CALL else "reads"
