"""Tests whose bodies pass though something is wrong: each fails by itself, however many others are in flight."""

import pytest
from project_runs import record

from rustest.model.errors import UsageError
from rustest.model.outcome import Note, Verdict
from rustest.testing import run_project

LOST = """\
import asyncio
from rustest import mark

KEPT = []

async def fail():
    raise ValueError("lost")

async def forever():
    await asyncio.Event().wait()

async def numbers():
    yield 1
    yield 2

async def test_good():
    task = asyncio.create_task(asyncio.sleep(0))
    await task

async def test_lost_task():
    asyncio.create_task(fail())
    await asyncio.sleep(0.01)

async def test_kept_task():
    KEPT.append(asyncio.create_task(fail()))
    await asyncio.sleep(0.01)

async def test_task_that_fails_in_the_end():
    KEPT.append(asyncio.create_task(fail()))

async def test_callback():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.01)

async def test_not_awaited():
    fail()

def test_not_awaited_in_sync_code():
    fail()

async def test_generator():
    generator = numbers()
    KEPT.append(generator)
    await anext(generator)

async def test_returns():
    return 1 == 2

def test_returns_in_sync_code():
    return 1 == 2

async def test_awaited_in_the_end():
    task = asyncio.create_task(fail())
    result = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(result[0], ValueError)

async def test_cancelled():
    asyncio.create_task(forever()).cancel()

async def test_generator_left_by_break():
    async for number in numbers():
        break
"""
BAD = {
    "test_lost_task": "ValueError: lost",
    "test_kept_task": "ValueError: lost",
    "test_task_that_fails_in_the_end": "ValueError: lost",
    "test_callback": "ZeroDivisionError: division by zero",
    "test_not_awaited": "coroutine 'fail' was never awaited: its code never ran; await it, or close it",
    "test_not_awaited_in_sync_code": "coroutine 'fail' was never awaited: its code never ran; await it, or close it",
    "test_generator": "async generator 'numbers' was begun and never finished: exhaust it, or close it with `aclosing`",
    "test_returns": "the test returned a bool, and nobody looks at it: did you mean `assert`?",
    "test_returns_in_sync_code": "the test returned a bool, and nobody looks at it: did you mean `assert`?",
}


@pytest.mark.parametrize("width", [1, 100])
def test_each_fails_its_own_test_and_no_other(tmp_path, width):
    ran = record(tmp_path, LOST, concurrency=width)
    failed = {name for name, verdict in ran.verdicts().items() if verdict == "failed"}
    assert failed == set(BAD)
    assert {name: ran.failure(name).headline for name in BAD} == BAD
    assert all(ran.failure(name).frames[-1].file.endswith("test_it.py") for name in BAD)
    assert not ran.report.warnings


@pytest.mark.parametrize("width", [1, 100])
def test_what_is_only_warned_of_leaves_the_verdict_alone(tmp_path, width):
    names = ("task_exception", "never_awaited", "unfinished_generator", "returned_value")
    ran = record(tmp_path, LOST, concurrency=width, strict=dict.fromkeys(names, "warn"))
    assert set(ran.verdicts().values()) == {"passed"}
    assert {one.id.partition("::")[2] for one in ran.report.warnings} == set(BAD)


def test_what_is_ignored_is_not_told(tmp_path):
    names = ("task_exception", "never_awaited", "unfinished_generator", "returned_value")
    ran = record(tmp_path, LOST, strict=dict.fromkeys(names, "ignore"))
    assert set(ran.verdicts().values()) == {"passed"}
    assert not ran.report.warnings


@pytest.mark.parametrize("width", [1, 100])
def test_a_task_that_still_runs_is_warned_of(tmp_path, width):
    source = """\
import asyncio

async def forever():
    await asyncio.Event().wait()

async def test_leaves():
    asyncio.create_task(forever(), name="poller")

async def test_cleans_up(): pass
"""
    ran = record(tmp_path, source, concurrency=width)
    assert ran.verdicts() == {"test_leaves": "passed", "test_cleans_up": "passed"}
    assert ran.outcome("test_leaves").notes == {Note.LEAKED}
    (warning,) = ran.report.warnings
    assert warning[:3] == (
        "test_it.py::test_leaves",
        "rustest.LeakWarning",
        "task 'poller' (forever) still runs at the end of the test: await it, or cancel and await it",
    )
    assert record(tmp_path, source, strict={"pending_task": "error"}).verdicts()["test_leaves"] == "failed"


def test_a_task_that_nobody_has_named_is_told_by_what_it_runs(tmp_path):
    source = """\
        import asyncio

        async def test_leaves():
            asyncio.create_task(asyncio.Event().wait())
        """
    (warning,) = record(tmp_path, source).report.warnings
    assert warning.message.startswith("a task of Event.wait still runs at the end of the test: ")


SERVERS = """\
import asyncio
from rustest import fixture

left = []

def hang_up(reader, writer):
    writer.close()

async def test_leaves():
    left.append(await asyncio.start_server(hang_up, "127.0.0.1", 0))

async def test_leaves_another(tmp_path):
    left.append(await asyncio.start_unix_server(hang_up, str(tmp_path / "s")))

async def test_closes():
    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    server.close()

@fixture
async def served():
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()

async def test_uses(served):
    reader, writer = await asyncio.open_connection(*served)
    assert await reader.read() == b""
    writer.close()

@fixture(scope="session")
async def lasting():
    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        yield server

async def test_uses_what_lasts(lasting):
    assert lasting.is_serving()
"""


def test_a_socket_that_others_may_need_is_left_open(tmp_path):
    source = """\
        import asyncio, socket
        from rustest import fixture, parametrize

        @fixture(scope="module")
        def listening():
            with socket.create_server(("127.0.0.1", 0)) as sock:
                yield sock

        @parametrize("number", range(3))
        async def test_serves(listening, number):
            await asyncio.start_server(lambda reader, writer: writer.close(), sock=listening)
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            assert await reader.read() == b""
            writer.close()
        """
    ran = record(tmp_path, source, concurrency=1)
    assert set(ran.verdicts().values()) == {"passed"}
    assert not ran.report.warnings


@pytest.mark.parametrize("width", [1, 100])
def test_a_server_that_was_never_closed_is_told_with_its_test_and_place(tmp_path, width):
    ran = record(tmp_path, SERVERS, concurrency=width, strict={"unclosed": "error"})
    failed = {"test_leaves", "test_leaves_another"}
    assert {name for name, verdict in ran.verdicts().items() if verdict == "failed"} == failed
    failure = ran.failure("test_leaves")
    assert failure.message.startswith("a server that listens at 127.0.0.1:")
    assert failure.message.endswith(" was never closed: close it, or use it in an `async with`")
    assert [frame.line for frame in failure.frames] == [9]
    assert not ran.report.warnings
    assert not ran.report.problems


def test_a_failing_assert_comes_first_and_what_was_expected_to_fail_still_does(tmp_path):
    ran = record(
        tmp_path,
        """\
        import asyncio
        from rustest import mark, raises, skip

        async def fail():
            raise ValueError("lost")

        async def spoil():
            asyncio.create_task(fail())
            await asyncio.sleep(0.01)

        async def test_both():
            await spoil()
            assert 1 == 2

        @mark.xfail
        async def test_expected():
            await spoil()
            assert 1 == 2

        async def test_skips():
            skip("not here")

        async def test_raises():
            with raises(ValueError):
                await asyncio.create_task(fail())
        """,
    )
    assert [failure.type for failure in ran.outcome("test_both").failures] == ["AssertionError", "ValueError"]
    assert ran.verdicts() == {
        "test_both": "failed",
        "test_expected": "xfailed",
        "test_skips": "skipped",
        "test_raises": "passed",
    }


@pytest.mark.parametrize(
    ("strict", "complaint"),
    [
        ({"tasks": "error"}, "strict has no check 'tasks': there are task_exception, thread_exception, "),
        ({"thread": "fatal"}, "strict.thread is 'fatal', expected 'error', 'warn' or 'ignore'"),
        ("error", "strict is 'error', expected a table of checks"),
    ],
)
def test_names_and_values_that_are_none_are_refused(tmp_path, strict, complaint):
    with pytest.raises(UsageError, match=complaint):
        run_project(tmp_path, {}, strict=strict)


def test_the_project_decides_in_a_table_of_its_own(tmp_path):
    table = '[tool.rustest.strict]\nreturned_value = "ignore"\n'
    report = run_project(tmp_path, {"pyproject.toml": table, "test_it.py": "def test_it(): return 1"})
    assert report.ids(Verdict.PASSED)


def test_a_test_that_swallows_its_cancellation_at_a_timeout_does_not_pass(tmp_path):
    source = """\
import asyncio
from rustest import mark

@mark.timeout(0.05)
async def test_it():
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        pass
"""
    assert record(tmp_path, source).verdicts() == {"test_it": "timed out"}


@pytest.mark.parametrize("width", [1, 100])
def test_threads_and_files_left_open_are_warned_of(tmp_path, width):
    source = """\
import asyncio, threading
from concurrent.futures import ThreadPoolExecutor

END = threading.Event()
POOL = ThreadPoolExecutor(1)

def test_leaves_a_thread():
    threading.Thread(target=END.wait, name="poller", daemon=True).start()

async def test_leaves_one_too():
    threading.Thread(target=END.wait, name="watcher", daemon=True).start()

async def test_leaves_a_file():
    open(__file__)

def test_joins():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

async def test_uses_pools():
    await asyncio.get_running_loop().run_in_executor(POOL, int)
    await asyncio.to_thread(int)

def teardown_module():
    END.set()
    POOL.shutdown()
"""
    ran = record(tmp_path, source, concurrency=width)
    assert set(ran.verdicts().values()) == {"passed"}
    told = {one.id.partition("::")[2]: one.message.partition(":")[0] for one in ran.report.warnings}
    assert told == {
        "test_leaves_a_thread": "thread 'poller' still runs at the end of the test",
        "test_leaves_one_too": "thread 'watcher' still runs at the end of the test",
        "test_leaves_a_file": "unclosed file <_io.TextIOWrapper name='"
        + str(tmp_path / "test_it.py")
        + "' mode='r' encoding='UTF-8'>",
    }
    assert all(ran.outcome(name).notes == {Note.LEAKED} for name in told)


@pytest.mark.parametrize("width", [1, 100])
def test_a_thread_that_was_told_to_stop_may_end_a_moment_after_its_test(tmp_path, width):
    source = """\
import threading, time

def ends_soon(stop):
    stop.wait()
    time.sleep(0.003)

def start():
    stop = threading.Event()
    threading.Thread(target=ends_soon, args=[stop]).start()
    return stop

def test_tells_it():
    start().set()

async def test_tells_one_too():
    start().set()
"""
    ran = record(tmp_path, source, concurrency=width)
    assert set(ran.verdicts().values()) == {"passed"}
    assert ran.report.warnings == ()


def test_in_debug_mode_a_coroutine_that_was_lost_is_told_with_the_line_that_made_it(tmp_path):
    source = """
import asyncio, unittest
async def work(): pass

class TestIt(unittest.IsolatedAsyncioTestCase):
    async def test_case(self):
        work()

async def test_it():
    work()
"""
    ran = record(tmp_path, source, asyncio_debug=True)
    for name, line in (("TestIt::test_case", 7), ("test_it", 10)):
        failure = ran.failure(name)
        assert failure.message == "coroutine 'work' was never awaited: its code never ran; await it, or close it"
        assert [(frame.line, frame.function) for frame in failure.frames] == [(line, name.rpartition("::")[2])]


@pytest.mark.parametrize("value, said", [("1", "an int"), ("'x'", "a str"), ("object()", "an object")])
def test_what_a_test_returned_is_told_in_good_english(tmp_path, value, said):
    message = record(tmp_path, f"def test_it(): return {value}").failure("test_it").message
    assert message.startswith(f"the test returned {said}, and nobody")


@pytest.mark.parametrize(
    "said",
    [
        "subprocess 12 is still running",
        "<Connection(Thread-1)> was deleted before being closed. Please use 'async with'.",
        "connection <BAD> was deleted while still open.",
        "Unclosed client session",
    ],
)
def test_what_libraries_say_of_what_was_never_closed_is_a_leak(tmp_path, said):
    source = f"""
import warnings
class Session:
    def __del__(self): warnings.warn({said!r}, ResourceWarning)
async def test_it(): Session()
"""
    ran = record(tmp_path, source)
    assert [one.message for one in ran.report.warnings] == [said]
    assert ran.outcome("test_it").notes == {Note.LEAKED}


def test_warnings_that_are_errors_do_not_hide_what_was_never_awaited(tmp_path):
    ran = record(tmp_path, LOST, filterwarnings=["error"])
    assert ran.verdicts()["test_not_awaited"] == "failed"


@pytest.mark.parametrize("width", [1, 100])
def test_on_a_shared_loop_each_test_answers_for_its_own_tasks(tmp_path, width):
    source = """\
import asyncio
from rustest import mark

pytestmark = mark.asyncio(loop_scope="module")
KEPT = []

async def fail():
    raise ValueError("lost")

async def test_lost():
    KEPT.append(asyncio.create_task(fail()))
    await asyncio.sleep(0.01)

async def test_good():
    await asyncio.sleep(0.02)
"""
    assert record(tmp_path, source, concurrency=width).verdicts() == {"test_lost": "failed", "test_good": "passed"}


def test_a_test_that_timed_out_is_not_blamed_for_what_it_had_no_time_to_tidy_up(tmp_path):
    source = """
        import asyncio
        from rustest import mark

        @mark.timeout(0.05)
        async def test_waits():
            task = asyncio.create_task(asyncio.Event().wait())
            await asyncio.Event().wait()
    """
    outcome = run_project(tmp_path, {"test_x.py": source}).outcome("test_x.py::test_waits")
    assert (outcome.verdict, outcome.notes) == (Verdict.TIMED_OUT, frozenset())


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_limit_beyond_that_of_the_run_is_an_error_if_the_project_says_so(tmp_path, kind):
    source = f"""
        from rustest import mark

        @mark.timeout(60)
        {kind} test_long(): pass

        @mark.timeout(5)
        {kind} test_short(): pass
    """
    report = run_project(tmp_path, {"test_x.py": source}, timeout=10.0, strict={"long_timeout": "error"})
    verdicts = {name: report.outcome(f"test_x.py::test_{name}").verdict for name in ("long", "short")}
    assert verdicts == {"long": Verdict.FAILED, "short": Verdict.PASSED}
    (failure,) = report.outcome("test_x.py::test_long").failures
    assert failure.message == "the test's own limit of 60 s is beyond the run's `timeout` of 10 s: lower it"
