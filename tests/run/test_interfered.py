"""A test that failed beside others is run once more, alone, and that decides what the failure was."""

import pytest
from project_runs import record

from rustest.model.events import TestConfirmed, TestSetAside
from rustest.model.outcome import Note, Verdict
from rustest.model.report import ExitStatus

APP = """\
mode = 'plain'

def switch(value):  # in a function of another module, where no plan sees it
    global mode
    before, mode = mode, value
    return before
"""

CLOBBERING = """
    import asyncio
    import app

    async def patched(value, seconds):
        before = app.switch(value)
        try:
            await asyncio.sleep(seconds)
            return app.mode
        finally:
            app.switch(before)

    async def test_patches():
        assert await patched("other", 0.05) == "other"

    async def test_reads():
        print("reads", app.mode)
        await asyncio.sleep(0.01)
        assert app.mode == "plain"
"""

REAL = """
    import asyncio
    from happened import note

    async def test_fails():
        note("attempt")
        await asyncio.sleep(0)
        assert 1 == 2

    async def test_beside():
        await asyncio.sleep(0.02)
"""


def run(folder, source, **settings):
    return record(folder, {"app.py": APP, "test_it.py": source}, **settings)


def test_a_test_that_fails_only_beside_another_has_passed_with_a_note(tmp_path):
    happened = run(tmp_path, CLOBBERING)
    assert happened.verdicts() == {"test_patches": "passed", "test_reads": "passed"}
    outcome = happened.outcome("test_reads")
    assert outcome.notes == {Note.INTERFERED}
    assert outcome.failures == ()
    assert outcome.interference.neighbours == ("test_it.py::test_patches",)
    (failure,) = outcome.interference.failures
    assert "'other' == 'plain'" in failure.message
    assert happened.outcome("test_patches").notes == frozenset()
    assert happened.report.status == ExitStatus.OK


@pytest.mark.parametrize("workers", [None, 1])
def test_that_it_will_run_again_is_told_as_soon_as_it_has_failed(tmp_path, workers):
    happened = run(tmp_path, CLOBBERING, workers=workers)
    told = [(type(event).__name__, event.id) for event in happened.events if hasattr(event, "id")]
    aside = told.index(("TestSetAside", "test_it.py::test_reads"))
    assert told.index(("TestStarted", "test_it.py::test_reads")) < aside
    assert aside < told.index(("TestFinished", "test_it.py::test_patches"))
    assert sum(kind == "TestSetAside" for kind, _ in told) == 1


def test_a_warning_that_fails_a_test_fails_both_attempts(tmp_path):
    source = """
        import asyncio

        async def test_fails():
            asyncio.sleep(1)

        async def test_beside():
            await asyncio.sleep(0.02)
        """
    assert run(tmp_path, source).verdicts() == {"test_fails": "failed", "test_beside": "passed"}


def test_what_both_attempts_warn_of_is_told_once(tmp_path):
    source = """
        import asyncio, warnings

        async def test_fails():
            async def go_on():
                await asyncio.sleep(100)

            asyncio.create_task(go_on())
            warnings.warn("each time")
            await asyncio.sleep(0)
            assert 1 == 2

        async def test_beside():
            await asyncio.sleep(0.02)
        """
    happened = run(tmp_path, source, filterwarnings=("always",))
    assert [warning.message.partition(":")[0] for warning in happened.report.warnings] == [
        "each time",
        "a task of test_fails.<locals>.go_on still runs at the end of the test",
    ]


def test_two_tests_that_clobber_each_other_are_both_told(tmp_path):
    source = """
        import asyncio
        import app

        async def test_one():
            app.switch("one")
            await asyncio.sleep(0.02)
            assert app.mode == "one"

        async def test_two():
            await asyncio.sleep(0.01)
            assert app.mode != "one"
            app.switch("two")
            await asyncio.sleep(0.02)
            assert app.mode == "two"

        async def test_three():
            await asyncio.sleep(0.005)
            app.switch("three")
            await asyncio.sleep(0.001)
    """
    happened = run(tmp_path, source)
    assert happened.outcome("test_one").notes == {Note.INTERFERED}


def test_a_test_that_fails_alone_as_well_has_failed_and_ran_twice(tmp_path):
    happened = run(tmp_path, REAL)
    assert happened.verdicts() == {"test_fails": "failed", "test_beside": "passed"}
    assert happened.log == ["attempt", "attempt"]
    assert happened.outcome("test_fails").notes == frozenset()
    assert happened.outcome("test_fails").interference is None
    assert len(happened.starts()) == 2


def test_the_rerun_comes_when_no_other_test_is_in_flight(tmp_path):
    source = """
        import asyncio
        from happened import note

        attempts = []

        async def test_fails():
            attempts.append(1)
            note("fails" if len(attempts) == 1 else "again")
            await asyncio.sleep(0)
            assert len(attempts) > 1

        async def test_fails_too():
            note("fails too")
            await asyncio.sleep(0)
            assert 1 == 2

        async def test_slow():
            await asyncio.sleep(0.03)
            note("slow ended")
    """
    happened = run(tmp_path, source)
    assert happened.log == ["fails", "fails too", "slow ended", "again", "fails too"]
    assert happened.outcome("test_fails").interference.neighbours == (
        "test_it.py::test_fails_too",
        "test_it.py::test_slow",
    )


def test_a_failed_set_up_is_tried_again(tmp_path):
    source = (
        CLOBBERING.replace("async def test_reads():", "async def test_reads(checked):")
        + """
    from rustest import fixture

    @fixture
    async def checked():
        await asyncio.sleep(0)
        if app.mode != "plain":
            raise OSError(app.mode)
    """
    )
    happened = run(tmp_path, source)
    assert happened.verdicts()["test_reads"] == "passed"
    (failure,) = happened.outcome("test_reads").interference.failures
    assert failure.subject == "checked"


@pytest.mark.parametrize("settings", [{"concurrency": 1}, {"max_reruns": 0}], ids=["one at a time", "no reruns"])
def test_nothing_is_run_again_without_neighbours_or_against_the_settings(tmp_path, settings):
    happened = run(tmp_path, REAL, **settings)
    assert happened.log == ["attempt"]
    assert happened.outcome("test_fails").notes == frozenset()


def test_a_test_that_is_alone_in_its_window_is_not_run_again(tmp_path):
    happened = run(tmp_path, REAL.partition("    async def test_beside")[0])
    assert happened.log == ["attempt"]


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.sleep(10)",
        "raise Skipped('so')",
        "pytest_xfail()",
    ],
    ids=["timed out", "skipped", "xfail called"],
)
def test_time_outs_skips_and_called_xfails_are_not_run_again(tmp_path, body):
    source = f"""
        import asyncio
        from happened import note
        from rustest import mark, skip as _skip, xfail as pytest_xfail
        from rustest.model.errors import Skipped

        @mark.timeout(0.02)
        async def test_it():
            note("attempt")
            await asyncio.sleep(0)
            {body}

        async def test_beside():
            await asyncio.sleep(0.04)
    """
    happened = run(tmp_path, source)
    assert happened.log == ["attempt"]


def test_a_test_whose_fixture_timed_out_is_not_run_again(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture
        async def slow():
            note("attempt")
            await asyncio.sleep(10)

        @mark.timeout(0.02)
        async def test_it(slow): pass

        async def test_beside(): await asyncio.sleep(0.04)
    """
    happened = run(tmp_path, source)
    assert happened.log == ["attempt"]
    assert happened.verdicts() == {"test_it": "error", "test_beside": "passed"}


def marked(source, test, mark):
    """The source with that mark on that test."""
    source = source.replace(f"async def {test}", f"@mark.{mark}\n    async def {test}")
    return source.replace("import asyncio", "import asyncio\n    from rustest import mark", 1)


@pytest.mark.parametrize(
    ("mark", "verdict"), [("xfail", "xfailed"), ("xfail(raises=OSError)", "failed")], ids=["expected", "unexpected"]
)
def test_a_test_that_may_fail_and_does_so_alone_too_keeps_its_verdict(tmp_path, mark, verdict):
    happened = run(tmp_path, marked(REAL, "test_fails", mark))
    assert happened.log == ["attempt", "attempt"]
    assert happened.verdicts()["test_fails"] == verdict
    assert happened.outcome("test_fails").notes == frozenset()


@pytest.mark.parametrize(("mark", "verdict"), [("xfail", "xpassed"), ("xfail(strict=True)", "failed")])
def test_an_expected_failure_that_was_a_neighbours_doing_is_none(tmp_path, mark, verdict):
    happened = run(tmp_path, marked(CLOBBERING, "test_reads", mark))
    assert happened.verdicts()["test_reads"] == verdict
    assert not any(isinstance(event, TestConfirmed) for event in happened.events)


def test_an_expected_failure_that_looked_like_another_beside_others_is_expected_all_the_same(tmp_path):
    source = CLOBBERING.replace('assert app.mode == "plain"', 'assert app.mode == "plain"; raise OSError')
    happened = run(tmp_path, marked(source, "test_reads", "xfail(raises=OSError)"))
    assert happened.verdicts()["test_reads"] == "xfailed"
    assert happened.outcome("test_reads").notes == {Note.INTERFERED}


def test_a_test_that_has_passed_against_expectation_is_not_run_again(tmp_path):
    source = marked(REAL.replace("assert 1 == 2", "assert 1 == 1"), "test_fails", "xfail(strict=True)")
    happened = run(tmp_path, source)
    assert happened.log == ["attempt"]
    assert happened.verdicts()["test_fails"] == "failed"


def test_expected_failures_have_a_cap_of_their_own_and_need_no_note_beyond_it(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import mark, parametrize

        @mark.xfail
        @parametrize("number", range(3))
        async def test_expected(number):
            note(number)
            await asyncio.sleep(0)
            assert number == "none"

        async def test_fails():
            note("real")
            await asyncio.sleep(0)
            assert 0
    """
    happened = run(tmp_path, source, max_reruns=1)
    assert happened.log == [0, 1, 2, "real", 0, "real"]
    assert {one.outcome.notes for one in happened.report.finished.values()} == {frozenset()}


def test_a_failed_teardown_is_not_run_again(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        async def left():
            yield
            note("teardown")
            raise OSError("left")

        async def test_it(left): await asyncio.sleep(0)
        async def test_beside(): await asyncio.sleep(0.02)
    """
    happened = run(tmp_path, source)
    assert happened.log == ["teardown"]
    assert happened.verdicts()["test_it"] == "error"


def test_users_of_a_shared_fixture_that_failed_are_not_run_again(tmp_path):
    source = """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def server():
            await asyncio.sleep(0)
            raise OSError("refused")

        async def test_it(server): pass
        async def test_another(server): pass
        async def test_beside(): await asyncio.sleep(0.02)
    """
    happened = run(tmp_path, source)
    assert happened.verdicts() == {"test_it": "error", "test_another": "error", "test_beside": "passed"}
    assert not any(isinstance(event, TestSetAside) for event in happened.events)


def test_the_cap_leaves_the_rest_as_it_was_and_says_so(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import parametrize

        @parametrize("number", range(5))
        async def test_fails(number):
            note(number)
            await asyncio.sleep(0)
            assert number == "none"
    """
    happened = run(tmp_path, source, max_reruns=2)
    assert happened.log == [0, 1, 2, 3, 4, 0, 1]
    assert set(happened.verdicts().values()) == {"failed"}
    unconfirmed = [name for name, one in happened.report.finished.items() if Note.UNCONFIRMED in one.outcome.notes]
    assert sorted(unconfirmed) == [f"test_it.py::test_fails[{number}]" for number in (2, 3, 4)]


def test_what_passes_alone_does_not_count_towards_the_cap(tmp_path):
    source = """
        import asyncio
        import happened
        from rustest import parametrize

        @parametrize("number", range(5))
        async def test_disturbed(number):
            happened.note(number)
            await asyncio.sleep(0)
            assert happened.log.count(number) > 1
    """
    happened = run(tmp_path, source, max_reruns=1)
    assert [one.outcome.notes for one in happened.report.finished.values()] == [frozenset({Note.INTERFERED})] * 5
    assert set(happened.verdicts().values()) == {"passed"}


def test_strict_overlap_makes_it_a_failure(tmp_path):
    happened = run(tmp_path, CLOBBERING, strict_overlap=True)
    outcome = happened.outcome("test_reads")
    assert outcome.verdict is Verdict.FAILED
    assert outcome.notes == {Note.INTERFERED}
    assert outcome.interference.neighbours == ("test_it.py::test_patches",)
    assert "'other' == 'plain'" in outcome.failures[0].message
    assert happened.report.status == ExitStatus.FAILURES


def test_the_output_is_that_of_the_attempt_that_failed_beside_others(tmp_path):
    happened = run(tmp_path, CLOBBERING)
    (piece,) = happened.report.finished["test_it.py::test_reads"].output
    assert piece.text == "reads other\n"


def test_a_confirmed_failure_has_the_output_of_the_second_attempt(tmp_path):
    source = REAL.replace('note("attempt")', 'note("attempt"); import happened; print(len(happened.log))')
    happened = run(tmp_path, source)
    (piece,) = happened.report.finished["test_it.py::test_fails"].output
    assert piece.text == "2\n"


def test_what_is_logged_of_a_lost_task_goes_with_the_attempt_that_lost_it(tmp_path):
    source = """
        import asyncio, gc, happened

        async def loses():
            raise OSError("lost")

        async def test_fails():
            happened.note("attempt")
            if len(happened.log) == 1:
                asyncio.create_task(loses())  # nobody holds it: its finalizer complains, in nobody's context
            await asyncio.sleep(0)
            gc.collect()  # from Python 3.12 on, its own traceback may hold it
            assert len(happened.log) > MOST

        async def test_beside():
            await asyncio.sleep(0.02)
    """
    warned = {"strict": {"task_exception": "warn"}}  # what fails a test is not in its log too
    passed_alone = run(tmp_path / "one", source.replace("MOST", "1"), **warned).report
    assert ["lost" in piece.text for piece in passed_alone.finished["test_it.py::test_fails"].output] == [True]
    failed_alone = run(tmp_path / "two", source.replace("MOST", "2"), **warned).report
    assert failed_alone.finished["test_it.py::test_fails"].output == ()
    assert (passed_alone.stray, failed_alone.stray) == ((), ())


def test_a_test_that_skips_itself_when_it_is_alone_has_failed(tmp_path):
    source = """
        import asyncio
        from rustest import skip
        attempts = []

        async def test_it():
            attempts.append(1)
            await asyncio.sleep(0)
            if len(attempts) > 1: skip("alone")
            assert 1 == 2

        async def test_beside(): await asyncio.sleep(0.02)
    """
    assert run(tmp_path, source).verdicts()["test_it"] == "failed"


def test_the_duration_covers_both_attempts_and_not_the_wait_between(tmp_path):
    source = """
        import asyncio
        attempts = []

        async def test_it():
            attempts.append(1)
            await asyncio.sleep(0.05)
            assert len(attempts) > 1

        async def test_beside(): await asyncio.sleep(0.5)
    """
    finished = run(tmp_path, source).report.finished
    took, beside = (finished[f"test_it.py::{name}"].duration for name in ("test_it", "test_beside"))
    assert 0.1 <= took < beside


def test_a_test_that_waits_for_its_neighbours_is_not_waited_for_when_it_is_alone(tmp_path):
    source = """
        import asyncio
        from rustest import fixture

        @fixture(scope="module")
        async def both_there():
            return asyncio.Barrier(2)

        async def test_fails(both_there):
            await both_there.wait()
            assert 1 == 2

        async def test_beside(both_there):
            await both_there.wait()
            await asyncio.sleep(0.02)
    """
    happened = run(tmp_path, source)
    assert happened.verdicts() == {"test_fails": "failed", "test_beside": "passed"}
    (failure,) = happened.outcome("test_fails").failures
    assert "1 == 2" in failure.message
    assert failure.notes[-1].startswith("run once more, alone, it did not end within 2.0 s")


def test_what_failed_otherwise_beside_others_is_told_below_the_second_failure(tmp_path):
    source = """
        import asyncio

        attempts = []

        async def test_differs():
            attempts.append(1)
            await asyncio.sleep(0)
            assert len(attempts) > 1, "first"
            raise OSError("second")

        async def test_has_other_numbers():
            attempts.append(1)
            await asyncio.sleep(0)
            raise OSError(f"attempt {len(attempts)} of {object()}")

        async def test_beside():
            await asyncio.sleep(0.02)
    """
    happened = run(tmp_path, source)
    failure = happened.failure("test_differs")
    assert failure.headline == "OSError: second"
    assert failure.notes == ("beside other tests it had failed with AssertionError: first",)
    assert happened.failure("test_has_other_numbers").notes == ()
