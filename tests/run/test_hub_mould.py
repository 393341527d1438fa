"""Loops are copies of one that asyncio has made: nothing tells them from it, and they leave no garbage in rings."""

from hub_runs import hub_run, troubles

from rustest.run.hub.loop import MADE_LATER, HubLoop
from rustest.testing import run_project


def test_a_copy_has_what_asyncios_constructor_makes():
    with hub_run() as run:
        made, copy, other = HubLoop(run.hub), run.new_loop(), run.new_loop()
        wanted = {name: value for name, value in vars(made).items() if name not in MADE_LATER}
        assert vars(copy) == wanted
        assert {name: type(getattr(copy, name)) for name in MADE_LATER} == {
            name: type(getattr(made, name)) for name in MADE_LATER
        }
        assert all(vars(copy)[name] is not vars(other)[name] for name, value in wanted.items() if value in ([], {}))
        made.close()


def test_debug_mode_asked_for_in_the_environment_holds_for_loops_made_from_then_on(monkeypatch):
    with hub_run() as run:
        before = run.new_loop().get_debug()
        monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
        assert (before, run.new_loop().get_debug()) == (False, True)
        monkeypatch.delenv("PYTHONASYNCIODEBUG")
        assert not run.new_loop().get_debug()


def test_ended_tests_are_gone_without_any_look_for_garbage(tmp_path):
    source = """
        import asyncio
        import gc
        import weakref

        from rustest import fixture, parametrize

        alive = weakref.WeakSet()

        @fixture(scope="session", autouse=True)
        def without_collecting():
            gc.disable()
            yield
            gc.enable()

        @fixture
        def number():
            return 7

        @parametrize("case", range(20))
        async def test_trivial(case):
            alive.update((asyncio.get_running_loop(), asyncio.current_task()))

        @parametrize("case", range(20))
        async def test_sleeps(number, case):
            alive.update((asyncio.get_running_loop(), asyncio.current_task()))
            await asyncio.sleep(0.001)

        def test_afterwards():
            assert not alive
    """
    assert troubles(run_project(tmp_path, {"test_it.py": source}, concurrency=5)) == {}


def test_a_test_that_ends_while_a_fixture_of_another_drives_their_loop_is_heard_of(tmp_path):
    source = """
        import asyncio

        from rustest import fixture, mark

        @fixture
        def drives():
            asyncio.get_event_loop().run_until_complete(asyncio.sleep(0.05))

        @mark.asyncio(loop_scope="module")
        async def test_ends_meanwhile():
            await asyncio.sleep(0.01)

        @mark.asyncio(loop_scope="module")
        async def test_driven(drives):
            await asyncio.sleep(0)
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert troubles(report) == {}
    assert len(report.finished) == 2
