"""The explanation of one test, for `--explain`: all that was planned for it, and where each part comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rustest.model.ids import SEPARATOR
from rustest.model.item import Item, TestFunction
from rustest.model.marks import MARKS_ATTRIBUTE, Mark, MarkDecorator, marks_of, unpack_marks
from rustest.model.plan import Lane, Plan, RunStep, Step, Window
from rustest.model.settings import Settings
from rustest.report.listings.fixture_listing import describe_use
from rustest.report.listings.plan_listing import entry_of, loop_details
from rustest.report.messages import count, enumerated, limit

COMPANY = 5
"""How many of the tests beside it are named."""


def find_steps(plan: Plan, node_id: str) -> list[tuple[Window, Step]]:
    """The steps that a node id names: one test, or all of a class or function, with their windows."""
    beginnings = (f"{node_id}{SEPARATOR}", f"{node_id}[")
    return [
        (window, step)
        for window in plan.windows
        for step in window.steps
        if step.item.id == node_id or step.item.id.startswith(beginnings)
    ]


def explain_steps(plan: Plan, found: Sequence[tuple[Window, Step]], settings: Settings) -> Iterator[str]:
    """The lines that explain these steps of the plan, one after another; an item may hold several lines of text."""
    for number, (window, step) in enumerate(found):
        if number:
            yield ""
        yield f"{step.item.id}  {step.item.function.where}"
        if isinstance(step, RunStep):
            for title, lines in _sections(plan, window, step, settings):
                yield from _section(title, list(lines))
        else:
            entry = entry_of(step)
            yield from _section("runs", [f"no: {entry.details}", *entry.reasons])
            yield from _section("marks", list(_marks(step.item)))


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    """A title with its lines beside it, and nothing where there are none."""
    for number, line in enumerate(lines):
        head, *rest = line.split("\n")
        yield f"  {'' if number else title + ':':<10}{head}"
        yield from (f"  {'':<10}{part}" for part in rest)


def _sections(plan: Plan, window: Window, step: RunStep, settings: Settings) -> Iterator[tuple[str, Iterable[str]]]:
    number = plan.windows.index(window) + 1
    yield "window", [f"{number} of {len(plan.windows)}, {window.title}: {window.lane.value}"]
    yield "beside", _company(window, step, settings)
    yield "because", step.reasons
    yield "process", _process(window, step, settings)
    yield "loop", _loop(step, settings)
    yield "fixtures", [describe_use(use, step) for use in step.fixtures] or ["none"]
    yield "timeout", [_timeout(step, settings)]
    yield "keys", _keys(step)
    yield "marks", _marks(step.item)


def _company(window: Window, step: RunStep, settings: Settings) -> Iterator[str]:
    """Who may be in flight with it."""
    if window.lane is not Lane.OVERLAP or settings.concurrency == 1:
        yield "no other test"
        return
    apart = _apart(window, step)
    beside = [other.item.id for other in window.steps if isinstance(other, RunStep) and other.item.id not in apart]
    wide = f"at most {settings.concurrency} at once"
    yield f"{count(len(beside), 'test')}, {wide}: {enumerated(beside, COMPANY)}" if beside else "no other test"


def _apart(window: Window, step: RunStep) -> set[str]:
    """The tests of its window that are never beside it: itself, those before and after it, holders of its keys."""
    runs = [other for other in window.steps if isinstance(other, RunStep)]
    before = _reach(step.item.id, {run.item.id: run.after for run in runs})
    followers: dict[str, list[str]] = {}
    for run in runs:
        for earlier in run.after:
            followers.setdefault(earlier, []).append(run.item.id)
    rivals = {run.item.id for run in runs if not set(run.keys).isdisjoint(step.keys)}
    return {step.item.id} | before | _reach(step.item.id, followers) | rivals


def _reach(start: str, ways: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    left = [start]
    while left:
        for one in ways.get(left.pop(), ()):
            if one not in found:
                found.add(one)
                left.append(one)
    return found


def _process(window: Window, step: RunStep, settings: Settings) -> Iterator[str]:
    """What it does to the process."""
    yield from (f"it {what} at {where}" for what, where in step.touches)
    if not step.item.is_async or settings.concurrency == 1:
        return  # nobody has looked
    if not step.touches:
        yield "nothing in its code, or in that of its own fixtures, changes what the whole process shares"
    elif window.lane is Lane.OVERLAP:
        yield "nobody else sees that: it is undone before the test awaits"


def _loop(step: RunStep, settings: Settings) -> Iterator[str]:
    if step.loop is None:
        yield "none: neither the test nor any of its fixtures is async"
        return
    details = list(loop_details(step.loop))
    yield ", ".join(details if not step.loop.is_private() else ["its own", *details])
    if step.loop.factory and settings.loop_factory:
        yield f"made by the setting loop_factory, {settings.loop_factory}, where no mark or fixture says otherwise"


def _timeout(step: RunStep, settings: Settings) -> str:
    if step.timeout is None:
        return "none: neither a mark nor the setting `timeout` gives one"
    for name in ("asyncio", "timeout") if step.item.is_async else ("timeout",):
        for mark, where in _placed_marks(step.item):
            if mark.name == name and (name == "timeout" or mark.kwargs.get("timeout") is not None):
                return f"{limit(step.timeout)}, from {MarkDecorator(mark)!r} of {where}"
    return f"{limit(step.timeout)}, from the setting `timeout`, {settings.timeout:g}"


def _keys(step: RunStep) -> Iterator[str]:
    for key in step.keys:
        by = [f"the fixture `{use.definition.name}`" for use in step.fixtures if key in use.definition.serial]
        by += [where for mark, where in _placed_marks(step.item) if mark.name == "serial" and key in mark.args]
        yield f"{key!r}, one holder at a time, from {' and '.join(by)}"
    for bound in step.limits:
        places = [where for mark, where in _placed_marks(step.item) if bound.key in mark.args[1:]]
        yield f"{bound.what}, at most {bound.holders} at once{', from ' + places[0] if places else ''}"


def _marks(item: Item) -> Iterator[str]:
    """All but `parametrize`, which has done its work: the test's id says with what."""
    for mark, where in _placed_marks(item):
        if mark.name != "parametrize":
            yield f"{MarkDecorator(mark)!r}, from {where}"


def _placed_marks(item: Item) -> Iterator[tuple[Mark, str]]:
    """The marks, nearest first, and what each stands on."""
    function = item.function
    of_case = len(item.case.marks) if item.case else 0
    own = of_case + len(marks_of(function.func))
    of_module = len(item.marks) - len(_module_marks(function))
    for position, mark in enumerate(item.marks):
        if position < of_case:
            yield mark, "the case"
        elif position < own:
            yield mark, "the test"
        else:
            yield mark, "the module" if position >= of_module else f"the class {'.'.join(function.classes)}"


def _module_marks(function: TestFunction) -> tuple[Mark, ...]:
    names = getattr(function.func, "__globals__", {})
    return unpack_marks(names.get(MARKS_ATTRIBUTE, ()), MARKS_ATTRIBUTE)
