"""What `--plan` prints, held against golden files (`UPDATE_GOLDEN=1` writes them anew)."""

import os
from pathlib import Path

import pytest

from rustest.model.calls import CallKind
from rustest.model.failure import Failure, Phase, problem
from rustest.model.ids import make_id
from rustest.model.item import Item, Problem, TestFunction
from rustest.model.outcome import ExpectedFailure, Verdict
from rustest.model.plan import Lane, LoopPlan, Plan, ProblemStep, RunStep, SkipStep, Step, Window
from rustest.model.scope import Scope, ScopeInstance
from rustest.report.listings.plan_listing import list_plan

GOLDEN = Path(__file__).parent / "golden"
MODULE = ScopeInstance(Scope.MODULE, "shop/test_db.py")


def item(file: str, name: str) -> Item:
    function = TestFunction(file, (), name, lambda: None, None, CallKind.COROUTINE, (), (), 1)
    return Item(make_id(file, (), name), function, None, ())


def plain(file: str, number: int) -> tuple[Step, ...]:
    steps = []
    for index in range(number):
        found = item(file, f"test_{index}")
        steps.append(RunStep(found, loop=LoopPlan(ScopeInstance(Scope.FUNCTION, found.id))))
    return tuple(steps)


def sample() -> Plan:
    shared = tuple(
        RunStep(item("shop/test_db.py", f"test_query[{case}]"), loop=LoopPlan(MODULE), timeout=5.0) for case in "abcde"
    )
    chain = (
        RunStep(item("shop/test_db.py", "test_connect"), loop=LoopPlan(MODULE, debug=True), keys=("db",)),
        RunStep(
            item("shop/test_db.py", "test_close"),
            loop=LoopPlan(MODULE),
            timeout=0.3,
            expected_failure=ExpectedFailure("known bug", None, False),
            after=("shop/test_db.py::test_connect", "shop/test_till.py::test_a"),
            reasons=("reads `db`, which test_connect stores",),
        ),
    )
    package = RunStep(item("shop/test_till.py", "test_a"), loop=LoopPlan(ScopeInstance(Scope.PACKAGE, "shop")))
    whole = (*plain("shop/test_cart.py", 40), *plain("shop/test_till.py", 2), package)
    sync = (
        *plain("shop/test_money.py", 12),
        SkipStep(item("shop/test_money.py", "test_windows"), Verdict.SKIPPED, "only on Windows"),
        SkipStep(item("shop/test_money.py", "test_bug"), Verdict.XFAILED, "known bug"),
        ProblemStep(
            item("shop/test_money.py", "test_typo"),
            problem(Phase.PLAN, "fixture 'cat' is not known; did you mean 'cart'?"),
        ),
    )
    alone = RunStep(
        item("shop/test_env.py", "test_path"), reasons=("uses monkeypatch", "writes os.environ in set_path, line 12")
    )
    missing = Problem("shop/test_bad.py", Failure(Phase.COLLECT, "ModuleNotFoundError", "No module named 'till'"))
    windows = (
        Window(Lane.OVERLAP, "the whole run", whole),
        Window(Lane.SYNC, "shop/test_money.py", sync),
        Window(Lane.SYNC, "shop/test_plain.py", plain("shop/test_plain.py", 20)),
        Window(Lane.OVERLAP, "shop/test_db.py", (*shared, *chain)),
        Window(Lane.ALONE, "shop/test_env.py", (alone,)),
    )
    return Plan(windows, (missing,), deselected=3)


@pytest.mark.parametrize("verbose", [False, True], ids=["normal", "verbose"])
def test_the_listing_is_as_in_the_golden_file(verbose: bool) -> None:
    output = "\n".join(list_plan(sample(), verbose=verbose)) + "\n"
    golden = GOLDEN / f"plan_{'verbose' if verbose else 'normal'}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(output)
    assert output == golden.read_text()


def test_a_verbose_listing_names_every_test() -> None:
    output = "\n".join(list_plan(sample(), verbose=True))
    names = [step.item.function.name for window in sample().windows for step in window.steps]
    assert all(f"{name}\n" in output or f"{name}  [" in output for name in names)


def test_two_thousand_plain_tests_of_a_hundred_files_are_a_line_a_file() -> None:
    steps = tuple(step for number in range(100) for step in plain(f"test_{number}.py", 20))
    assert len(list(list_plan(Plan((Window(Lane.OVERLAP, "the whole run", steps),))))) == 103


def test_an_empty_plan_says_so() -> None:
    assert list(list_plan(Plan(()))) == ["0 tests in 0 windows"]


def test_a_reason_of_several_lines_stands_below_its_first() -> None:
    step = ProblemStep(item("a.py", "test_x"), problem(Phase.PLAN, "asks for `usr`\ndid you mean `user`?"))
    text = "\n".join(list_plan(Plan((Window(Lane.SYNC, "a.py", (step,)),))))
    assert "\n     - asks for `usr`\n       did you mean `user`?\n" in text
