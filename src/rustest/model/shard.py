"""A shard: one of so many parts of a suite, each run by a machine of its own."""

from rustest.model.record import NamedTuple


class Shard(NamedTuple):
    """Which part of how many."""

    number: int
    """From 1 on."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """The shard of `2/5`; raises ValueError for anything else."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise ValueError(text)
    return Shard(int(number), int(of))
