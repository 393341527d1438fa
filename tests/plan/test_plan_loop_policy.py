"""`event_loop_policy`: the nearest one of a test says what kind of loop it runs on."""

import asyncio

from rustest.model.outcome import Verdict
from rustest.testing import plan_project, run_project

LOOPS = """
import asyncio

class Loop(asyncio.SelectorEventLoop):
    pass

class Policy(asyncio.DefaultEventLoopPolicy):
    made = 0
    def __init__(self):
        super().__init__()
        Policy.made += 1
    def new_event_loop(self):
        return Loop()
"""
CONFTEST = """
from loops import Policy
from rustest import fixture

@fixture(scope="session")
def event_loop_policy(): return Policy()
"""


def test_tests_run_on_loops_of_the_policy_which_is_asked_for_once(tmp_path):
    source = """
    import asyncio
    from loops import Loop, Policy
    from rustest import fixture, mark

    @fixture
    async def server(): return asyncio.get_running_loop()

    async def test_own(server):
        assert type(asyncio.get_running_loop()) is Loop and server is asyncio.get_running_loop()
        await asyncio.sleep(0.01)
        assert Policy.made == 1

    @mark.asyncio(loop_scope="module")
    async def test_shared(): assert type(asyncio.get_running_loop()) is Loop and Policy.made == 1

    @mark.asyncio(loop_factory=asyncio.SelectorEventLoop)
    async def test_mark_wins(): assert type(asyncio.get_running_loop()) is asyncio.SelectorEventLoop
    """
    report = run_project(tmp_path, {"loops.py": LOOPS, "conftest.py": CONFTEST, "test_it.py": source})
    assert [one.outcome.failures for one in report.finished.values()] == [()] * 3


def test_only_what_is_below_the_policy_uses_it(tmp_path):
    source = """
    import asyncio
    async def test_it(): assert type(asyncio.get_running_loop()).__module__ {} "loops"
    """
    files = {"loops.py": LOOPS, "a/conftest.py": CONFTEST, "pyproject.toml": "[tool.rustest]\npythonpath = ['.']\n"}
    files |= {"a/test_a.py": source.format("=="), "b/test_b.py": source.format("!=")}
    report = run_project(tmp_path, files)
    assert set(report.ids(Verdict.PASSED)) == {"a/test_a.py::test_it", "b/test_b.py::test_it"}


def test_tests_run_once_for_each_param_of_the_policy(tmp_path):
    source = """
    import asyncio
    from loops import Loop, Policy
    from rustest import fixture, parametrize

    @fixture(params=[Policy(), asyncio.DefaultEventLoopPolicy()], ids=["ours", "default"])
    def event_loop_policy(request): return request.param

    @parametrize("case", [1, 2])
    async def test_it(case): assert type(asyncio.get_running_loop()) is not Loop

    def test_sync(): pass
    """
    report = run_project(tmp_path, {"loops.py": LOOPS, "test_it.py": source})
    assert sorted(report.ids(Verdict.FAILED)) == ["test_it.py::test_it[ours-1]", "test_it.py::test_it[ours-2]"]
    passed = ["test_it.py::test_it[default-1]", "test_it.py::test_it[default-2]", "test_it.py::test_sync"]
    assert sorted(report.ids(Verdict.PASSED)) == passed


def test_a_policy_that_cannot_be_had_before_the_test_is_a_problem_with_its_place(tmp_path):
    source = """
    from rustest import fixture
    @fixture
    def event_loop_policy(): yield 1
    async def test_it(): pass
    """
    report = run_project(tmp_path, {"test_it.py": source})
    [failure] = report.outcome("test_it.py::test_it").failures
    assert "event_loop_policy (test_it.py:3)" in failure.message


def test_what_is_no_policy_is_an_error_of_the_test(tmp_path):
    source = """
    from rustest import fixture
    @fixture
    def event_loop_policy(): return 1
    async def test_it(): pass
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.ids(Verdict.ERROR) == ("test_it.py::test_it",)
    assert "must return an event loop policy" in report.outcome("test_it.py::test_it").failures[0].message


def test_a_policy_is_in_force_for_its_tests_and_their_sync_fixtures_alone(tmp_path):
    source = """
    import asyncio
    from loops import Policy
    from rustest import fixture, mark

    class Own(Policy): pass

    @fixture(scope="module")
    def event_loop_policy(): return Own()

    @fixture
    def asked(): return type(asyncio.get_event_loop_policy()), asyncio.get_event_loop()

    async def test_own(asked):
        await asyncio.sleep(0.01)
        loop = asyncio.get_running_loop()
        assert asked == (Own, loop) and type(asyncio.get_event_loop_policy()) is Own
        assert asyncio.get_event_loop_policy().get_event_loop() is loop

    @mark.asyncio(loop_scope="module")
    async def test_shared():
        await asyncio.sleep(0.01)
        assert type(asyncio.get_event_loop_policy()) is Own

    @mark.asyncio(loop_scope="module")
    async def test_beside_it(): assert type(asyncio.get_event_loop_policy()) is Own

    def test_sync(): assert type(asyncio.get_event_loop_policy()) is asyncio.DefaultEventLoopPolicy
    """
    other = """
    import asyncio
    async def test_other():
        await asyncio.sleep(0.01)
        assert type(asyncio.get_event_loop_policy()) is asyncio.DefaultEventLoopPolicy
    """
    before = asyncio.get_event_loop_policy()
    files = {"loops.py": LOOPS, "test_a.py": source, "test_b.py": source, "test_c.py": other}
    report = run_project(tmp_path, files)
    assert [one.outcome.failures for one in report.finished.values()] == [()] * 9
    assert asyncio.get_event_loop_policy() is before


def test_a_test_with_a_policy_runs_alone_and_says_why(tmp_path):
    plan = plan_project(
        tmp_path, {"loops.py": LOOPS, "conftest.py": CONFTEST, "test_it.py": "async def test_it(): ..."}
    )
    assert [step.reasons for step in plan.runs()] == [("alone: its event_loop_policy makes its loop",)]
