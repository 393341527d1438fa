"""Tests that change what the whole process shares, and so run alone: by their fixtures, their decorators, their code.

Tests take turns only where they await. So what a test changes matters if it is in place while the test awaits, and
what one of its own fixtures changes matters if it is in place when that fixture has been set up.
"""

from collections.abc import Iterator
from functools import cached_property
from types import CodeType, FunctionType

from rustest.model.calls import layers
from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.plan import FixtureUse, RunStep, Touch
from rustest.model.record import NamedTuple
from rustest.plan.footprints.code_glance import IDLE, Glances, unwrap, wraps_nothing
from rustest.plan.footprints.process_code import NOTHING, ProcessCode, Summary
from rustest.plan.footprints.shared_names import WRAPPING, SharedNames

if TYPE_CHECKING:
    from rustest.plan.footprints.own_objects import OwnObjects

_BUILT_IN = frozenset({"monkeypatch", "capfd", "capfdbinary", "recwarn"})
"""Built-in fixtures; each lives for one test, and so does what it changes."""

_OF_LIBRARIES = frozenset(
    (
        *("mocker", "httpx_mock", "respx_mock", "requests_mock", "responses", "vcr", "freezer", "time_machine"),
        *("fs", "fp", "fake_process", "socket_disabled", "socket_enabled"),
    )
)
"""Fixtures that plugins bring along, or that projects name like theirs."""

_OURS = "rustest"


class Conduct(NamedTuple):
    """What a test does to the process, and why it must be alone for it; empty where it need not."""

    touches: tuple[Touch, ...] = ()
    alone: str = ""
    common: tuple[str, ...] = ()
    """The keys of the fixtures for which it must be alone, but for tests that have the same: they do that for all."""


_HARMLESS = Conduct()
_NO_NAMES: frozenset[str] = frozenset()


class ProcessState:
    """Tells of each test what it does to the process; what tests have in common is read once."""

    def __init__(self, shared: SharedNames, rootdir: str) -> None:
        self.glances = Glances()
        """What functions show at a glance, each looked at once."""
        self._shared = shared
        self._code = ProcessCode(shared, rootdir, self.glances)
        self._bodies: dict[tuple[int, type | None, bool, frozenset[str]], Conduct] = {}
        self._fixtures: dict[int, Conduct] = {}
        self._same: dict[int, bool] = {}
        """By fixture, whether it does for each test the same."""

    def conduct(self, step: RunStep) -> Conduct:
        """What the test does, by its body and by the fixtures that live and die with it."""
        if not step.fixtures:
            func = step.item.function.func
            is_idle = wraps_nothing(func) and self.glances.at(func.__code__) is IDLE  # of which nothing need be kept
            return _HARMLESS if is_idle else self._body(step)
        body = self._body(step)
        own = [self._part_of(use, step) for use in step.fixtures if use.is_own(step.item.id)]
        if all(conduct is _HARMLESS for conduct in own):
            return body
        touches = tuple(touch for conduct in (*own, body) for touch in conduct.touches)
        alone = next((one.alone for one in (*own, body) if one.alone), "")
        if alone and body is _HARMLESS and (common := self._common(step)):
            return Conduct(touches, common=common)
        return Conduct(touches, alone)

    def _part_of(self, use: FixtureUse, step: RunStep) -> Conduct:
        """What a fixture of the test's own does, unless it is there for what nobody else has."""
        definition = use.definition
        keeps_to_own = definition.is_monkeypatch and self._own.are_all_patched(step)
        return _HARMLESS if keeps_to_own else self._fixture(definition)

    # --- the body -------------------------------------------------------------------------------------------

    def _body(self, step: RunStep) -> Conduct:
        function = step.item.function
        on_shared_loop = step.loop is not None and not step.loop.is_private()
        own = self._own.arguments(step) if self._patches_arguments(step) else _NO_NAMES
        key = id(function.func), function.cls, on_shared_loop, own
        conduct = self._bodies.get(key)
        if conduct is None:
            conduct = self._bodies[key] = self._read_body(step, on_shared_loop, own)
        return conduct

    def _patches_arguments(self, step: RunStep) -> bool:
        func, cls = step.item.function.func, step.item.function.cls
        if not step.arguments or not wraps_nothing(func):
            return False
        return any(effect.given for effect in self._code.summary(func, cls).seen)

    @cached_property
    def _own(self) -> "OwnObjects":
        from rustest.plan.footprints.own_objects import OwnObjects

        return OwnObjects(self._code)

    def _read_body(self, step: RunStep, on_shared_loop: bool, own: frozenset[str]) -> Conduct:
        function = step.item.function
        if wraps_nothing(func := function.func) and self._code.summary(func, function.cls) is NOTHING:
            return _HARMLESS
        touches: list[Touch] = []
        alone = ""
        for summary in (one.without(own) for one in self._summaries(function.func, function.cls)):
            touches += _touches(summary)
            if summary.held:
                touch = summary.held[0].touch
                alone = alone or f"alone: it {touch.what} at {touch.where} and awaits before that is undone"
            if summary.on_loop and on_shared_loop:
                touches += summary.on_loop
                touch = summary.on_loop[0]
                alone = alone or f"alone: it {touch.what} at {touch.where}, on a loop that it shares with other tests"
        for decorated in self._decorations(function.func):
            touches.append(decorated)
            alone = alone or f"alone: it {decorated.what} at {decorated.where}, which holds while it awaits"
        return Conduct(tuple(touches), alone) if touches else _HARMLESS

    def _summaries(self, func: object, cls: type | None) -> Iterator[Summary]:
        """Of the function, and of the decorators around it that are the project's own."""
        for layer in layers(func):
            if isinstance(layer, FunctionType) and (layer is func or not _package_of(layer)):
                yield self._code.summary(layer, cls)

    def _decorations(self, func: object) -> Iterator[Touch]:
        inner = unwrap(func)
        if inner is None or inner is func or not _awaits(inner.__code__):
            return
        for layer in layers(func):
            if layer is inner:
                return
            package = _package_of(layer)
            if package and not self._shared.excuses(WRAPPING[package]):
                yield Touch(f"is decorated by `{package}`", self._where(inner))
            elif isinstance(layer, FunctionType) and (name := self._shared.maker_of(layer)):
                yield Touch(f"is decorated by `{name}`", self._where(inner))

    def _where(self, function: FunctionType) -> str:
        return self._code.place(function.__code__, function.__code__.co_firstlineno)

    # --- fixtures -------------------------------------------------------------------------------------------

    def _fixture(self, definition: FixtureDef) -> Conduct:
        conduct = self._fixtures.get(id(definition))
        if conduct is None:
            conduct = self._fixtures[id(definition)] = self._read_fixture(definition)
        return conduct

    def _read_fixture(self, definition: FixtureDef) -> Conduct:
        name, is_built_in = definition.name, definition.place == BUILTIN and _is_ours(definition.func)
        if name in (_BUILT_IN if is_built_in else _OF_LIBRARIES):
            touch = Touch(f"uses `{name}`", definition.where)
            return Conduct((touch,), f"alone: it uses `{name}`, which changes what the whole process shares")
        if is_built_in:
            return _HARMLESS
        summaries = [summary for func, cls in _written(definition) for summary in self._summaries(func, cls)]
        touches = tuple(touch for summary in summaries for touch in _touches(summary))
        lasting = [effect.touch for summary in summaries for effect in (*summary.held, *summary.left)]
        if not lasting:
            return Conduct(touches) if touches else _HARMLESS
        what, where = lasting[0]
        return Conduct(touches, f"alone: its fixture `{name}` {what} at {where}, and that lasts while the test runs")

    # --- fixtures that do the same for all ------------------------------------------------------------------

    def _common(self, step: RunStep) -> tuple[str, ...]:
        """The keys of the fixtures that put the test alone, where all of them do the same for each test.

        Whoever uses one of them, or changes anything, is one of them; so the test has nothing of what they give.
        """
        common: dict[int, FixtureDef] = {}
        for position, use in enumerate(step.fixtures):  # each after those that it uses
            if not common.keys().isdisjoint(use.needs()) or self._changes(use, step.item.id):
                common[position] = use.definition
        if not common.keys().isdisjoint(dict(step.arguments).values()):
            return ()
        is_common = all(map(self._does_the_same, common.values()))
        return tuple(definition.key for definition in common.values()) if is_common else ()

    def _changes(self, use: FixtureUse, test: str) -> bool:
        return use.is_own(test) and self._fixture(use.definition) is not _HARMLESS

    def gives_what_is_fixed(self, definition: FixtureDef) -> bool:
        """Whether tests can leave nothing in what the fixture gives."""
        from rustest.plan.footprints.fixed_value import gives_what_is_fixed

        return gives_what_is_fixed(definition, self._code)

    def _does_the_same(self, definition: FixtureDef) -> bool:
        same = self._same.get(id(definition))
        if same is None:
            from rustest.plan.footprints.same_each_time import does_the_same

            same = definition.is_monkeypatch or does_the_same(definition, self._code)
            self._same[id(definition)] = same
        return same


def _written(definition: FixtureDef) -> list[tuple[object, type | None]]:
    """The functions in which the user wrote the fixture: itself, or what stands behind a `setup_method`."""
    if _is_ours(definition.func):
        return [(func, definition.cls) for func in definition.origins]
    return [(definition.func, definition.cls)]


def _is_ours(func: object) -> bool:
    """Whether it is one of rustest's own, as the fixtures are that it brings along itself."""
    function = unwrap(func)
    return function is None or function.__globals__.get("__name__", "").partition(".")[0] == _OURS


def _touches(summary: Summary) -> list[Touch]:
    return [effect.touch for effect in summary.seen]


def _awaits(code: CodeType) -> bool:
    import dis

    return any(instruction.opname == "YIELD_VALUE" for instruction in dis.get_instructions(code))


def _package_of(layer: object) -> str:
    """The package of `WRAPPING` that made a decorator's wrapper; empty where none of them did."""
    maker = getattr(layer, "_self_wrapper", layer) if type(layer).__module__.startswith("wrapt") else layer
    module = str(getattr(getattr(maker, "__func__", maker), "__globals__", {}).get("__name__", ""))
    return next((package for package in WRAPPING if f"{module}.".startswith(f"{package}.")), "")
