"""The order of tests with params of wider scopes: pytest's own.

A param's tests are brought together, so that what is set up for it is set up once: over the whole run for the params
of session-scoped fixtures, and among those tests again for each narrower scope. All else stays where it is.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence

from rustest.model.ids import SEPARATOR
from rustest.model.item import Item
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.plan.param_values import identify


class ParamKey(NamedTuple):
    """What tests have in common that have the same param."""

    scope: Scope
    place: str
    """The extent of that scope in which it counts: the test's class, file or folder."""
    name: str
    value: Hashable


def param_keys(item: Item, scopes: Mapping[str, Scope]) -> tuple[ParamKey, ...]:
    """The keys of a test's params that count for more than one test, with the scope of each by name."""
    if item.case is None:
        return ()
    params = {**item.case.indirect, **item.case.wide}
    wide = [(name, params[name]) for name, scope in scopes.items() if scope > Scope.FUNCTION and name in params]
    return tuple(
        ParamKey(scopes[name], _place(scopes[name], item), name, identify(param.value, param.number))
        for name, param in wide
    )


def _place(scope: Scope, item: Item) -> str:
    file, classes = item.function.file, item.function.classes
    match scope:
        case Scope.SESSION:
            return ""
        case Scope.PACKAGE:
            return file.rpartition("/")[0]
        case Scope.MODULE:
            return file
        case Scope.CLASS | Scope.FUNCTION:
            return SEPARATOR.join((file, *classes))


def sort_by_params(items: Sequence[Item], keys: Mapping[str, tuple[ParamKey, ...]]) -> tuple[Item, ...]:
    """The items in the order in which pytest runs them; `keys` are those of the items, by id."""
    order = _Sorting([keys.get(item.id, ()) for item in items]).sort(range(len(items)), Scope.SESSION)
    return tuple(items[position] for position in order)


_A_PAIR = 2
"""For pytest, two tests are in order as they are."""


class _Sorting:
    """Sorts tests, which it knows by their positions; what it has moved decides how later moves go."""

    def __init__(self, keys: Sequence[tuple[ParamKey, ...]]) -> None:
        self._keys = keys
        self._users: dict[ParamKey, OrderedDict[int, None]] = {}
        for position, own in enumerate(keys):
            for key in own:
                self._users.setdefault(key, OrderedDict())[position] = None

    def sort(self, tests: Iterable[int], scope: Scope) -> list[int]:
        """Those tests, sorted by the params of that scope and of the narrower ones."""
        waiting = deque(tests)
        if scope is Scope.FUNCTION or len(waiting) <= _A_PAIR:
            return list(waiting)
        members, ordered, spent = set(waiting), dict[int, None](), set[ParamKey]()
        stretch: dict[int, None] = {}
        while waiting:
            test = waiting.popleft()
            if test in ordered or test in stretch:
                continue
            key = self._last_key(test, scope, spent)
            if key is None:
                stretch[test] = None
                continue
            waiting.extendleft(self._bring_forward(key, members))
            ordered |= dict.fromkeys(self.sort(stretch, Scope(scope - 1)))
            stretch.clear()
            spent.add(key)
        ordered |= dict.fromkeys(self.sort(stretch, Scope(scope - 1)))
        return list(ordered)

    def _last_key(self, test: int, scope: Scope, spent: set[ParamKey]) -> ParamKey | None:
        return next((key for key in reversed(self._keys[test]) if key.scope is scope and key not in spent), None)

    def _bring_forward(self, key: ParamKey, members: set[int]) -> list[int]:
        """The tests with that param, last first; from now on they come first among the users of all their params."""
        tests = [test for test in self._users[key] if test in members]
        tests.reverse()
        for test in tests:
            for other in self._keys[test]:
                self._users[other].move_to_end(test, last=False)
        return tests
