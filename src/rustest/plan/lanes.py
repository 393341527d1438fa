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

Where fixtures that outlive a test have params, all this is done once for each stretch of the run in which every such
fixture has one param: two of them are never alive at once.

Where a plugin wants tests in file order, the sync tests of their file take their places among those alone.

Tests that hand state to each other keep their order inside a window. Where they would stand in different windows they
all move to the lane of those alone, in file order. With a concurrency of 1, or without async tests, nothing overlaps,
and the order is that of the files, and of their params.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from rustest.model.calls import CallKind
from rustest.model.hints import TYPE_CHECKING, TypeGuard
from rustest.model.plan import FixtureUse, Lane, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.model.settings import Settings
from rustest.plan.window_key import Rank, WindowKey

if TYPE_CHECKING:
    from rustest.plan.footprints.process_state import Conduct, ProcessState

_WHOLE_RUN = WindowKey(Rank.WHOLE_RUN)
_RANKS = {Scope.CLASS: Rank.CLASS, Scope.MODULE: Rank.MODULE, Scope.PACKAGE: Rank.PACKAGE}
_COROUTINE = CallKind.COROUTINE
_DISTURBED = "alone: it was disturbed by neighbours in an earlier run"


def arrange(steps: Sequence[Step], settings: Settings, *, has_variants: bool = False) -> tuple[Window, ...]:
    """All steps, each in one window, in the order of the run; `has_variants` where shared fixtures have params.

    Raises UsageError where `shared_state` of the settings names nothing.
    """
    has_async = _COROUTINE in map(attrgetter("item.function.kind"), steps) and any(map(_is_async, steps))
    state = _process_state(settings) if has_async or settings.shared_state else None
    if state is None or not has_async or settings.concurrency == 1:
        windows = tuple(_one_by_one(steps))
    else:
        windows = tuple(_overlap(steps, state, settings, has_variants))
    if not has_variants:
        return windows
    from rustest.plan.fixtures.lives import number_lives
    from rustest.plan.stretches import name_params

    return number_lives(windows if settings.concurrency == 1 else tuple(map(name_params, windows)))


def _process_state(settings: Settings) -> "ProcessState":
    """What tells how async tests treat the process."""
    from rustest.plan.footprints.process_state import ProcessState
    from rustest.plan.footprints.shared_names import SharedNames

    return ProcessState(SharedNames(settings.shared_state), settings.rootdir)


def _is_async(step: Step) -> TypeGuard[RunStep]:
    return isinstance(step, RunStep) and step.item.function.kind is _COROUTINE


def _overlap(
    steps: Sequence[Step], state: "ProcessState", settings: Settings, has_variants: bool
) -> tuple[Window, ...]:
    settled, keys = list(steps), _sync_keys(steps)
    with_async: dict[str, None] = {}
    for position, step in enumerate(steps):
        if _is_async(step):
            settled[position], keys[position] = _place(step, state.conduct(step))
            with_async[step.item.function.file] = None
    if settings.pytest is not None:
        _line_up(steps, keys)
    if has_variants:
        from rustest.plan.stretches import keep_params_apart

        keep_params_apart(steps, keys)
    for positions in _runs_of_files(settled, with_async) if not settings.stress else ():
        from rustest.plan.handed_order import keep_order

        keep_order(positions, settled, keys, state.glances)
    if with_async and settings.keeps_users_in_order and not settings.stress:
        from rustest.plan.shared_order import keep_users_in_order

        keep_users_in_order(settled, keys, settings.rootdir, state.gives_what_is_fixed)
    return _windows(settled, keys)


def _sync_keys(steps: Sequence[Step]) -> list[WindowKey]:
    """Where every step stands unless it is async and runs: beside its file's sync tests."""
    keys = {file: WindowKey(Rank.SYNC, file) for file in {step.item.function.file for step in steps}}
    return [keys[step.item.function.file] for step in steps]


def _line_up(steps: Sequence[Step], keys: list[WindowKey]) -> None:
    """Have a file's sync tests run among its tests alone, where a plugin wants an async one of these in file order."""
    lined_up = {step.item.function.file for step in steps if _is_async(step) and step.item.in_order_for}
    for position, step in enumerate(steps) if lined_up else ():
        if keys[position].rank is Rank.SYNC and step.item.function.file in lined_up:
            keys[position] = WindowKey(Rank.ALONE, step.item.function.file)


def _one_by_one(steps: Sequence[Step]) -> list[Window]:
    stretches = groupby(steps, key=attrgetter("item.function.file", "item.function.kind"))
    return [
        Window(Lane.OVERLAP if kind.is_async else Lane.SYNC, file, tuple(stretch))
        for (file, kind), stretch in stretches
    ]


def _file_numbers(steps: Sequence[Step]) -> dict[str, int]:
    files = dict.fromkeys(map(attrgetter("item.function.file"), steps))
    return {file: number for number, file in enumerate(files)}


def _place(step: RunStep, conduct: "Conduct") -> tuple[RunStep, WindowKey]:
    """The window of an async test, and the test with why it is there."""
    if not conduct.touches and not conduct.alone and _asks_for_nothing(step):
        return step, _WHOLE_RUN
    if conduct.touches:
        step = step._replace(touches=conduct.touches)
    if alone := _solitude(step, conduct):
        return _because(step, alone), WindowKey(Rank.ALONE, step.item.function.file)
    key = _key(step)
    if conduct.common:
        key = key._replace(common=conduct.common)
    return (step if key is _WHOLE_RUN else _because(step, _company(step, key))), key


def _asks_for_nothing(step: RunStep) -> bool:
    """Whether it has nothing that could keep other tests away; so most have their own loop, and no more."""
    if step.fixtures or step.warning_filters or step.alone_for or not step.item.is_plain():
        return False
    return step.loop is None or (step.loop.factory is None and step.loop.trio is None)


def _key(step: RunStep) -> WindowKey:
    custom = step.loop.instance if step.loop and step.loop.factory and not step.loop.is_private() else None
    if (narrowest := _narrowest(step.fixtures)) is not None:
        return WindowKey(_RANKS[narrowest.instance.scope], narrowest.instance.path, custom)
    return WindowKey(Rank.LOOP, custom.path, custom) if custom else _WHOLE_RUN


def _solitude(step: RunStep, conduct: "Conduct") -> str:
    """Why nothing else may be in flight beside this test; empty where something may."""
    if step.item.marks and step.item.runs_alone:
        plugin = step.item.in_order_for
        return f"alone, in file order: the plugin {plugin} asks for that" if plugin else "alone: marked serial"
    if conduct.alone:
        return conduct.alone
    if step.warning_filters:
        return "alone: mark.filterwarnings changes the warning filters, which the whole process shares"
    if step.loop and step.loop.trio is not None and _is_given(step):
        return "alone: hypothesis calls it from a thread, and seeds `random` for it"
    if step.loop and step.loop.factory and step.loop.is_private() and not _may_be_stepped(step.loop.factory):
        return f"alone: {_maker(step.loop.factory)} makes its loop"
    if step.alone_for:
        return f"{_DISTURBED}; runs until it is tried beside others again: {step.alone_for}"
    return ""


def _is_given(step: RunStep) -> bool:
    from rustest.model.given import is_given

    return is_given(step.item.function.func)


def _may_be_stepped(factory: object) -> bool:
    from rustest.plan.uvloops import makes_uvloops

    return makes_uvloops(factory)


def _maker(factory: object) -> str:
    from rustest.model.loop_policy import PolicyFactory

    return "its event_loop_policy" if isinstance(factory, PolicyFactory) else "a loop_factory"


def _narrowest(fixtures: tuple[FixtureUse, ...]) -> FixtureUse | None:
    """The fixture that says with whom its users may overlap: the narrowest of those that are shared, but not by all."""
    if not fixtures:
        return None
    shared = [use for use in fixtures if use.instance.scope in _RANKS]
    return min(shared, key=lambda use: (use.instance.scope, -len(use.instance.path)), default=None)


def _company(step: RunStep, key: WindowKey) -> str:
    company: list[str] = []
    if (narrowest := _narrowest(step.fixtures)) is not None:
        scope, name = narrowest.instance.scope.label, narrowest.definition.name
        company.append(f"users of its {scope}'s fixtures, as it uses `{name}`")
    if key.common:
        company.append(f"tests that use {key.common_names}, set up once for all: what it changes is the same for each")
    if key.loop:
        company.append("tests on the same loop, which a loop_factory makes")
    return f"overlaps only with {', and with '.join(company)}"


def _because(step: RunStep, *reasons: str) -> RunStep:
    return step._replace(reasons=(*step.reasons, *reasons))


def _runs_of_files(steps: Sequence[Step], files: Iterable[str]) -> Iterable[list[int]]:
    """The positions of the steps that will run, file by file."""
    positions: dict[str, list[int]] = {file: [] for file in files}
    if positions:
        for position, step in enumerate(steps):
            own = positions.get(step.item.function.file)
            if own is not None and isinstance(step, RunStep):
                own.append(position)
    return positions.values()


def _windows(steps: Sequence[Step], keys: Sequence[WindowKey]) -> tuple[Window, ...]:
    members: dict[WindowKey, list[Step]] = {}
    last, own = None, list[Step]()
    for key, step in zip(keys, steps, strict=True):
        if key is not last:  # neighbours most often have one key between them
            last, own = key, members.setdefault(key, [])
        own.append(step)
    files = _file_numbers(steps)

    def place(key: WindowKey) -> tuple[int, int, int, Rank]:
        """Sorts the windows; those of one stretch, file and rank stay in the order of their first tests."""
        file = -1 if key.rank is Rank.WHOLE_RUN else files[members[key][0].item.function.file]
        return key.stretch[0], file, key.stretch[1], key.rank

    return tuple(_window(key, members[key]) for key in sorted(members, key=place))


def _window(key: WindowKey, steps: Sequence[Step]) -> Window:
    if key.common:
        from rustest.plan.common_fixtures import share_common_fixtures

        steps = share_common_fixtures(steps, key)
    return Window(key.lane, key.title, tuple(steps))
