"""Set-up and teardown of fixtures have the test's limit, each on a clock of its own."""

import pytest
from project_runs import record

from rustest.model.failure import Phase
from rustest.model.outcome import Verdict

HANGS = {"waits": "await asyncio.sleep(1000)", "blocks": "time.sleep(1000)", "spins": "while True: pass"}


def fixture_source(kind: str, scope: str, before: str = "pass", after: str = "pass") -> str:
    return f"""
        import asyncio, time
        from happened import note
        from rustest import fixture, mark

        @fixture(scope={scope!r})
        {kind} x():
            note("set up")
            {before}
            try:
                yield 1
                {after}
            finally:
                note("torn down")

        @fixture(scope={scope!r})
        def base():
            yield
            note("base torn down")
    """


CASES = [
    ("function", "def", "blocks", "async def"),
    ("module", "def", "spins", "async def"),
    *(("function", "async def", hang, "async def") for hang in HANGS),
    ("module", "async def", "waits", "async def"),
    ("module", "async def", "blocks", "async def"),
    ("function", "def", "blocks", "def"),
    ("session", "async def", "waits", "def"),
]


@pytest.mark.parametrize(("scope", "kind", "hang", "test"), CASES)
def test_a_set_up_that_hangs_is_an_error_with_the_fixtures_name(tmp_path, scope, kind, hang, test):
    source = (
        fixture_source(kind, scope, before=HANGS[hang])
        + f"""
        @mark.timeout(0.2)
        {test} test_it(base, x): note("called")

        async def test_beside():
            await asyncio.sleep(0.1)
    """
    )
    run = record(tmp_path, source, timeout_grace=0.3)
    failure = run.failure("test_it")
    assert run.verdicts() == {"test_it": "error", "test_beside": "passed"}
    assert (failure.message, failure.phase, failure.subject) == (
        "Fixture 'x' set-up timed out after 0.2 seconds",
        Phase.SETUP,
        "x",
    )
    assert [frame.function for frame in failure.frames] == ["x"]
    assert run.log == ["set up", "base torn down"]


@pytest.mark.parametrize(("scope", "kind", "hang", "test"), CASES)
def test_a_teardown_that_hangs_is_an_error_with_the_fixtures_name(tmp_path, scope, kind, hang, test):
    source = (
        fixture_source(kind, scope, after=HANGS[hang])
        + f"""
        @mark.timeout(0.2)
        {test} test_it(base, x): note("called")

        async def test_beside():
            await asyncio.sleep(0.1)
    """
    )
    run = record(tmp_path, source, timeout_grace=0.3)
    failure = run.failure("test_it")
    assert run.verdicts() == {"test_it": "error", "test_beside": "passed"}
    assert (failure.message, failure.phase, failure.subject) == (
        "Fixture 'x' teardown timed out after 0.2 seconds",
        Phase.TEARDOWN,
        "x",
    )
    assert [frame.function for frame in failure.frames] == ["x"]
    assert run.log == ["set up", "called", "torn down", "base torn down"]


@pytest.mark.parametrize(("kind", "scope"), [("def", "module"), ("async def", "function")])
def test_each_phase_has_a_clock_of_its_own(tmp_path, kind, scope):
    wait = "time.sleep(0.2)" if kind == "def" else "await asyncio.sleep(0.2)"
    source = (
        fixture_source(kind, scope, before=wait, after=wait)
        + """
        @mark.timeout(0.4)
        async def test_it(x):
            await asyncio.sleep(0.2)

        @mark.timeout(0.4)
        def test_sync(x):
            time.sleep(0.2)
    """
    )
    assert set(record(tmp_path, source).verdicts().values()) == {"passed"}


def test_a_body_and_a_teardown_that_both_hang_are_both_told(tmp_path):
    source = (
        fixture_source("async def", "function", after=HANGS["waits"])
        + """
        @mark.timeout(0.2)
        async def test_it(x):
            await asyncio.sleep(1000)
    """
    )
    run = record(tmp_path, source)
    assert run.outcome("test_it").verdict is Verdict.TIMED_OUT
    assert [failure.message for failure in run.outcome("test_it").failures] == [
        "Test timed out after 0.2 seconds",
        "Fixture 'x' teardown timed out after 0.2 seconds",
    ]


def test_all_who_wait_for_a_shared_set_up_hear_that_it_timed_out_and_it_is_tried_once(tmp_path):
    source = (
        fixture_source("async def", "session", before=HANGS["waits"])
        + """
        from rustest import parametrize
        @parametrize("number", range(5))
        @mark.timeout(0.2)
        async def test_it(x, number): note("called")
    """
    )
    run = record(tmp_path, source)
    assert set(run.verdicts().values()) == {"error"}
    assert {one.outcome.failures[0].message for one in run.report.finished.values()} == {
        "Fixture 'x' set-up timed out after 0.2 seconds"
    }
    assert run.log == ["set up"]


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    ("scope", "way"),
    [
        ("function", "await asyncio.sleep(0.01)"),
        ("module", "await asyncio.sleep(0.01)"),
        ("function", "time.sleep(0.01)"),
    ],
)
def test_a_fixture_that_swallows_every_cancellation_does_not_hold_up_the_run(tmp_path, phase, scope, way):
    swallow = f"""
            while True:
                try:
                    {way}
                    await asyncio.sleep(0)
                except asyncio.CancelledError:
                    pass"""
    hang = swallow if phase == "before" else swallow.replace("\n            ", "\n                ")
    source = (
        fixture_source("async def", scope, **{phase: hang.lstrip()})
        + """
        @mark.timeout(0.2)
        async def test_it(base, x): note("called")

        async def test_beside():
            await asyncio.sleep(0.1)
    """
    )
    run = record(tmp_path, source, timeout_grace=0.1)
    what = "set-up" if phase == "before" else "teardown"
    assert run.verdicts() == {"test_it": "error", "test_beside": "passed"}
    assert run.failure("test_it").message == f"Fixture 'x' {what} timed out after 0.2 seconds"
    assert run.log[-1] == "base torn down"


def test_a_task_that_a_shared_fixture_has_left_running_cannot_hold_the_thread_for_ever(tmp_path):
    """Its time counts for no test's clock, so no test's limit would end it."""
    source = """
        import asyncio, time
        from rustest import fixture, mark
        pytestmark = mark.timeout(0.5)

        @fixture(scope="module")
        async def server():
            async def serve():
                await asyncio.sleep(0.1)
                time.sleep(1000)
            task = asyncio.create_task(serve())
            yield task

        async def test_it(server):
            await asyncio.wait([server])
    """
    assert record(tmp_path, source).verdicts() == {"test_it": "passed"}


def test_what_a_test_leaves_behind_cannot_hold_the_thread_for_ever_when_its_loop_is_closed(tmp_path):
    source = """
        import asyncio, time
        from happened import note
        from rustest import mark

        @mark.timeout(0.3)
        async def test_it():
            async def linger():
                try:
                    await asyncio.sleep(1000)
                finally:
                    note("cancelled")
                    time.sleep(1000)
            asyncio.get_running_loop().lingering = asyncio.create_task(linger())
            await asyncio.sleep(0)

        async def test_beside():
            await asyncio.sleep(0.1)
    """
    run = record(tmp_path, source)
    assert run.log == ["cancelled"]
    assert run.verdicts()["test_beside"] == "passed"
