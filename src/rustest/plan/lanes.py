"""Windows: which tests are in flight together, and in what order the run goes through them.

A window holds the tests that may overlap, or that run in line, while no other window's test is in flight. The first
one spans the whole run: every async test that shares nothing narrower than the session with others. What is left goes
file by file, so that what belongs to one file is never alive beside another's:

- its sync tests, in file order;
- its async tests by the narrowest fixture that they share with others: those of one package, module or class
  instance overlap. A package's window stands where its first file does, and holds no test that uses a narrower
  fixture, so that the fixtures of two files are never alive at once;
- its tests on a loop that the user's own `loop_factory` makes, which the others' loops cannot run beside;
- the tests planned alone.

Tests that hand state to each other keep their order inside a window. Where they would stand in different windows they
all move to the lane of those alone, in file order. With a concurrency of 1 nothing overlaps, and the order is that of
the files.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from rustest.model.calls import CallKind
from rustest.model.plan import FixtureUse, Lane, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.plan.serial import is_serial
from rustest.plan.window_key import Rank, WindowKey

_WHOLE_RUN = WindowKey(Rank.WHOLE_RUN)
_RANKS = {Scope.CLASS: Rank.CLASS, Scope.MODULE: Rank.MODULE, Scope.PACKAGE: Rank.PACKAGE}
_COROUTINE = CallKind.COROUTINE


def arrange(steps: Sequence[Step], concurrency: int) -> tuple[Window, ...]:
    """All steps, each in one window, in the order of the run."""
    if concurrency == 1:
        return tuple(_in_file_order(steps))
    settled, keys = list(steps), _sync_keys(steps)
    with_async: dict[str, None] = {}
    for position, step in enumerate(steps):
        if isinstance(step, RunStep) and step.item.function.kind is _COROUTINE:
            keys[position] = key = _key(step)
            settled[position] = step if key is _WHOLE_RUN else _because(step, _lane_reason(step, key))
            with_async[step.item.function.file] = None
    for positions in _runs_of_files(settled, with_async):
        from rustest.plan.hand_over import keep_order

        keep_order(positions, settled, keys)
    return _windows(settled, keys)


def _sync_keys(steps: Sequence[Step]) -> list[WindowKey]:
    """Where every step stands unless it is async and runs: beside its file's sync tests."""
    keys = {file: WindowKey(Rank.SYNC, file) for file in {step.item.function.file for step in steps}}
    return [keys[step.item.function.file] for step in steps]


def _in_file_order(steps: Sequence[Step]) -> list[Window]:
    files = _file_numbers(steps)
    ordered = sorted(steps, key=lambda step: files[step.item.function.file])
    stretches = groupby(ordered, key=lambda step: (step.item.function.file, step.item.is_async))
    return [
        Window(Lane.OVERLAP if is_async else Lane.SYNC, file, tuple(stretch)) for (file, is_async), stretch in stretches
    ]


def _file_numbers(steps: Sequence[Step]) -> dict[str, int]:
    files = dict.fromkeys(step.item.function.file for step in steps)
    return {file: number for number, file in enumerate(files)}


def _key(step: RunStep) -> WindowKey:
    item = step.item
    custom = step.loop.instance if step.loop and step.loop.factory else None
    if (item.marks and is_serial(item)) or (custom and custom.scope is Scope.FUNCTION):
        return WindowKey(Rank.ALONE, item.function.file)
    if (narrowest := _narrowest(step.fixtures)) is not None:
        return WindowKey(_RANKS[narrowest.instance.scope], narrowest.instance.path, custom)
    return WindowKey(Rank.LOOP, custom.path, custom) if custom else _WHOLE_RUN


def _narrowest(fixtures: tuple[FixtureUse, ...]) -> FixtureUse | None:
    """The fixture that says with whom its users may overlap: the narrowest of those that are shared, but not by all."""
    if not fixtures:
        return None
    shared = [use for use in fixtures if use.instance.scope in _RANKS]
    return min(shared, key=lambda use: (use.instance.scope, -len(use.instance.path)), default=None)


def _lane_reason(step: RunStep, key: WindowKey) -> str:
    narrowest = _narrowest(step.fixtures)
    if key.rank is Rank.ALONE:
        return (
            "alone: marked serial" if is_serial(step.item) else "alone: its loop_factory makes a loop of its own kind"
        )
    if key.rank is Rank.LOOP or narrowest is None:
        return "overlaps only with tests on the same loop, which a loop_factory makes"
    scope = narrowest.instance.scope.label
    return f"overlaps only with users of the same {scope}'s fixtures: it uses `{narrowest.definition.name}`"


def _because(step: RunStep, *reasons: str) -> RunStep:
    return step._replace(reasons=(*step.reasons, *reasons))


def _runs_of_files(steps: Sequence[Step], files: Iterable[str]) -> Iterable[list[int]]:
    """The positions of the steps that will run, file by file."""
    positions: dict[str, list[int]] = {file: [] for file in files}
    if positions:
        for position, step in enumerate(steps):
            if isinstance(step, RunStep) and step.item.function.file in positions:
                positions[step.item.function.file].append(position)
    return positions.values()


def _windows(steps: Sequence[Step], keys: Sequence[WindowKey]) -> tuple[Window, ...]:
    members: dict[WindowKey, list[Step]] = {key: [] for key in keys}
    for key, step in zip(keys, steps, strict=True):
        members[key].append(step)
    files = _file_numbers(steps)

    def place(key: WindowKey) -> tuple[int, Rank]:
        """Sorts the windows; those of one file and rank stay in the order of their first tests."""
        return (-1 if key is _WHOLE_RUN else files[members[key][0].item.function.file]), key.rank

    return tuple(Window(key.lane, key.title, tuple(members[key])) for key in sorted(members, key=place))
