"""SIGTERM, with which a machine cancels a job: the run ends as by Ctrl-C, and teardowns have some time and no more."""

import signal
import threading
import time

import pytest
from process_runs import Running
from project_runs import record

NOT_RUN = "skipped: not run: stopped by SIGTERM"
SOURCE = """
    import asyncio, os, signal, time
    from marking import hold, mark_done
    from rustest import fixture

    @fixture(scope="session")
    def session_wide():
        yield
        mark_done("session torn down")

    @fixture
    {kind} around(session_wide):
        yield
        {teardown}
        mark_done("torn down")

    {kind} test_runs(around):
        mark_done("started")
        {body}

    def test_after(session_wide): pass
"""
WAITS = {"def": "hold()", "async def": "await asyncio.sleep(1000)"}


def started(folder, kind="def", *arguments, teardown="mark_done('tearing down')", body=None):
    body = body or WAITS[kind]
    running = Running(folder, SOURCE.format(kind=kind, teardown=teardown, body=body), "--concurrency", "1", *arguments)
    running.wait_for("started")
    time.sleep(0.1)  # until it waits
    return running


@pytest.mark.parametrize("kind", WAITS)
def test_it_ends_what_runs_tears_it_down_and_reports(tmp_path, kind):
    running = started(tmp_path, kind, "--report-jsonl", "events.jsonl")
    running.process.terminate()
    ended = running.end()
    assert (ended.status, ended.err) == (143, "")
    assert ended.marks() == ["session torn down", "started", "tearing down", "torn down"]
    assert ended.junit()["test_runs"] == NOT_RUN
    assert "stopped by SIGTERM; cancelling 1 running test; another one leaves at once\n" in ended.out
    assert "\nstopped by SIGTERM while running:\n  test_it.py::test_runs  at " in ended.out
    assert '"run_finished"' in (tmp_path / "events.jsonl").read_text()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_another_one_leaves_at_once_with_the_results_there_are(tmp_path, second):
    running = started(tmp_path, teardown="mark_done('tearing down'); hold()")
    running.process.terminate()
    running.wait_for("tearing down")
    if second is signal.SIGTERM:
        time.sleep(0.6)  # until it is no echo
    running.process.send_signal(second)
    ended = running.end()
    assert ended.status == 143
    assert ended.junit()["test_runs"] == NOT_RUN
    assert ended.marks() == ["started", "tearing down"]


def test_one_that_is_sent_twice_in_a_row_is_one(tmp_path):
    """So `timeout` does, to the process and to its group."""
    running = started(tmp_path, teardown="time.sleep(0.2)")
    running.process.terminate()
    time.sleep(0.05)
    running.process.terminate()
    ended = running.end()
    assert ended.status == 143
    assert ended.marks() == ["session torn down", "started", "torn down"]


def test_after_ctrl_c_it_leaves_at_once(tmp_path):
    running = started(tmp_path, teardown="mark_done('tearing down'); hold()")
    running.interrupt()
    running.wait_for("tearing down")
    running.process.terminate()
    ended = running.end()
    assert ended.status == 2
    assert ended.marks() == ["started", "tearing down"]


@pytest.mark.parametrize("kind", WAITS)
def test_teardowns_that_take_too_long_are_left_and_told(tmp_path, kind):
    running = started(tmp_path, kind, "--sigterm-grace", "0.2", teardown=WAITS[kind])
    running.process.terminate()
    ended = running.end()
    assert ended.status == 143
    assert ended.junit()["test_runs"] == NOT_RUN
    assert ended.marks() == ["started"]
    assert "\n1 test runs now" in ended.out
    assert " in around\n" in ended.out
    assert "PROBLEM after SIGTERM  teardown: the process ends in the middle of teardowns" in ended.out


def test_while_files_are_imported_it_ends_the_run_and_names_the_file(tmp_path):
    source = """
        from marking import hold, mark_done
        mark_done("importing")
        try: hold()
        finally: mark_done("ended")
    """
    running = Running(tmp_path, {"test_before.py": "def test_before(): pass\n", "test_it.py": source})
    running.wait_for("importing")
    running.process.terminate()
    ended = running.end()
    assert (ended.status, ended.err) == (143, "")
    assert ended.marks() == ["ended", "importing"]
    assert "PROBLEM test_it.py  stopped by SIGTERM while it was imported" in ended.out
    assert ended.junit() == {"test_it": "error: stopped by SIGTERM while it was imported"}


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_handler_of_the_users_own_has_it(tmp_path, workers):
    conftest = """
        import signal
        from marking import mark_done

        def handle(number, frame): mark_done("handled")

        signal.signal(signal.SIGTERM, handle)
    """
    source = """
        import os, signal, time
        from pathlib import Path
        from conftest import handle
        from marking import mark_done

        def test_it():
            assert signal.getsignal(signal.SIGTERM) == handle
            mark_done("started")
            while not Path("marks/ended").exists(): time.sleep(0.01)
    """
    running = Running(tmp_path, {"conftest.py": conftest, "test_it.py": source}, "-n", workers)
    running.wait_for("started")
    running.process.terminate()
    running.wait_for("handled")
    (tmp_path / "marks" / "ended").touch()
    assert running.end().status == 0


STATUSES = {signal.SIGTERM: 143, signal.SIGINT: 2}


@pytest.mark.parametrize("number", STATUSES)
def test_it_is_heeded_after_asyncio_has_given_it_back_to_python_and_so_is_ctrl_c(tmp_path, number):
    gives_back = f"""
        import asyncio, signal

        async def main():
            asyncio.get_running_loop().add_signal_handler({number}, print)
            asyncio.get_running_loop().remove_signal_handler({number})

        def test_gives_back():
            asyncio.run(main())
            assert signal.getsignal({number}) in (signal.SIG_DFL, signal.default_int_handler)
    """
    holds = SOURCE.format(kind="def", teardown="", body="hold()")
    running = Running(tmp_path, {"test_a.py": gives_back, "test_it.py": holds})
    running.wait_for("started")
    running.process.send_signal(number)
    ended = running.end()
    assert (ended.status, ended.err, ended.junit()["test_gives_back"]) == (STATUSES[number], "", "passed")


@pytest.mark.parametrize("number", STATUSES)
def test_one_that_a_library_passes_on_is_heeded_and_so_is_ctrl_c(tmp_path, number):
    """uvicorn takes it while it serves, closes its server, and sends it once more."""
    library = f"""
        import signal, time

        def serve(started):
            caught = []
            earlier = signal.signal({number}, lambda number, frame: caught.append(number))
            started()
            while not caught: time.sleep(0.01)
            signal.signal({number}, earlier)
            signal.raise_signal({number})
            return "served"
    """
    source = """
        import sys
        from marking import mark_done
        sys.path.insert(0, "site-packages")
        from library import serve

        def test_serves():
            assert serve(lambda: mark_done("started")) == "served"
            mark_done("served")
    """
    running = Running(tmp_path, {"site-packages/library.py": library, "test_it.py": source})
    running.wait_for("started")
    running.process.send_signal(number)
    ended = running.end()
    assert ended.status == STATUSES[number]
    assert ended.junit()["test_serves"].startswith("skipped: not run: ")
    assert ended.marks() == ["served", "started"]


OF_TESTS = """
    import asyncio, multiprocessing, os, signal, threading, time
    from rustest import mark

    def test_a_handler_of_its_own():
        got = []
        earlier = signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
        os.kill(os.getpid(), signal.SIGTERM)
        while not got: time.sleep(0.001)
        signal.signal(signal.SIGTERM, earlier)
        assert signal.getsignal(signal.SIGTERM) == earlier

    async def wait_for_it():
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, came.set)
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGTERM)).start()
        await asyncio.wait_for(came.wait(), 10)
        loop.remove_signal_handler(signal.SIGTERM)

    def test_a_loop_of_its_own():
        asyncio.run(wait_for_it())

    @mark.serial
    async def test_on_its_loop():
        await wait_for_it()

    def test_a_forked_child_ends_of_it():
        child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(1000,))
        child.start()
        child.terminate()
        child.join()
        assert child.exitcode == -signal.SIGTERM

    def test_a_forked_child_finds_it_unhandled():
        child = os.fork()
        if not child:
            usual = signal.SIG_DFL, signal.default_int_handler
            os._exit(int((signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) != usual))
        assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_tests_have_it_as_without_rustest(tmp_path, workers):
    before = signal.getsignal(signal.SIGTERM)
    run = record(tmp_path, OF_TESTS, workers=workers, worker_start="fork")
    assert set(run.verdicts().values()) == {"passed"}
    assert signal.getsignal(signal.SIGTERM) == before


def test_off_the_main_thread_nobody_handles_it(tmp_path):
    source = """
        import signal
        def test_it(): assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    """
    runs = []
    thread = threading.Thread(target=lambda: runs.append(record(tmp_path, source)))
    thread.start()
    thread.join()
    assert runs[0].verdicts() == {"test_it": "passed"}
