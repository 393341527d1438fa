"""What runs a test's async parts: asyncio, or trio where a mark or the test's fixture `anyio_backend` says so."""

from collections.abc import Callable, Collection, Iterable, Mapping

from rustest.model.errors import PlanError
from rustest.model.fixtures import ANYIO_BACKEND
from rustest.model.hints import cast
from rustest.model.item import Item
from rustest.model.named import Factory
from rustest.model.plan import AUTOJUMP, FixtureUse, RunStep, find_use
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings
from rustest.plan.asked_first import have_asked, value_asked_first
from rustest.plan.uvloops import new_uvloop

_NAMES = ("asyncio", "trio")
_CLOCKS = {"autojump_clock": 0.0, "mock_clock": float("inf")}
"""The fixtures by which a test gets a clock of trio's that it can move, and the idle seconds after which that jumps."""


class Backend(NamedTuple):
    """What runs async code, as anyio names it."""

    name: str
    options: Mapping[str, object]


def ask_for_backends(items: Iterable[Item], *, unmarked: bool) -> tuple[Item, ...]:
    """Have each async test with `mark.anyio`, or also those without, use the fixture `anyio_backend`."""
    return have_asked(items, ANYIO_BACKEND, lambda item: item.is_async and (unmarked or bool(item.marked("anyio"))))


def backend_of(step: RunStep, settings: Settings) -> Backend | None:
    """What the test asks to be run by; None where it does not say, which is asyncio.

    Raises PlanError where it cannot be told, or is none.
    """
    case = step.item.case
    if case is not None and ANYIO_BACKEND in case.names:
        return _read(case.direct()[ANYIO_BACKEND])
    use = find_use(step.fixtures, ANYIO_BACKEND)
    if use is not None:
        return _read(_value_of(use))
    if step.item.marked("trio") or (step.item.is_async and _says(settings, "trio_mode", ("true", "1", "yes", "on"))):
        return Backend("trio", _trio_options(step))
    return None


def is_anyio_auto(settings: Settings) -> bool:
    """Whether anyio's plugin is to run all async tests."""
    return _says(settings, "anyio_mode", ("auto",))


def _says(settings: Settings, name: str, values: Collection[str]) -> bool:
    """Whether pytest's settings or options have one of these values for a name that belongs to a plugin."""
    if settings.pytest is None:
        return False
    written = settings.pytest.ini.get(name)
    option = settings.pytest.options.get(name)
    found = option if option is not None else written.value if written is not None else None
    return str(found).lower() in values


def _trio_options(step: RunStep) -> Mapping[str, object]:
    names = [use.definition.name for use in step.fixtures if use.definition.name in _CLOCKS]
    return {AUTOJUMP: _CLOCKS[names[0]]} if names else {}


def _value_of(use: FixtureUse) -> object:
    definition = use.definition
    ask = value_asked_first(definition, use.param, "backend")
    try:
        return ask()
    except Exception as error:  # whatever the user's code raises
        raise PlanError(f"the fixture {ANYIO_BACKEND} ({definition.where}) raised {error!r}") from None


def _read(value: object) -> Backend:
    name, options = cast("tuple[object, object]", value if _is_pair(value) else (value, {}))
    if not isinstance(name, str) or name not in _NAMES or not isinstance(options, dict):
        raise PlanError(f'{ANYIO_BACKEND} must be "asyncio", "trio", or one of them with options, not {value!r}')
    return Backend(name, cast("dict[str, object]", options))


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(cast("tuple[object, ...]", value)) == len(("name", "options"))


def read_loop_options(backend: Backend) -> tuple[bool | None, Factory | None]:
    """What the options of asyncio ask of a loop: debug mode, and what makes it; raises PlanError for others."""
    options = dict(backend.options)
    debug, factory = options.pop("debug", None), options.pop("loop_factory", None)
    if options.pop("use_uvloop", False):
        factory = new_uvloop
    if options:
        raise PlanError(f"{ANYIO_BACKEND} has options that asyncio does not: {', '.join(map(repr, options))}")
    return True if debug else None, cast("Callable[[], object] | None", factory)
