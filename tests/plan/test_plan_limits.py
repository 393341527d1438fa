"""How long tests may take, and which do not run at all."""

import math

import pytest

from rustest.model.calls import CallKind
from rustest.model.item import Collection, Item, TestFunction
from rustest.model.outcome import ExpectedFailure, Verdict
from rustest.model.plan import ProblemStep
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan


def test_the_setting_is_the_default(project):
    planned = project.plan(
        """
        def test_sync(): ...
        async def test_async(): ...
    """,
        timeout=9.0,
    )
    assert planned.run("test_sync").timeout == planned.run("test_async").timeout == 9.0


def test_without_any_there_is_no_limit(project):
    assert project.plan("def test_it(): ...").run("test_it").timeout is None


def test_asyncio_wins_over_timeout_and_each_mark_over_those_further_out(project):
    planned = project.plan(
        """
        from rustest import mark
        pytestmark = mark.timeout(1)

        @mark.timeout(2)
        class TestIt:
            def test_class(self): ...
            @mark.timeout(3)
            def test_own(self): ...
            @mark.timeout(3)
            @mark.asyncio(timeout=4)
            async def test_asyncio(self): ...
            @mark.asyncio(timeout=4)
            def test_sync(self): ...

        def test_module(): ...

        @mark.asyncio(timeout=5)
        class TestAsync:
            @mark.timeout(3)
            async def test_outer_asyncio(self): ...
    """,
        timeout=9.0,
    )
    limits = {"test_class": 2, "test_own": 3, "test_asyncio": 4, "test_sync": 2, "test_module": 1}
    assert {name: planned.run(name).timeout for name in limits} == limits
    assert planned.run("test_outer_asyncio").timeout == 5


@pytest.mark.parametrize("value", [0, -1.0, math.nan, math.inf, "3", None, True])
def test_a_limit_that_makes_no_sense_is_a_problem(project, value):
    written = f"float('{value}')" if isinstance(value, float) else repr(value)
    planned = project.plan(f"""
        from rustest.model.marks import Mark

        class TestMark:
            pytestmark = [Mark("timeout", ({written},))]
            def test_mark(self): ...
        class TestOther:
            def test_right(self): ...
    """)
    assert "timeout" in planned.problem("test_mark")
    assert planned.run("test_right")


@pytest.mark.parametrize("kind", [CallKind.GENERATOR, CallKind.ASYNC_GENERATOR])
def test_a_test_must_not_yield(kind):
    function = TestFunction("test_it.py", (), "test_it", lambda: None, None, kind, (), (), 1)
    plan = make_plan(Collection((Item("test_it.py::test_it", function, None, ()),), ()), Settings())
    (step,) = plan.windows[0].steps
    assert isinstance(step, ProblemStep)
    assert "a test must not yield" in step.failure.message


SKIPS = """
    import sys
    from rustest import mark, param, parametrize

    WANTED = True

    @mark.skip
    def test_bare(): ...
    @mark.skip("broken")
    def test_reason(): ...
    @mark.skip(reason="broken")
    async def test_keyword(): ...
    @mark.skipif(True, reason="true")
    def test_if(): ...
    @mark.skipif(False, reason="false")
    def test_if_not(): ...
    @mark.skipif("WANTED and sys.version_info > (3,) and os.sep and platform.system()")
    def test_if_string(): ...
    @mark.skipif("not WANTED", reason="unwanted")
    def test_if_not_string(): ...
    @mark.skipif(True, reason="outer")
    class TestIt:
        @mark.skipif(False, reason="inner")
        def test_in_class(self): ...
    @parametrize("n", [1, param(2, marks=mark.skip("two"))])
    def test_case(n): ...
    @mark.skip("first")
    def test_unknown_fixture(nothing): ...
"""


def test_skips_are_known_before_running(project):
    planned = project.plan(SKIPS)
    reasons = {
        "test_bare": "unconditional skip",
        "test_reason": "broken",
        "test_keyword": "broken",
        "test_if": "true",
        "test_if_string": "condition: WANTED and sys.version_info > (3,) and os.sep and platform.system()",
        "test_in_class": "outer",
        "test_case[2]": "two",
        "test_unknown_fixture": "first",
    }
    assert {name: planned.skip(name).reason for name in reasons} == reasons
    assert planned.skip("test_if").verdict is Verdict.SKIPPED
    for name in ("test_if_not", "test_if_not_string", "test_case[1]"):
        assert planned.run(name)


def test_a_condition_that_cannot_be_evaluated_is_a_problem(project):
    planned = project.plan("""
        from rustest import mark
        from rustest.model.marks import Mark

        @mark.skipif("undefined_name")
        def test_name(): ...
        @mark.xfail("1 +")
        def test_syntax(): ...
        class TestIt:
            pytestmark = [Mark("skipif", (False,))]
            def test_no_reason(self): ...
        class TestXfail:
            pytestmark = [Mark("xfail", (True,))]
            def test_xfail_no_reason(self): ...
    """)
    assert "cannot evaluate the condition 'undefined_name' of mark.skipif: NameError" in planned.problem("test_name")
    assert "SyntaxError" in planned.problem("test_syntax")
    assert "mark.skipif needs a reason" in planned.problem("test_no_reason")
    assert "mark.xfail needs a reason" in planned.problem("test_xfail_no_reason")


def test_xfail_marks_become_expected_failures_of_the_step(project):
    planned = project.plan("""
        from rustest import mark

        @mark.xfail
        def test_bare(): ...
        @mark.xfail(reason="why", raises=ValueError, strict=True)
        def test_full(): ...
        @mark.xfail(raises=(ValueError, KeyError))
        async def test_several(): ...
        @mark.xfail(False, reason="never")
        def test_not(): ...
        @mark.xfail("True", reason="string")
        def test_string(): ...
        def test_plain(): ...
    """)
    assert planned.run("test_bare").expected_failure == ExpectedFailure("", None, False)
    assert planned.run("test_full").expected_failure == ExpectedFailure("why", (ValueError,), True)
    assert planned.run("test_several").expected_failure == ExpectedFailure("", (ValueError, KeyError), False)
    assert planned.run("test_string").expected_failure == ExpectedFailure("string", None, False)
    assert planned.run("test_not").expected_failure is None
    assert planned.run("test_plain").expected_failure is None


def test_the_setting_makes_expected_failures_strict(project):
    planned = project.plan(
        """
        from rustest import mark

        @mark.xfail
        def test_default(): ...
        @mark.xfail(strict=False)
        def test_said(): ...
    """,
        xfail_strict=True,
    )
    assert [planned.run(name).expected_failure.strict for name in ("test_default", "test_said")] == [True, False]


def test_an_expected_failure_that_is_not_to_be_run_is_known_before_running(project):
    step = project.plan("""
        from rustest import mark

        @mark.xfail(reason="crashes", run=False)
        async def test_it(): ...
    """).skip("test_it")
    assert (step.verdict, step.reason) == (Verdict.XFAILED, "[NOTRUN] crashes")


def test_raises_takes_exception_types_only(project):
    planned = project.plan("""
        from rustest.model.marks import Mark

        class TestIt:
            pytestmark = [Mark("xfail", (), {"raises": "ValueError"})]
            def test_it(self): ...
    """)
    assert "takes exception types, not 'ValueError'" in planned.problem("test_it")
