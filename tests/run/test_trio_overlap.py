"""Runs of trio in one thread: they take turns, and none leaves anything to another."""

import pytest
from process_runs import run_command

from rustest.model.outcome import Verdict
from rustest.testing import run_project

MEETING = """
_HERE = set()

async def meet(name, sleep, of=2):
    _HERE.add(name)
    while len(_HERE) < of:
        await sleep(0.001)
"""
"""Where tests wait for each other; in a module of its own, so that the plan sees no state that they hand on."""


def test_tests_on_trio_overlap_with_each_other_and_with_those_on_asyncio(tmp_path):
    source = """
    import asyncio, trio
    from meeting import meet
    from rustest import mark, parametrize

    @mark.trio
    @parametrize("name", ["first", "second"])
    async def test_on_trio(name): await meet(name, trio.sleep, of=3)

    async def test_on_asyncio(): await meet("third", asyncio.sleep, of=3)
    """
    report = run_project(tmp_path, {"test_it.py": source, "meeting.py": MEETING}, timeout=30)
    assert len(report.ids(Verdict.PASSED)) == 3


def test_users_of_one_fixture_overlap_in_its_run_and_each_is_charged_with_its_own_steps(tmp_path):
    source = """
    import time, trio
    from meeting import meet
    from rustest import fixture, mark

    @fixture(scope="module")
    async def token():
        yield trio.lowlevel.current_trio_token()

    @mark.trio
    @mark.timeout(0.5)
    async def test_waits(token):
        await meet("waits", trio.sleep)
        assert trio.lowlevel.current_trio_token() is token
        await trio.sleep(0.2)

    @mark.trio
    @mark.timeout(0.6)
    async def test_blocks(token):
        await meet("blocks", trio.sleep)
        assert trio.lowlevel.current_trio_token() is token
        time.sleep(60)
    """
    report = run_project(tmp_path, {"test_it.py": source, "meeting.py": MEETING})
    assert report.ids(Verdict.TIMED_OUT) == ("test_it.py::test_blocks",)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_waits",)


@pytest.mark.parametrize("scope", ["function", "module"])
def test_a_change_of_the_process_that_a_step_leaves_is_filed_with_its_test(tmp_path, scope):
    source = f"""
    import trio
    from rustest import fixture, mark

    @fixture(scope="{scope}")
    async def anything(): return 1

    @mark.trio
    async def test_changes(anything):
        await trio.sleep(0.01)
        exec("import sys; sys.path.append('left by a step')")  # which no plan can see
        await trio.sleep(0.01)

    @mark.trio
    async def test_does_nothing(anything):
        await trio.sleep(0.05)
    """
    report = run_project(tmp_path, {"test_it.py": source}, strict={"shared_change": "error"}, max_reruns=0)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_does_nothing",)
    assert "changed the length of sys.path" in str(report.finished["test_it.py::test_changes"].outcome.failures)


def test_an_async_generator_that_a_test_lets_go_is_closed_in_its_own_run(tmp_path):
    source = """
    import gc, trio
    from meeting import meet
    from rustest import mark, parametrize

    @mark.trio
    @parametrize("name", ["first", "second"])
    async def test_it(name):
        closed_in = []

        async def numbers():
            try:
                yield 1
            finally:
                closed_in.append(trio.lowlevel.current_trio_token())

        await meet(name, trio.sleep)
        async for _ in numbers():
            break
        gc.collect()
        while not closed_in:
            await trio.sleep(0.001)
        assert closed_in == [trio.lowlevel.current_trio_token()]
    """
    report = run_project(tmp_path, {"test_it.py": source, "meeting.py": MEETING}, timeout=30)
    assert len(report.ids(Verdict.PASSED)) == 2


def test_a_sync_fixture_may_run_trio_itself_while_runs_go_on(tmp_path):
    source = """
    import trio
    from meeting import meet
    from rustest import fixture, mark

    @fixture
    def counted():
        async def count():
            await trio.sleep(0)
            return 1
        return trio.run(count)

    @mark.trio
    async def test_goes_on(): await meet("goes on", trio.sleep)

    @mark.trio
    async def test_with_fixture(counted):
        await meet("with fixture", trio.sleep)
        assert counted == 1
    """
    (tmp_path / "meeting.py").write_text(MEETING)
    ended = run_command(tmp_path, source, "--timeout=30", "-W", "error")
    assert ended.junit() == {"test_goes_on": "passed", "test_with_fixture": "passed"}


COUNTING = """
import trio
from meeting import meet
from rustest import mark, parametrize

@mark.trio
@parametrize("number", range(20))
async def test_it(number):
    await meet(number, trio.sleep, of=20)
    await trio.sleep(0.05)
    counted = {}
    exec("import threading; threads = threading.active_count()", counted)  # by which the plan would put it alone
    assert counted["threads"] COMPARED
"""


def test_runs_that_wait_need_no_threads(tmp_path):
    files = {"test_it.py": COUNTING.replace("COMPARED", "< 10"), "meeting.py": MEETING}
    assert len(run_project(tmp_path, files, timeout=20).ids(Verdict.PASSED)) == 20


def test_where_a_version_of_trio_keeps_its_selector_elsewhere_threads_wait(tmp_path):
    conftest = """
    import trio._core._run

    class Elsewhere:
        def __init__(self):
            self.manager = made()

        def __getattr__(self, name):
            if name in ("_epoll", "_kqueue"):
                raise AttributeError(name)
            return getattr(self.manager, name)

    made, trio._core._run.TheIOManager = trio._core._run.TheIOManager, Elsewhere
    """
    files = {"conftest.py": conftest, "test_it.py": COUNTING.replace("COMPARED", ">= 20"), "meeting.py": MEETING}
    (tmp_path / "project").mkdir()
    assert run_command(tmp_path / "project", files, "--timeout=20").status == 0


@pytest.mark.parametrize("on", ["@mark.trio", "@mark.asyncio(loop_factory=uvloop.new_event_loop)"])
def test_no_more_tests_are_in_flight_than_descriptors_may_be_open(tmp_path, on):
    pytest.importorskip("resource", reason="there are no such limits here")
    pytest.importorskip("uvloop", reason="uvloop does not exist for this platform")
    source = f"""
    import anyio, resource, uvloop
    from rustest import mark, parametrize

    resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    {on}
    @parametrize("number", range(150))
    async def test_it(number): await anyio.sleep(0.05)
    """
    (tmp_path / "project").mkdir()
    ended = run_command(tmp_path / "project", source)
    assert "150 passed" in ended.out


def test_what_tasks_and_callbacks_of_the_system_print_goes_with_the_test_that_has_asked_for_them(tmp_path):
    source = """
    import trio
    from meeting import meet
    from rustest import mark, parametrize

    @mark.trio
    @parametrize("name", ["first", "second"])
    async def test_it(name):
        async def say(): print(f"task of {name}")

        await meet(name, trio.sleep)
        trio.lowlevel.spawn_system_task(say)
        trio.lowlevel.current_trio_token().run_sync_soon(print, f"callback of {name}")
        await trio.sleep(0.01)
        assert False
    """
    report = run_project(tmp_path, {"test_it.py": source, "meeting.py": MEETING}, timeout=30, max_reruns=0)
    for name in ("first", "second"):
        said = "".join(piece.text for piece in report.finished[f"test_it.py::test_it[{name}]"].output)
        assert sorted(said.splitlines()) == [f"callback of {name}", f"task of {name}"]


@pytest.mark.parametrize("scope", ["function", "module"])
def test_a_sync_fixture_that_comes_after_an_async_one_may_start_tasks_in_the_run(tmp_path, scope):
    source = f"""
    import trio
    from meeting import meet
    from rustest import fixture, mark, parametrize

    @fixture(scope="{scope}")
    async def tasks():
        async with trio.open_nursery() as nursery:
            yield nursery
            nursery.cancel_scope.cancel()

    @fixture
    def started(tasks):
        began = trio.Event()

        async def begin():
            began.set()
            await trio.sleep_forever()

        tasks.start_soon(begin)
        yield began, trio.lowlevel.current_trio_token()
        tasks.start_soon(begin)

    @mark.trio
    @parametrize("name", ["first", "second"])
    async def test_it(name, started):
        await meet(name, trio.sleep)
        began, token = started
        await began.wait()
        assert trio.lowlevel.current_trio_token() is token
    """
    report = run_project(tmp_path, {"test_it.py": source, "meeting.py": MEETING}, timeout=30)
    assert len(report.ids(Verdict.PASSED)) == 2
