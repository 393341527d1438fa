"""Parts: the reports of the shards of one suite, as they are joined."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rustest.model.choices import Shard
from rustest.model.errors import UsageError
from rustest.model.report import ExitStatus

_GRAVEST = (
    ExitStatus.INTERRUPTED,
    ExitStatus.INTERNAL_ERROR,
    ExitStatus.FAILURES,
    ExitStatus.OK,
    ExitStatus.NO_TESTS,
)
"""The first of them that a part has is that of the whole."""


class Part(NamedTuple):
    """What one report says."""

    path: str
    tests: frozenset[str]
    status: ExitStatus = ExitStatus.OK
    shard: Shard | None = None
    lost: str = ""
    """What it does not know of its own run, in words; empty where it knows all."""


class Joined(NamedTuple):
    """The text of the joined report, and what it is made of."""

    text: str
    parts: tuple[Part, ...]

    @property
    def tests(self) -> int:
        """How many tests it tells of."""
        return sum(len(part.tests) for part in self.parts)

    @property
    def losses(self) -> tuple[str, ...]:
        """What is not known of the whole suite, in words."""
        return (*(f"{part.path}: {part.lost}" for part in self.parts if part.lost), *_missing(self.parts))

    @property
    def status(self) -> ExitStatus:
        """Green means that at least one test ran in one of them, and that nothing was lost."""
        found = {part.status for part in self.parts}
        if self.losses:
            found.add(ExitStatus.INTERNAL_ERROR)
        return next(status for status in _GRAVEST if status in found)


def _missing(parts: Sequence[Part]) -> Iterable[str]:
    shards = {part.shard for part in parts if part.shard is not None}
    for of in sorted({shard.of for shard in shards}):
        for number in range(1, of + 1):
            if Shard(number, of) not in shards:
                yield f"shard {number}/{of} is missing; add its report, or run it"


def check_apart(parts: Iterable[Part]) -> None:
    """Raise UsageError where two reports tell of one test: they are not of shards of one run."""
    taken: dict[str, str] = {}
    for part in parts:
        for test in sorted(part.tests):
            earlier = taken.setdefault(test, part.path)
            if earlier != part.path:
                raise UsageError(
                    f"merge-reports: {test} is in {earlier} and in {part.path}; give one report of each shard"
                )
