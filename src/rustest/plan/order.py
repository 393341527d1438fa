"""An order of tests other than that of the files: what is urgent first, or shuffled.

Files, the classes in them and the tests in those change places with their like, so that what is set up for a file or
class is still set up once. Tests that hand state to each other keep their order: whoever is to run before a test that
comes early comes early with it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from rustest.model.history import History
from rustest.model.ids import places_above
from rustest.model.item import Item
from rustest.model.plan import Lane, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.model.settings import Settings
from rustest.plan.earlier_runs import Urgency, urgencies
from rustest.plan.fixtures.param_order import ParamKey, sort_by_params
from rustest.plan.footprints.code_glance import Glances
from rustest.plan.footprints.hand_over import find_hand_overs

Digest = Callable[[str], bytes]
"""Gives a file, class or test its place among its like; the same for all where nothing is shuffled."""


class Order:
    """The order that `--ff`, `--nf`, `--sw` and `--randomize` ask for."""

    def __init__(
        self, items: Sequence[Item], keys: Mapping[str, tuple[ParamKey, ...]], settings: Settings, history: History
    ) -> None:
        self._urgencies, notes = urgencies(items, settings, history)
        self._keys = keys
        self._settings = settings
        seed = settings.randomize
        self.notes = notes if seed is None else (*notes, f"shuffled: --randomize {seed} gives this order again")
        """What is to be said of it."""

    def sort(self, steps: Sequence[Step]) -> list[Step]:
        """The steps by urgency, and among equals shuffled if that is asked for; params are brought together again."""
        pairs, seed = _handed_over(steps), self._settings.randomize
        for earlier, later in reversed(pairs):
            first, second = steps[earlier].item.id, steps[later].item.id
            self._urgencies[first] = min(self._urgencies[first], self._urgencies[second])
        tree = _Tree(steps, self._urgencies, pairs, _keep if seed is None else _shuffle(seed))
        ordered = [steps[position] for position in tree.sort(range(len(steps)), 0)]
        if not self._keys:
            return ordered
        by_id = {step.item.id: step for step in steps}
        return [by_id[item.id] for item in sort_by_params([step.item for step in ordered], self._keys)]

    def start(self, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        """The same windows; where tests overlap, their place in line only says who starts first."""
        if self._settings.concurrency == 1:
            return windows
        return tuple(self._start(window) if window.lane is Lane.OVERLAP else window for window in windows)

    def _start(self, window: Window) -> Window:
        return window._replace(steps=tuple(sorted(window.steps, key=lambda step: self._urgencies[step.item.id])))


def _keep(place: str) -> bytes:
    return b""


def _shuffle(seed: int) -> Digest:
    """By digests of names, so that the order of two tests does not depend on what other tests there are."""
    from hashlib import sha256

    return lambda place: sha256(f"{seed} {place}".encode(errors="surrogatepass")).digest()


def _handed_over(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Positions of tests of which the first must stay before the second."""
    files: dict[str, list[int]] = {}
    for position, step in enumerate(steps):
        if isinstance(step, RunStep):
            files.setdefault(step.item.function.file, []).append(position)
    pairs: list[tuple[int, int]] = []
    for positions in files.values():
        runs = [step for position in positions if isinstance(step := steps[position], RunStep)]
        for hand_over in find_hand_overs(runs, Glances(), sync_too=True):
            pairs += pairwise([positions[member] for member in hand_over.members])
    return pairs


class _Tree:
    """Sorts a tree of which the tests are the leaves: folders where they matter, files, classes."""

    def __init__(
        self, steps: Sequence[Step], urgencies: Mapping[str, Urgency], pairs: Sequence[tuple[int, int]], digest: Digest
    ) -> None:
        by_folder = any(_uses_packages(step) for step in steps)
        self._paths = [_path(step, by_folder) for step in steps]
        self._urgencies = [urgencies[step.item.id] for step in steps]
        self._followers: dict[int, list[int]] = {}
        for earlier, later in pairs:
            self._followers.setdefault(earlier, []).append(later)
        self._digest = digest

    def sort(self, positions: Iterable[int], depth: int) -> list[int]:
        """Positions of tests that have their places down to that depth in common."""
        groups: dict[str, list[int]] = {}
        for position in positions:
            groups.setdefault(self._paths[position][depth], []).append(position)
        ranks = self._ranks(groups)
        ordered: list[int] = []
        for place in sorted(groups, key=ranks.__getitem__):  # a stable sort: equals stay as they are
            group = groups[place]
            is_test = len(self._paths[group[0]]) == depth + 1
            ordered += group if is_test else self.sort(group, depth + 1)
        return ordered

    def _ranks(self, groups: Mapping[str, Sequence[int]]) -> dict[str, tuple[Urgency, bytes]]:
        """The rank of each group, which is no higher than that of those that must come after it."""
        places = {
            position: (number, place) for number, (place, group) in enumerate(groups.items()) for position in group
        }
        ranks: dict[str, tuple[Urgency, bytes]] = {}
        for number, (place, group) in reversed([*enumerate(groups.items())]):
            rank = min(self._urgencies[position] for position in group), self._digest(place)
            later = (places[one] for position in group for one in self._followers.get(position, ()) if one in places)
            ranks[place] = min([rank, *(ranks[other] for its_number, other in later if its_number > number)])
        return ranks


def _path(step: Step, by_folder: bool) -> tuple[str, ...]:
    function = step.item.function
    places = [*places_above(function.file, function.classes)]
    folders = function.file.count("/") + 1
    return (*(places if by_folder else places[folders:]), step.item.id)


def _uses_packages(step: Step) -> bool:
    """Whether something lives as long as the tests of a folder run."""
    if not isinstance(step, RunStep):
        return False
    loop = step.loop is not None and step.loop.instance.scope is Scope.PACKAGE
    return loop or any(use.instance.scope is Scope.PACKAGE for use in step.fixtures)
