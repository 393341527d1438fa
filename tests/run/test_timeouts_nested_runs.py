"""A run inside a test of a run, each with limits of its own."""

import signal

from process_runs import Running, run_command
from project_runs import record

INNER = """
import tempfile
from rustest.testing import run_project

def run_inside(source, **settings):
    with tempfile.TemporaryDirectory() as folder:
        report = run_project(folder, {{"test_inside.py": source}}, **settings)
    return {{ended.id.partition("::")[2]: ended.outcome for ended in report.finished.values()}}
""".format()
HANGS = """
import asyncio, time
from rustest import mark
@mark.timeout(0.2)
def test_sync(): time.sleep(1000)
@mark.timeout(0.2)
async def test_async(): await asyncio.sleep(1000)
@mark.timeout(0.2)
async def test_blocking(): time.sleep(1000)
def test_good(): pass
"""


def test_both_have_their_limits_and_the_inner_one_gives_the_signals_back(tmp_path):
    source = f"""
        import time
        from happened import note
        from inner import run_inside
        from rustest import mark

        HANGS = {HANGS!r}

        @mark.timeout(30)
        def test_outer():
            note({{test: outcome.verdict.value for test, outcome in run_inside(HANGS).items()}})

        @mark.timeout(0.2)
        def test_outer_still_has_a_limit_afterwards():
            run_inside("def test_it(): pass")
            time.sleep(1000)

        @mark.timeout(0.4)
        def test_outer_limit_ends_an_inner_test():
            run_inside("import time\\ndef test_it(): time.sleep(1000)")

        @mark.timeout(0.4)
        def test_outer_limit_ends_an_inner_test_with_a_limit_of_its_own():
            run_inside("import time\\ndef test_it(): time.sleep(1000)", timeout=500)
    """
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGURG)]
    run = record(tmp_path, {"test_it.py": source, "inner.py": INNER}, timeout_grace=0.3)
    assert run.verdicts() == {
        "test_outer": "passed",
        "test_outer_still_has_a_limit_afterwards": "timed out",
        "test_outer_limit_ends_an_inner_test": "timed out",
        "test_outer_limit_ends_an_inner_test_with_a_limit_of_its_own": "timed out",
    }
    assert run.log == [
        dict.fromkeys(("test_sync", "test_async", "test_blocking"), "timed out") | {"test_good": "passed"}
    ]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGURG)] == before


def test_an_inner_run_that_only_waits_is_ended_by_the_outer_limit(tmp_path):
    source = """
        from inner import run_inside
        from rustest import mark

        @mark.timeout(0.4)
        def test_outer():
            run_inside("import asyncio\\nasync def test_it(): await asyncio.sleep(1000)")

        def test_after():
            pass
    """
    ended = run_command(tmp_path, {"test_it.py": source, "inner.py": INNER}, "--timeout-grace", "0.3")
    assert ended.status == 1
    assert ended.junit() == {"test_outer": "failure: Test timed out after 0.4 seconds", "test_after": "passed"}


def test_one_ctrl_c_ends_both(tmp_path):
    source = """
        from inner import run_inside

        def test_outer():
            outcomes = run_inside('''
                import asyncio, sys
                async def test_inner():
                    sys.modules["marking"].mark_done("inside")
                    try: await asyncio.sleep(1000)
                    finally: sys.modules["marking"].mark_done("torn down")
            ''')
            assert outcomes["test_inner"].verdict.value == "not run"
            mark_done("outer went on")

        def test_after():
            pass
    """
    source = "        from marking import mark_done\n" + source
    running = Running(tmp_path, {"test_it.py": source, "inner.py": INNER})
    running.wait_for("inside")
    running.interrupt()
    ended = running.end()
    assert ended.status == 2
    assert ended.junit() == dict.fromkeys(("test_outer", "test_after"), "skipped: not run: interrupted")
    assert ended.marks() == ["inside", "outer went on", "torn down"]
