"""Tests that are to be run again alone, in runs that end early, and beside fixtures that they share with others."""

import os

from process_runs import run_command
from project_runs import record

from rustest.model.events import StopReason
from rustest.model.outcome import Note
from rustest.model.report import ExitStatus

INTERFERED = """
    import asyncio
    import signal, os
    from happened import note
    from rustest import fixture, mark, parametrize

    attempts = []

    async def test_disturbed():
        attempts.append(1)
        await asyncio.sleep(0.02)
        note(f"attempt {len(attempts)}")
        FIRST
        assert len(attempts) > 1

    async def test_long():
        note("long begins")
        await asyncio.sleep(0.2)
        note("long ends")
"""


def test_maxfail_looks_into_a_failure_at_once_and_goes_on_if_it_was_interference(tmp_path):
    run = record(tmp_path, INTERFERED.replace("FIRST", ""), maxfail=1)
    assert run.log == ["long begins", "attempt 1", "attempt 2", "long begins", "long ends"]
    assert run.verdicts() == {"test_disturbed": "passed", "test_long": "passed"}
    assert run.report.interrupted is None
    assert len(run.starts()) == 2


def test_maxfail_ends_the_run_when_the_failure_is_confirmed(tmp_path):
    source = INTERFERED.replace("FIRST", "assert 1 == 2") + "\n    def test_after(): note('after')\n"
    run = record(tmp_path, source, maxfail=1)
    assert run.log == ["long begins", "attempt 1", "attempt 2"]
    assert run.verdicts() == {"test_disturbed": "failed", "test_long": "not run", "test_after": "not run"}
    assert run.report.interrupted.reason is StopReason.MAXFAIL
    assert run.report.interrupted.running == ("test_it.py::test_long",)


def test_the_set_up_of_a_shared_fixture_that_was_cancelled_for_a_rerun_begins_anew_after_it(tmp_path):
    source = (
        INTERFERED.replace("FIRST", "")
        + """
    @fixture(scope="session")
    async def server():
        note("begins")
        try:
            await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            await asyncio.sleep(0.02)
            note("undone")
            raise
        yield "up"
        note("down")

    @parametrize("number", range(2))
    async def test_uses(number, server): note(server)
    """
    )
    run = record(tmp_path, source.replace('note("long', 'str("long'), maxfail=1)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.log == ["begins", "attempt 1", "undone", "attempt 2", "begins", "up", "up", "down"]


def test_an_interrupt_stays_the_reason_when_more_failures_come_to_light_afterwards(tmp_path):
    source = """
        import asyncio, os, signal
        from rustest import fixture

        @fixture
        async def bad():
            yield
            raise OSError("bad")

        async def test_fails():
            await asyncio.sleep(0)
            assert 1 == 2

        async def test_fails_in_teardown(bad): await asyncio.sleep(10)

        async def test_takes_its_time():
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(0.1)

        async def test_interrupts():
            await asyncio.sleep(0.05)
            press = os.kill  # by another name, for else it is the test's own doing
            press(os.getpid(), signal.SIGINT)
            await asyncio.sleep(10)
    """
    run = record(tmp_path, source, maxfail=2)
    assert run.outcome("test_fails_in_teardown").verdict.is_bad
    assert run.outcome("test_takes_its_time").reason == StopReason.USER.value


INTERRUPT = "press = os.kill; press(os.getpid(), signal.SIGINT); await asyncio.sleep(0.1)"


def test_an_interrupt_before_the_second_attempt_keeps_the_first_failure(tmp_path):
    source = INTERFERED.replace("FIRST", "").replace('note("long begins")', f"await asyncio.sleep(0.1); {INTERRUPT}")
    run = record(tmp_path, source)
    assert run.log == ["attempt 1"]
    assert run.verdicts() == {"test_disturbed": "failed", "test_long": "not run"}
    assert run.report.status == ExitStatus.INTERRUPTED


def test_an_interrupt_in_the_second_attempt_keeps_the_first_failure_and_its_output(tmp_path):
    first = f"""print("said", len(attempts))
        if len(attempts) == 2: {INTERRUPT}"""
    run = record(tmp_path, INTERFERED.replace("FIRST", first))
    assert run.log == ["long begins", "attempt 1", "long ends", "attempt 2"]
    assert run.verdicts() == {"test_disturbed": "failed", "test_long": "passed"}
    assert run.outcome("test_disturbed").interference is None
    assert run.report.status == ExitStatus.INTERRUPTED
    (piece,) = run.report.finished["test_it.py::test_disturbed"].output
    assert piece.text == "said 1\n"


SHARED = """
    import asyncio
    from happened import note
    from rustest import fixture

    attempts = []

    @fixture(scope="module")
    async def server():
        note("server up")
        yield "server"
        note("server down")

    @fixture(scope="module")
    def asked_for():
        note("asked for")
        yield
        note("no longer")

    @fixture
    async def own(server):
        note("own up")
        yield
        note("own down")

    async def test_disturbed(own, request):
        attempts.append(1)
        request.getfixturevalue("asked_for")
        await asyncio.sleep(0)
        note("attempt")
        assert len(attempts) > 1

    async def test_beside(server):
        await asyncio.sleep(0.02)
        note("beside ends")
"""


def test_shared_fixtures_live_until_the_second_attempt_and_those_of_the_test_are_set_up_anew(tmp_path):
    run = record(tmp_path, SHARED)
    assert run.outcome("test_disturbed").notes == {Note.INTERFERED}
    assert run.log[:5] == ["server up", "own up", "asked for", "attempt", "own down"]
    assert run.log[5:9] == ["beside ends", "own up", "attempt", "own down"]
    assert sorted(run.log[9:]) == ["no longer", "server down"]


def test_a_test_on_a_shared_loop_is_run_again_on_it(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import mark
        pytestmark = mark.asyncio(loop_scope="module")
        loops = []

        async def test_disturbed():
            loops.append(asyncio.get_running_loop())
            await asyncio.sleep(0)
            assert len(loops) == 2 and loops[0] is loops[1]

        async def test_beside(): await asyncio.sleep(0.02)
    """
    assert record(tmp_path, source).outcome("test_disturbed").notes == {Note.INTERFERED}


CLOBBERING = """
    import asyncio
    import app

    async def test_patches():
        before = app.switch("other")
        await asyncio.sleep(0.05)
        app.switch(before)

    async def test_reads():
        await asyncio.sleep(0.02)
        assert app.mode == "plain"
"""
APP = """\
mode = 'plain'

def switch(value):  # in a function of another module, where no plan sees it
    global mode
    before, mode = mode, value
    return before
"""
FILES = {"app.py": APP, "test_it.py": CLOBBERING}


def test_what_was_disturbed_is_planned_alone_until_its_file_changes(tmp_path):
    def notes(**settings):
        outcome = record(tmp_path, FILES | settings.pop("files", {}), cache_dir=".cache", **settings).outcome
        return outcome("test_reads").notes

    assert notes() == {Note.INTERFERED}
    assert notes() == frozenset()
    os.utime(tmp_path / "test_it.py", (1, 1))
    assert notes() == frozenset()
    assert notes(strict_overlap=True) == {Note.INTERFERED}
    assert notes(files={"test_it.py": f"{CLOBBERING}\n    # changed"}) == {Note.INTERFERED}
    assert notes(files={"test_it.py": f"{CLOBBERING}\n    # changed"}) == frozenset()
    assert notes(files={"test_it.py": f"{CLOBBERING}\n    # changed"}, cache_clear=True) == {Note.INTERFERED}


def test_what_was_disturbed_is_tried_beside_others_again_after_runs_in_which_it_passed(tmp_path):
    def notes(**settings):
        return record(tmp_path, FILES, cache_dir=".cache", **settings).outcome("test_reads").notes

    def runs_without_it(times):
        for _ in range(times):
            assert notes() == frozenset()

    assert notes() == {Note.INTERFERED}
    assert (
        "runs until it is tried beside others again: 10\n"
        in run_command(tmp_path, FILES, "--plan", "--cache-dir", str(tmp_path / ".cache")).out
    )
    record(tmp_path, FILES, cache_dir=".cache", keyword="test_patches")  # in which it does not run
    runs_without_it(10)
    assert notes() == {Note.INTERFERED}
    runs_without_it(20)
    assert notes() == {Note.INTERFERED}


def test_the_command_names_the_test_its_neighbours_and_the_mend(tmp_path):
    ended = run_command(tmp_path, FILES)
    assert ended.status == 0
    told = ended.out[ended.out.index("1 test failed beside") :].splitlines()
    assert told[0] == "1 test failed beside other tests and passed alone:"
    assert [line.strip() for line in told[1:5]] == [
        "test_it.py::test_reads",
        "AssertionError: assert 'other' == 'plain' ...",
        "in flight with it:",
        "test_it.py::test_patches",
    ]
    assert "@mark.serial" in told[5]


def test_strict_overlap_fails_the_command(tmp_path):
    ended = run_command(tmp_path, FILES, "--strict-overlap")
    assert ended.status == 1
    assert "FAILED test_it.py::test_reads (0" in ended.out
    assert "1 failed, 1 passed" in ended.out
