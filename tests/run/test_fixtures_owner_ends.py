"""Async fixtures of wider scopes that end before their users do, or cannot begin: nobody hangs, and nobody passes."""

import pytest
from project_runs import record

from rustest.model.failure import Phase


@pytest.mark.parametrize("scope", ["class", "module", "session"])
def test_an_owner_that_ends_early_fails_its_users_with_its_exception(tmp_path, scope):
    happened = record(
        tmp_path,
        f"""
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        async def workers():
            async with asyncio.TaskGroup() as group:
                crash = asyncio.Event()
                async def work():
                    await crash.wait()
                    raise ValueError("worker")
                group.create_task(work())
                yield crash
                note("torn down")

        class TestIt:
            async def test_crash(self, workers):
                workers.set()
                await asyncio.sleep(10)

            async def test_bystander(self, workers):
                try:
                    await asyncio.sleep(10)
                except asyncio.CancelledError:
                    note("bystander cancelled")

            async def test_quick(self, workers): pass

            def test_sync(self, workers): pass

            async def test_unrelated(self): await asyncio.sleep(0.05)
        """,
    )
    assert happened.verdicts() == {
        "TestIt::test_crash": "failed",
        "TestIt::test_bystander": "failed",
        "TestIt::test_quick": "passed",
        "TestIt::test_sync": "error" if scope == "session" else "passed",  # it comes after or before the others
        "TestIt::test_unrelated": "passed",
    }
    assert happened.log == ["torn down", "bystander cancelled"]
    for test in ("test_crash", "test_bystander"):
        failure = happened.failure(test)
        assert failure.phase is Phase.CALL
        assert failure.subject == "workers"
        assert [member.headline for member in failure.members] == ["ValueError: worker"]


def test_who_asks_for_a_fixture_that_has_ended_gets_its_exception(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def brief():
            async with asyncio.timeout(0.02):
                yield

        async def test_first(brief): pass

        async def test_pause(): await asyncio.sleep(0.1)

        async def test_second(brief): pass

        def test_third(brief): pass
        """,
        concurrency=1,
    )
    assert happened.verdicts() == {
        "test_first": "passed",
        "test_pause": "passed",
        "test_second": "error",
        "test_third": "error",
    }
    message = "fixture 'brief' was cancelled while tests were using it"
    assert [happened.failure(test).headline for test in ("test_second", "test_third")] == [message] * 2


def test_an_owner_that_ends_while_its_last_user_is_torn_down_still_fails_the_run(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def workers():
            async with asyncio.TaskGroup() as group:
                crash = asyncio.Event()
                async def work():
                    await crash.wait()
                    raise ValueError("worker")
                group.create_task(work())
                yield crash

        @fixture
        async def slow(workers):
            yield
            workers.set()
            await asyncio.sleep(0.05)

        async def test_it(slow): pass
        """,
    )
    assert happened.verdicts() == {"test_it": "error"}
    assert [one.headline for one in happened.failure("test_it").members] == ["ValueError: worker"]


def test_an_owner_that_is_slow_to_die_is_waited_for(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        async def workers():
            async with asyncio.TaskGroup() as group:
                async def work(): raise ValueError("worker")
                group.create_task(work())
                yield
                await asyncio.sleep(0.1)
                note("torn down")

        async def test_it(workers): await asyncio.sleep(0.03)
        """,
    )
    assert happened.log == ["torn down"]
    assert happened.verdicts() == {"test_it": "error"}
    assert [one.headline for one in happened.failure("test_it").members] == ["ValueError: worker"]


WORKERS = """
    import asyncio
    from rustest import fixture

    @fixture(scope="session")
    async def workers():
        async with asyncio.TaskGroup() as group:
            async def work():
                await asyncio.sleep(0.02)
                raise ValueError("worker")
            group.create_task(work())
            yield
    """


def test_an_owner_that_ends_during_another_set_up_keeps_the_body_from_being_called(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        async def stubborn(workers):
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                pass

        async def test_it(stubborn): note("body")
        """
    happened = record(tmp_path, {"conftest.py": WORKERS, "test_it.py": source})
    assert happened.verdicts() == {"test_it": "error"}
    assert happened.failure("test_it").subject == "workers"
    assert happened.log == []


def test_a_set_up_that_is_cancelled_for_it_is_no_failure_of_its_own(tmp_path):
    source = """
        import asyncio
        from rustest import fixture

        @fixture
        async def slow(workers): await asyncio.sleep(10)

        async def test_it(slow): pass
        """
    happened = record(tmp_path, {"conftest.py": WORKERS, "test_it.py": source})
    assert [failure.subject for failure in happened.outcome("test_it").failures] == ["workers"]


def test_a_user_that_cannot_be_cancelled_does_not_pass(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def workers():
            async with asyncio.TaskGroup() as group:
                async def work(): raise ValueError("worker")
                group.create_task(work())
                yield

        async def test_it(workers):
            while True:
                try:
                    await asyncio.sleep(10)
                except asyncio.CancelledError:
                    pass
        """,
        timeout_grace=0.05,
    )
    assert happened.verdicts() == {"test_it": "failed"}


def test_a_fixture_that_is_cancelled_at_its_set_up_is_an_error_and_nothing_hangs(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def workers():
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

        async def test_one(workers): pass

        async def test_two(workers): pass
        """,
    )
    assert happened.verdicts() == {"test_one": "error", "test_two": "error"}


def test_a_run_that_stops_during_a_shared_set_up_undoes_it(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        async def base():
            yield
            note("base down")

        @fixture(scope="session")
        async def slow(base):
            try:
                await asyncio.sleep(10)
                yield
            finally:
                await asyncio.sleep(0.01)
                note("slow cleaned up")

        async def test_one(slow): note("body")

        async def test_two(slow): note("body")

        async def test_fails():
            await asyncio.sleep(0.05)
            assert False
        """,
        maxfail=1,
    )
    assert happened.log == ["slow cleaned up", "base down"]
    assert happened.verdicts() == {"test_fails": "failed", "test_one": "not run", "test_two": "not run"}


def test_who_has_no_time_to_wait_for_a_shared_set_up_fails_alone(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture, mark

        @fixture(scope="session")
        async def slow():
            await asyncio.sleep(0.3)
            yield "value"

        async def test_first(slow): assert slow == "value"

        @mark.timeout(0.05)
        async def test_impatient(slow): pass

        async def test_third(slow): assert slow == "value"
        """,
    )
    assert happened.verdicts() == {"test_impatient": "error", "test_first": "passed", "test_third": "passed"}
    failure = happened.failure("test_impatient")
    assert failure.headline == "Fixture 'slow' set-up timed out after 0.05 seconds"
    assert [frame.function for frame in failure.frames] == ["slow"]
