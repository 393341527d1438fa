"""SIGUSR1 asks what runs now, whatever the run is doing."""

import os
import signal
import time
from textwrap import dedent

import pytest
from process_runs import Running, run_command
from project_runs import record

from rustest.model.events import RunFinished, Standing
from rustest.model.failure import Phase

WAYS_TO_WAIT = {
    "async tests": (
        """
        async def wait():
            mark_done("started")
            await asyncio.sleep(1000)

        async def test_waits():
            await wait()

        async def test_waits_too():
            await asyncio.sleep(1000)
        """,
        ["test_waits", "wait", "test_waits_too"],
    ),
    "a sync test": (
        """
        def wait():
            mark_done("started")
            hold()

        def test_waits():
            wait()
        """,
        ["test_waits", "wait"],
    ),
    "an async test that blocks": (
        """
        async def test_waits():
            mark_done("started")
            hold()
        """,
        ["test_waits"],
    ),
    "a loop in a sync test": (
        """
        async def wait():
            mark_done("started")
            while True: await asyncio.sleep(0.05)

        def test_waits():
            asyncio.run(wait())
        """,
        ["test_waits", "wait"],
    ),
    "a fixture that two tests share": (
        """
        @fixture(scope="session")
        async def server():
            mark_done("started")
            await asyncio.sleep(1000)

        async def test_waits(server): pass
        async def test_waits_too(server): pass
        """,
        ["test_waits", "server", "test_waits_too", "server"],
    ),
}
HEADER = "import asyncio\nfrom marking import hold, mark_done\nfrom rustest import fixture\n"


@pytest.mark.parametrize("way", WAYS_TO_WAIT)
def test_the_answer_says_who_runs_and_where_each_waits(tmp_path, way):
    source, named = WAYS_TO_WAIT[way]
    running = Running(tmp_path, HEADER + dedent(source))
    running.wait_for("started")
    time.sleep(0.1)  # from the mark to the wait
    running.process.send_signal(signal.SIGUSR1)
    out = ""
    while "after the start:" not in out:
        line = running.process.stdout.readline()
        assert line, running.end()
        out += line
    running.interrupt()
    out += running.process.stdout.read()
    running.end()
    answer = out.partition("after the start:\n")[2].partition("interrupted;")[0]
    missing = [name for name in named if name not in answer]
    assert missing == [], out
    assert "rustest/run" not in answer and "asyncio/" not in answer
    assert "test_it.py:" in answer


def test_the_innermost_line_comes_first(tmp_path):
    run = record(
        tmp_path,
        """
        import os, signal

        def ask():
            os.kill(os.getpid(), signal.SIGUSR1)

        def test_asks():
            ask()
        """,
    )
    (standing,) = [event for event in run.events if isinstance(event, Standing)]
    (where,) = standing.running
    assert (where.name, where.phase) == ("test_it.py::test_asks", Phase.CALL)
    assert [frame.function for frame in where.frames] == ["ask", "test_asks"]
    assert where.age >= 0


def test_a_test_keeps_its_own_handler(tmp_path):
    run = record(
        tmp_path,
        """
        import os, signal

        def test_has_its_own():
            heard = []
            earlier = signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
            try:
                os.kill(os.getpid(), signal.SIGUSR1)
            finally:
                signal.signal(signal.SIGUSR1, earlier)
            assert heard == [1]

        async def test_has_one_on_its_loop():
            import asyncio
            heard = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGUSR1, heard.set)
            os.kill(os.getpid(), signal.SIGUSR1)
            await asyncio.wait_for(heard.wait(), 10)
            loop.remove_signal_handler(signal.SIGUSR1)
        """,
    )
    assert set(run.verdicts().values()) == {"passed"}
    assert not any(isinstance(event, Standing) for event in run.events)


def test_afterwards_the_signal_is_as_it_was(tmp_path):
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
    run = record(tmp_path, "import signal\ndef test_one(): assert callable(signal.getsignal(signal.SIGUSR1))\n")
    assert run.verdicts() == {"test_one": "passed"}
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_whoever_runs_rustest_keeps_his_handler(tmp_path):
    def handler(*_: object) -> None:
        """Do nothing."""

    signal.signal(signal.SIGUSR1, handler)
    try:
        run = record(tmp_path, "import os, signal\ndef test_one(): os.kill(os.getpid(), signal.SIGUSR1)\n")
        assert signal.getsignal(signal.SIGUSR1) is handler
    finally:
        signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    assert not any(isinstance(event, Standing) for event in run.events)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_dies_of_the_signal_as_ever(tmp_path):
    done = run_command(
        tmp_path,
        """
        import os, signal, time

        def test_forks():
            child = os.fork()
            if not child:
                time.sleep(1000)
                os._exit(0)
            time.sleep(0.1)
            os.kill(child, signal.SIGUSR1)
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGUSR1
        """,
    )
    assert (done.status, done.err) == (0, "")


def test_an_answer_never_comes_after_the_end(tmp_path):
    run = record(
        tmp_path,
        """
        import os, signal
        from rustest import parametrize

        @parametrize("number", range(50))
        async def test_asks(number):
            os.kill(os.getpid(), signal.SIGUSR1)
        """,
    )
    assert isinstance(run.events[-1], RunFinished)
    assert sum(isinstance(event, Standing) for event in run.events) >= 1
