"""From a test function to the tests to run: one, or one for each case of its `parametrize` marks."""

from collections.abc import Iterable, Sequence
from functools import reduce

from rustest.collect.errors import CollectError, problem_of
from rustest.collect.parameters import origin_of
from rustest.model.choices import EmptyParameters
from rustest.model.fixtures import ANYIO_BACKEND, FixtureDef, FixtureParam
from rustest.model.hints import cast
from rustest.model.hooks import Hooks, NameValue
from rustest.model.ids import join_ids, make_id, tell_apart
from rustest.model.item import NO_PARAMS, Case, Item, Problem, TestFunction
from rustest.model.marks import CaseIds, Mark, ParameterSet
from rustest.model.record import NamedTuple, record_of


class Expanded(NamedTuple):
    """What comes of the test functions of one file."""

    items: list[Item]
    problems: list[Problem]


def expand(
    functions: Iterable[TestFunction | Problem], visible: Iterable[FixtureDef], empty: EmptyParameters, hooks: Hooks
) -> Expanded:
    """The tests that functions make, and what is wrong with the `parametrize` marks of others.

    `visible` are the fixtures of their file and of the conftests above; a mark may name an argument of one of them.
    """
    items: list[Item] = []
    problems: list[Problem] = []
    for function in functions:
        if isinstance(function, Problem):
            problems.append(function)
            continue
        node_id, marks = make_id(function.file, function.classes, function.name), function.marks
        if not marks or not (parametrized := [mark for mark in marks if mark.name == "parametrize"]):
            items.append(record_of(Item, (node_id, function, None, marks)))
            continue
        try:
            cases = _multiply(parametrized, empty, hooks.name_value)
            _check_arguments(function, cases[0], visible)
            items += [
                record_of(Item, (_case_id(node_id, case.id), function, case, case.marks + marks)) for case in cases
            ]
        except CollectError as error:
            problems.append(problem_of(error, node_id, origin_of(function.func)))
    return Expanded(items, problems)


def _case_id(node_id: str, name: str | None) -> str:
    return node_id if name is None else f"{node_id}[{name}]"


def _multiply(marks: Sequence[Mark], empty: EmptyParameters, name_value: NameValue | None) -> list[Case]:
    """As in pytest: the decorator nearest to the function comes first in the ids and changes slowest."""
    cases = reduce(_combine, (_read_cases(mark, empty, name_value) for mark in marks))
    if len(marks) == 1:
        return cases
    ids = tell_apart([case.id for case in cases])  # different decorators' ids may join to the same text
    return [case if case.id == name else case._replace(id=name) for case, name in zip(cases, ids, strict=True)]


def _read_cases(mark: Mark, empty: EmptyParameters, name_value: NameValue | None) -> list[Case]:
    """The cases of one mark, which `parametrize` has checked when it was written."""
    from rustest.collect.case_ids import name_cases, stand_in

    names, sets = cast("tuple[tuple[str, ...], tuple[ParameterSet, ...]]", mark.args)
    indirect = cast("tuple[str, ...]", mark.kwargs.get("indirect", ()))
    if not sets:
        sets = (stand_in(names, empty),)
    ids = name_cases(names, sets, cast("CaseIds", mark.kwargs.get("ids")), name_value)
    cases = [
        record_of(Case, (name, names, values, NO_PARAMS, own_marks, NO_PARAMS))
        for name, (values, _, own_marks) in zip(ids, sets, strict=True)
    ]
    if indirect:
        cases = [_send(case, number, indirect) for number, case in enumerate(cases)]
    return [*map(_widen, cases, range(len(cases)))] if mark.kwargs.get("scope") else cases


def _send(case: Case, number: int, indirect: tuple[str, ...]) -> Case:
    """The case, whose values of those names go to fixtures."""
    direct = {name: value for name, value in case.direct().items() if name not in indirect}
    params = {name: FixtureParam(number, value, case.id) for name, value in case.direct().items() if name in indirect}
    return Case(case.id, (*direct,), (*direct.values(),), params, case.marks)


def _widen(case: Case, number: int) -> Case:
    return case._replace(wide={name: FixtureParam(number, value) for name, value in case.direct().items()})


def _combine(outer: list[Case], inner: list[Case]) -> list[Case]:
    for name in _names(inner[0]):
        if name in _names(outer[0]):
            raise CollectError(
                f"{name!r} is parametrized twice: merge the two parametrize marks or rename one argument"
            )
    return [
        Case(
            join_ids(a.id, b.id),
            a.names + b.names,
            a.values + b.values,
            {**a.indirect, **b.indirect},
            a.marks + b.marks,
            {**a.wide, **b.wide} if a.wide or b.wide else NO_PARAMS,
        )
        for a in outer
        for b in inner
    ]


def _names(case: Case) -> list[str]:
    return [*case.names, *case.indirect]


def _check_arguments(function: TestFunction, case: Case, visible: Iterable[FixtureDef]) -> None:
    """Raise CollectError for a parametrized name that neither the test nor a fixture that it uses asks for."""
    if "request" in _names(case):
        raise CollectError("'request' is what fixtures are asked with and cannot be parametrized: rename the argument")
    if missing := [name for name in _names(case) if name not in function.arguments]:
        from rustest.collect.closure import closure_of

        later = (ANYIO_BACKEND,) if function.kind.is_async else ()  # which marks and settings may give it yet
        known = closure_of(function, visible, *later)
        for name in missing:
            if name not in known:
                raise CollectError(_explain_missing(function, name, name in case.indirect))


def _explain_missing(function: TestFunction, name: str, indirect: bool) -> str:
    origin = origin_of(function.func)
    code = origin.__code__ if origin else None
    if code and name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        return f"argument {name!r} is parametrized and has a default value: remove the default"
    if indirect:
        return f"parametrize sends values to the fixture {name!r}, which the test does not use: add the argument"
    taken = ", ".join(function.arguments) or "none"
    return f"parametrize names {name!r}, which the test does not take (its arguments: {taken}): add it or remove it"
