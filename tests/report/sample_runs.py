"""Runs made by hand, for the tests of the reporters: real exceptions from real files, in hand-built events."""

import runpy
from collections.abc import Iterator
from pathlib import Path

from rustest.model.events import (
    Event,
    FixtureSetUp,
    FixtureTornDown,
    Interrupted,
    ProblemFound,
    RunFinished,
    RunStarted,
    StopReason,
    TestFinished,
    TestStarted,
)
from rustest.model.failure import Failure, Frame, Phase, describe, problem
from rustest.model.item import Problem
from rustest.model.outcome import PASSED, Note, Outcome, Verdict
from rustest.model.scope import SESSION, Scope, ScopeInstance

CART = """\
def total(cart):
    return sum(line["price"] for line in cart)


def checkout(cart):
    try:
        return total(cart)
    except KeyError as error:
        raise ValueError("a line has no price") from error


def test_total():
    assert checkout([{"price": 2}]) == 3, "2 is not 3\\nthough it is near"


def test_no_price():
    checkout([{}])


def test_both():
    group = ExceptionGroup("unhandled errors in a TaskGroup", [ValueError("first"), OSError("second")])
    group.add_note("while closing the shop")
    raise group


def db():
    raise ConnectionError("refused")
"""


def raised(project: Path, function: str, phase: Phase = Phase.CALL, subject: str | None = None) -> Failure:
    """What that function of the sample file raises, as a record."""
    file = project / "shop" / "test_cart.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(CART)
    try:
        runpy.run_path(str(file))[function]()
    except Exception as error:
        assert error.__traceback__
        return describe(error.with_traceback(error.__traceback__.tb_next), phase, subject)
    raise AssertionError(f"{function} raised nothing")


def timed_out(project: Path) -> Failure:
    """What a timeout leaves."""
    frames = (Frame(str(project / "shop" / "test_cart.py"), 17, "test_slow"),)
    return Failure(Phase.CALL, "", "Test timed out after 0.3 seconds", frames)


CART_FILE = "shop/test_cart.py"


def begin(project: Path, total: int, deselected: int = 0) -> RunStarted:
    """The start of a run whose tests are all in the sample file."""
    return RunStarted(total, deselected, str(project), files={CART_FILE: total} if total else {})


def finished(name: str, outcome: Outcome = PASSED, at: float = 0.5, duration: float = 0.25) -> TestFinished:
    """A test of the sample file that has ended."""
    return TestFinished(f"shop/test_cart.py::{name}", outcome, at, duration)


def all_passed(project: Path) -> Iterator[Event]:
    """Nothing to complain of."""
    yield begin(project, 3)
    for name in ("test_a", "test_b", "TestC::test_d[1]"):
        yield TestStarted(f"shop/test_cart.py::{name}", 0.1)
        yield finished(name)
    yield RunFinished(0.75)


def of_everything(project: Path) -> Iterator[Event]:
    """One test at least of each verdict, and a file that cannot be imported."""
    setup = raised(project, "db", Phase.SETUP, "db")
    teardown = raised(project, "db", Phase.TEARDOWN, "db")
    yield begin(project, 13, 2)
    yield ProblemFound(
        Problem("shop/test_till.py", Failure(Phase.COLLECT, "ModuleNotFoundError", "No module named 'till'"))
    )
    yield finished("test_no_price", Outcome(Verdict.FAILED, failures=(raised(project, "test_no_price"), teardown)))
    yield finished("test_good")
    yield finished("test_total", Outcome(Verdict.FAILED, failures=(raised(project, "test_total"),)))
    yield finished("test_both", Outcome(Verdict.FAILED, failures=(raised(project, "test_both"),)))
    yield finished("test_uses_db", Outcome(Verdict.ERROR, failures=(setup,)), duration=0.0)
    yield finished(
        "test_slow", Outcome(Verdict.TIMED_OUT, failures=(timed_out(project),), notes=frozenset({Note.STUCK}))
    )
    yield finished("test_segfault", Outcome(Verdict.CRASHED, "the process died of SIGSEGV"))
    yield finished("test_windows", Outcome(Verdict.SKIPPED, "only on Windows"), duration=0.0)
    yield finished("test_windows_too", Outcome(Verdict.SKIPPED, "only on Windows"), duration=0.0)
    yield finished("test_known", Outcome(Verdict.XFAILED, "known bug", (raised(project, "test_total"),)))
    yield finished("test_mended", Outcome(Verdict.XPASSED, "known bug"))
    yield finished("test_neighbour", Outcome(Verdict.PASSED, notes=frozenset({Note.INTERFERED})))
    complaint = problem(Phase.PLAN, "fixture 'cart' is not known here; define it, or mend the name")
    yield finished("test_unknown_fixture", Outcome(Verdict.ERROR, failures=(complaint,)), duration=0.0)
    yield RunFinished(83.2)


def without_tests(project: Path) -> Iterator[Event]:
    """Nothing was found."""
    yield begin(project, 0)
    yield RunFinished(0.0)


def interrupted(project: Path) -> Iterator[Event]:
    """Ctrl-C while two tests were running."""
    yield begin(project, 4)
    yield finished("test_good")
    running = ("shop/test_cart.py::test_slow", "shop/test_cart.py::test_slower")
    yield Interrupted(StopReason.USER, running)
    for name in ("test_slow", "test_slower"):
        yield finished(name, Outcome(Verdict.NOT_RUN, "interrupted"))
    yield finished("test_later", Outcome(Verdict.NOT_RUN, "the run was interrupted before"), duration=0.0)
    yield RunFinished(1.5)


def with_fixtures(project: Path) -> Iterator[Event]:
    """Set-ups and teardowns of all scopes, those of two tests that overlap among them."""
    package, module = ScopeInstance(Scope.PACKAGE, "shop"), ScopeInstance(Scope.MODULE, "shop/test_cart.py")
    good, bad = (ScopeInstance(Scope.FUNCTION, f"shop/test_cart.py::test_{name}") for name in ("good", "uses_db"))
    yield begin(project, 2)
    yield FixtureSetUp("server", None, SESSION, False)
    yield FixtureSetUp("till", None, package, False)
    yield FixtureSetUp("currency", "EUR", module, False)
    yield FixtureSetUp("cart", "3", good, False)
    yield FixtureSetUp("cart", "3", bad, False)
    yield FixtureSetUp("db", None, bad, True)
    yield FixtureTornDown("cart", "3", good, False)
    yield finished("test_good")
    yield FixtureTornDown("cart", "3", bad, False)
    yield FixtureTornDown("currency", "EUR", module, True)
    yield FixtureTornDown("till", None, package, False)
    yield FixtureTornDown("server", None, SESSION, False)
    yield finished("test_uses_db", Outcome(Verdict.ERROR, failures=(raised(project, "db", Phase.SETUP, "db"),)))
    yield RunFinished(0.75)


def for_the_docs(project: Path) -> Iterator[Event]:
    """The run that docs/output.md shows."""
    stock = "shop/test_stock.py"
    yield RunStarted(145, 0, str(project), files={CART_FILE: 121, stock: 24})
    yield finished("test_no_price", Outcome(Verdict.FAILED, failures=(raised(project, "test_no_price"),)))
    failure = raised(project, "db", Phase.SETUP, "db")
    yield TestFinished(f"{stock}::test_count[in the shop]", Outcome(Verdict.ERROR, failures=(failure,)), 0.5, 0.01)
    for number in range(23):
        yield TestFinished(f"{stock}::test_good[{number}]", PASSED, 0.5, 0.1)
    for number in range(118):
        yield finished(f"test_good[{number}]", duration=0.1)
    for number in range(2):
        yield finished(f"test_windows[{number}]", Outcome(Verdict.SKIPPED, "only on Windows"), duration=0.0)
    yield RunFinished(1.23)
