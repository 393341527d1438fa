"""Shards: which tests of a suite a run has, where several machines share it.

Each of them must come to the same parts by itself. So nothing counts here but the tests and what everybody has: not
what this machine remembers of earlier runs.
"""

from collections.abc import Iterable, Sequence

from rustest.model.bonds import Place, bound_groups, step_at
from rustest.model.choices import Shard
from rustest.model.dealing import Times, deal
from rustest.model.durations import read_durations
from rustest.model.plan import Lane, Step, Window
from rustest.model.settings import Settings

Group = Sequence[Step]


def tests_of_shard(windows: Sequence[Window], settings: Settings, shard: Shard) -> frozenset[str]:
    """The node ids of the shard's tests; raises UsageError where the durations cannot be read."""
    overlapping: list[Group] = []
    others: list[Group] = []
    for places in bound_groups(windows, in_order=settings.concurrency == 1):
        group = [step_at(place, windows) for place in places]
        (overlapping if _overlap(places, windows) else others).append(group)
    if settings.durations_from is None:
        chosen = [group for group in (*overlapping, *others) if _lot(group) % shard.of == shard.number - 1]
    else:
        times = Times(read_durations(settings.rootdir, settings.durations_from))
        # Apart from each other, since seconds that overlap cost less: so each shard has its share of either.
        first, last = (deal(_heaviest_first(groups, times), shard.of) for groups in (overlapping, others))
        chosen = [*first[shard.number - 1], *last[-shard.number]]
    return frozenset(step.item.id for group in chosen for step in group)


def _overlap(places: Iterable[Place], windows: Sequence[Window]) -> bool:
    return all(windows[place.window].lane is Lane.OVERLAP for place in places)


def _lot(group: Group) -> int:
    """A number that stays the same wherever the group is met, and mostly when a test joins or leaves it."""
    from hashlib import sha256

    return min(
        int.from_bytes(sha256(step.item.id.encode("utf-8", "surrogatepass")).digest()[:8], "big") for step in group
    )


def _heaviest_first(groups: Iterable[Group], times: Times) -> list[tuple[float, Group]]:
    """The groups, each with its seconds; of equals, the lot decides."""
    return sorted(((times.of_all(group), group) for group in groups), key=lambda one: (-one[0], _lot(one[1])))
