"""`unittest.TestCase` classes: their tests, which unittest itself runs, and the fixture that sets a class up.

Nothing here imports unittest unless a test file did.
"""

import sys
from collections.abc import Callable
from functools import partial, wraps
from itertools import takewhile

from rustest.collect.case_result import run_case
from rustest.collect.errors import RefusedTestError
from rustest.collect.members import own_marks
from rustest.collect.parameters import origin_of
from rustest.collect.xunit import Around, Pair, Spot, define
from rustest.model.calls import CallKind, kind_of
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING, cast
from rustest.model.item import TestFunction
from rustest.model.marks import Mark
from rustest.model.scope import Scope

if TYPE_CHECKING:
    from unittest import TestCase

_AWAITING = frozenset({"run", "__call__", "_callTestMethod", "__getattribute__"})
"""What a class overrides that awaits its `async def` tests: IsolatedAsyncioTestCase, Django's."""


def as_case(cls: type) -> "type[TestCase] | None":
    """The class if it is a `unittest.TestCase`, whatever its name, and none of unittest's own."""
    if "unittest.case" not in sys.modules:
        return None
    from unittest import TestCase

    is_case = TestCase in cls.__mro__ and cls.__module__.partition(".")[0] != "unittest"
    return cast("type[TestCase]", cls) if is_case else None


def case_names(cls: "type[TestCase]") -> list[str]:
    """The names of its tests in unittest's order, which is sorted; `runTest` where there are no others."""
    from unittest import TestLoader

    names = [name for name in TestLoader().getTestCaseNames(cls) if getattr(getattr(cls, name), "__test__", True)]
    return names or ["runTest"] * callable(getattr(cls, "runTest", None))


def case_test(
    cls: "type[TestCase]", name: str, file: str, classes: tuple[str, ...], marks: tuple[Mark, ...]
) -> TestFunction:
    """The test of that name, whose class has these marks; raises CollectError where it, or a mark of its, cannot be."""
    method: Callable[..., object] = getattr(cls, name)
    origin = origin_of(method)
    return TestFunction(
        file=file,
        classes=classes,
        name=name,
        func=_case_body(cls, method),
        cls=cls,
        kind=CallKind.PLAIN,
        arguments=(),
        marks=_checked(skip_marks(method) + own_marks(method) + marks),
        line=origin.__code__.co_firstlineno if origin else 0,
        make_instance=partial(cls, name),
    )


def _case_body(cls: "type[TestCase]", method: Callable[..., object]) -> Callable[..., object]:
    """A function of the instance that has unittest run the test; raises RefusedTestError where it would not be run."""
    kind = kind_of(method)
    if kind is not CallKind.PLAIN and not _awaits(cls):
        if kind is not CallKind.COROUTINE:
            raise RefusedTestError("a test cannot yield: move what surrounds the yield to setUp and tearDown")
        raise RefusedTestError(
            "unittest never awaits this test: derive its class from unittest.IsolatedAsyncioTestCase"
        )

    @wraps(method)
    def run(case: "TestCase") -> None:
        run_case(case)

    return run


def skip_marks(decorated: object) -> tuple[Mark, ...]:
    """What `@unittest.skip` and its kin say, as the mark that rustest knows."""
    if not getattr(decorated, "__unittest_skip__", False):
        return ()
    return (Mark("skip", (), {"reason": str(getattr(decorated, "__unittest_skip_why__", ""))}),)


def _checked(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The same marks; raises RefusedTestError for one that unittest has no way to follow."""
    if any(mark.name == "parametrize" for mark in marks):
        raise RefusedTestError("unittest passes no arguments to a test, so it cannot be parametrized: use self.subTest")
    return marks


def set_up_class_fixture(cls: "type[TestCase]", spot: Spot, module_fixture: FixtureDef) -> FixtureDef:
    """The fixture that calls `setUpClass`, `tearDownClass` and the class's cleanups; the module's surrounds it."""
    pair = Pair(cls.setUpClass, cls.tearDownClass)
    if pair.kind.is_async:
        raise RefusedTestError("unittest never awaits setUpClass: write a class-scoped async fixture, or asyncSetUp")

    def set_up(**_: object) -> None:
        cls.setUpClass()

    def tear_down(**_: object) -> None:
        cls.tearDownClass()

    return define(
        pair, Around(set_up, tear_down, partial(_clean_up_class, cls)), Scope.CLASS, spot, (module_fixture.name,)
    )


def _awaits(cls: "type[TestCase]") -> bool:
    from unittest import TestCase

    return any(_AWAITING & vars(klass).keys() for klass in takewhile(lambda klass: klass is not TestCase, cls.__mro__))


def _clean_up_class(cls: "type[TestCase]") -> None:
    cls.doClassCleanups()
    failed = cast("list[tuple[object, Exception, object]]", getattr(cls, "tearDown_exceptions", []))
    errors = [exc for _, exc, _ in failed]
    if len(errors) > 1:
        raise ExceptionGroup("several class cleanups failed", errors)
    for error in errors:
        raise error
