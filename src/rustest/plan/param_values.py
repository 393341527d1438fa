"""The values of params: which of them count as the same."""

from collections.abc import Hashable

from rustest.model.fixtures import FixtureParam
from rustest.model.plan import FixtureUse


class ParamValues:
    """Numbers the values of each fixture's params, so that equal values have one number.

    Two tests may give one fixture the same value by two `parametrize` marks, at different places there: they share
    what is set up for it.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, dict[Hashable, int]] = {}

    def number(self, key: str, param: FixtureParam) -> int:
        """The number of that value among those of the fixture with that key."""
        numbers = self._numbers.setdefault(key, {})
        return numbers.setdefault(identify(param.value, id(param.value)), len(numbers))


def value_of(use: FixtureUse) -> int:
    """The number of the value that the fixture's own param has in a test, as it was first planned; -1 without one."""
    return next((number for key, number in use.variant if key == use.definition.key), -1)


def identify(value: object, otherwise: int) -> Hashable:
    """What equal values of one type have in common; `otherwise` stands for one that cannot be hashed."""
    try:
        hash(value)
    except Exception:  # most often TypeError, but `__hash__` may be a user's own
        return otherwise
    return type(value), value
