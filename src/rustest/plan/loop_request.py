"""What a test asks of what runs it: by its `asyncio` marks, or by its backend."""

import enum
from collections.abc import Callable, Mapping

from rustest.model.choices import AsyncioMode, PytestCompat
from rustest.model.errors import PlanError
from rustest.model.hints import cast
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item
from rustest.model.marks import Mark
from rustest.model.plan import FixtureUse, RunStep
from rustest.model.record import NamedTuple
from rustest.model.scope import SESSION, Scope, ScopeInstance, parse_scope
from rustest.model.settings import Settings


class Library(enum.Enum):
    """By whose rules tests and fixtures share what they live on."""

    ASYNCIO = "asyncio"
    ANYIO = "anyio, on asyncio"
    TRIO = "trio"


class Request(NamedTuple):
    """What one test asks for: by its `asyncio` marks, keyword by keyword, the nearest mark first, or by its backend."""

    scope: Scope | None = None
    debug: bool | None = None
    factory: Callable[[], object] | None = None
    trio: Mapping[str, object] | None = None
    """The options of the run of trio that takes the loop's place; None for a loop."""
    library: Library = Library.ASYNCIO


NO_REQUEST = Request()
_KEYWORDS = frozenset(("loop_scope", "scope", "loop_factories", "loop_factory", "timeout", "debug"))
"""Those of pytest-asyncio's mark, and rustest's own."""


class Demand(NamedTuple):
    """A step that needs a loop, with what decides which."""

    step: RunStep
    request: Request
    shared: tuple[FixtureUse, ...]
    """Its async fixtures that outlive it, or have a `loop_scope`."""


def request_of(step: RunStep, settings: Settings) -> Request:
    """What the test asks for by its backend, or else by its marks; raises PlanError where that makes no sense."""
    if step.item.marks or step.fixtures or settings.pytest is not None:
        from rustest.plan.backends import backend_of, read_loop_options

        if backend := backend_of(step, settings):
            if backend.name == "trio":
                return Request(trio=backend.options, library=Library.TRIO)
            return Request(None, *read_loop_options(backend), library=Library.ANYIO)
    if not step.item.is_async:
        return NO_REQUEST
    request, default = read_request(step.item, settings), settings.asyncio_default_test_loop_scope
    return request if request.scope is not None or default is Scope.FUNCTION else request._replace(scope=default)


def read_request(item: Item, settings: Settings) -> Request:
    """Merge the `asyncio` marks of an async test; raises PlanError where they, or their absence, make no sense."""
    marks = item.marked("asyncio")
    if settings.pytest_compat is PytestCompat.ON:
        return _read_nearest(marks, item)
    if not marks and settings.asyncio_mode is AsyncioMode.STRICT:
        raise PlanError('an async test needs @mark.asyncio while asyncio_mode is "strict"; or set it to "auto"')
    merged: dict[str, object] = {}
    for mark in reversed(marks):
        merged.update((keyword, value) for keyword, value in mark.kwargs.items() if value is not None)
    request = _read_keywords(merged) if merged else NO_REQUEST
    if request.scope is Scope.CLASS and not item.function.classes:
        raise PlanError('loop_scope="class" is for methods, and this test is in no class; say loop_scope="module"')
    return request


def _read_nearest(marks: list[Mark], item: Item) -> Request:
    """As pytest-asyncio has it: only the nearest mark counts, whose `loop_scope` was called `scope` once."""
    from rustest.plan.loop_factories import LOOP_FACTORY

    made_by = next((mark.args[0] for mark in item.marked(LOOP_FACTORY)), None)
    given = dict(marks[0].kwargs) if marks else {}
    if marks and (marks[0].args or given.keys() - _KEYWORDS):
        raise PlanError(f"mark.asyncio of {item.function.name} takes only keywords: {', '.join(sorted(_KEYWORDS))}")
    if made_by is not None:
        given["loop_factory"] = made_by
    if not given:
        return NO_REQUEST
    if "scope" in given:
        if "loop_scope" in given:
            raise PlanError(f"mark.asyncio of {item.function.name} has scope and loop_scope: keep loop_scope")
        given["loop_scope"] = given.pop("scope")
    return _read_keywords(given)


def _read_keywords(given: Mapping[str, object]) -> Request:
    debug, factory = given.get("debug"), given.get("loop_factory")
    if debug is not None and not isinstance(debug, bool):
        raise PlanError(f"debug of mark.asyncio must be True or False, not {debug!r}")
    if factory is not None and not callable(factory):
        raise PlanError(f"loop_factory must be a function that makes an event loop, not {factory!r}")
    return Request(_read_scope(given.get("loop_scope")), debug, cast("Callable[[], object] | None", factory))


def _read_scope(given: object) -> Scope | None:
    if given is None:
        return None
    try:
        return parse_scope(given, "loop_scope")
    except ValueError as invalid:
        raise PlanError(str(invalid)) from None


def extent(scope: Scope, item: Item) -> ScopeInstance:
    """What that scope spans where this test stands; outside a class, a "class" is the test itself."""
    file, classes = item.function.file, item.function.classes
    match scope:
        case Scope.CLASS if classes:
            return ScopeInstance(scope, SEPARATOR.join((file, *classes)))
        case Scope.FUNCTION | Scope.CLASS:
            return ScopeInstance(Scope.FUNCTION, item.id)
        case Scope.MODULE:
            return ScopeInstance(scope, file)
        case Scope.PACKAGE:
            return ScopeInstance(scope, file.rpartition("/")[0])
        case Scope.SESSION:
            return SESSION
