"""The listings of fixtures, for `--fixtures` and `--fixtures-per-test`: what there is to ask for, and who gets what."""

from collections.abc import Iterable, Iterator

from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.ids import SEPARATOR, places_above
from rustest.model.item import Problem
from rustest.model.plan import FixtureUse, Plan, ProblemStep, RunStep, Step
from rustest.report.accounts import found_problem
from rustest.report.listings.plan_listing import entry_of
from rustest.report.messages import count, indent


def list_fixtures(plan: Plan, *, verbose: bool = False, rootdir: str = "") -> Iterator[str]:
    """The lines of all fixtures that a test of the plan can see, by place, the innermost last: the nearest one wins.

    Names that are nobody else's business, with an underscore in front, and whole docstrings are for `verbose`. An item
    may hold several lines of text.
    """
    seen = [one for one in _seen_fixtures(plan) if verbose or _is_public(one)]
    files = {step.item.function.file for step in plan.steps()}
    for place in dict.fromkeys(definition.place for definition in seen):
        yield _source(place, files)
        for definition in seen:
            if definition.place == place:
                yield indent(_describe(definition, definition.name, verbose))
        yield ""
    yield from _list_problems(plan, rootdir)
    yield f"{count(len(seen), 'fixture')} in sight of {count(plan.total, 'test')}"


def list_fixtures_per_test(plan: Plan, *, verbose: bool = False, rootdir: str = "") -> Iterator[str]:
    """The lines of each test's fixtures, in the order of set-up; tests stand in the order of the run."""
    for step in plan.steps():
        yield from _list_step(step, verbose)
    yield ""
    yield from _list_problems(plan, rootdir)
    yield count(plan.total, "test")


def _list_step(step: Step, verbose: bool) -> Iterator[str]:
    if not isinstance(step, RunStep):
        yield f"{step.item.id}  [{entry_of(step).details}]"
        return
    yield step.item.id if step.fixtures else f"{step.item.id}  [no fixtures]"
    for use in step.fixtures:
        yield indent(describe_use(use, step, verbose))


def describe_use(use: FixtureUse, step: RunStep, verbose: bool = False) -> str:
    """One of a test's fixtures, with its scope, and file and line; or one of its parameters."""
    if use.definition.place == step.item.id:
        return f"{use.definition.name}  [parameter of the test]"
    return _describe(use.definition, _name_with_param(use), verbose)


def _name_with_param(use: FixtureUse) -> str:
    return use.definition.name if use.param is None else f"{use.definition.name}[{use.param.id}]"


def _list_problems(plan: Plan, rootdir: str) -> Iterator[str]:
    broken = (Problem(step.item.id, step.failure) for step in plan.steps() if isinstance(step, ProblemStep))
    for problem in (*plan.problems, *broken):
        yield found_problem(problem, rootdir)
        yield ""


def _seen_fixtures(plan: Plan) -> Iterator[FixtureDef]:
    functions = {(step.item.function.file, step.item.function.classes) for step in plan.steps()}
    places = {place for file, classes in functions for place in (BUILTIN, *places_above(file, classes))}
    return (definition for definition in plan.fixtures if definition.place in places)


def _is_public(definition: FixtureDef) -> bool:
    """Not one with an underscore in front, nor one that stands for `setup_module` or its kin."""
    return definition.name.isidentifier() and not definition.name.startswith("_")


def _source(place: str, files: Iterable[str]) -> str:
    """The file or class that holds the fixtures of that place."""
    if place == BUILTIN:
        return "built in"
    if SEPARATOR in place or place in files:
        return place
    return f"{place}/conftest.py" if place else "conftest.py"


def _describe(definition: FixtureDef, name: str, verbose: bool) -> str:
    """A fixture in a line, and below it the first line of its docstring, or all of it."""
    where = "" if definition.place == BUILTIN else f"  {definition.where}"
    lines = _docstring(definition).splitlines()
    heading = f"{name}  [{', '.join(_traits(definition))}]{where}"
    return "\n".join((heading, *(indent(line) for line in (lines if verbose else lines[:1]))))


def _traits(definition: FixtureDef) -> Iterator[str]:
    yield definition.scope.label
    if definition.place == BUILTIN:
        yield "built in"
    if definition.kind.is_async:
        yield "async"
    if definition.autouse:
        yield "autouse"
    if definition.params is not None:
        yield count(len(definition.params), "param")


def _docstring(definition: FixtureDef) -> str:
    """The docstring of the function itself, whatever it is wrapped in."""
    import inspect
    from functools import partial

    func = inspect.unwrap(definition.func)  # which imports what implements a built-in fixture
    while isinstance(func, partial):
        func = inspect.unwrap(func.func)
    return inspect.getdoc(func) or "" if inspect.isroutine(func) else ""
