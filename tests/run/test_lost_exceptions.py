"""Exceptions of threads and finalizers, and `raises` that nobody enters: each is told of its own test."""

import sys
import threading

import pytest
from project_runs import record

THREADS = """\
import asyncio, sys, threading

def fail(): raise ValueError("lost")
def leave(): sys.exit(1)

def run(target):
    thread = threading.Thread(target=target, name="worker")
    thread.start()
    thread.join()

def test_sync():
    run(fail)

async def test_async():
    await asyncio.sleep(0.001)
    run(fail)

async def test_thread_of_a_thread():
    run(lambda: run(fail))

async def test_good():
    await asyncio.sleep(0.002)

async def test_exit():
    run(leave)

async def test_has_a_hook_of_its_own():
    taken = []
    before, threading.excepthook = threading.excepthook, taken.append
    run(fail)
    threading.excepthook = before
    assert len(taken) == 1
"""
BAD = {"test_sync", "test_async", "test_thread_of_a_thread"}


@pytest.mark.parametrize("width", [1, 100])
def test_a_thread_that_ends_by_an_exception_fails_the_test_that_started_it(tmp_path, width):
    ran = record(tmp_path, THREADS, concurrency=width)
    assert {name for name, verdict in ran.verdicts().items() if verdict == "failed"} == BAD
    for name in BAD:
        failure = ran.failure(name)
        assert failure.headline == "ValueError: lost"
        assert failure.notes == ("thread 'worker' ended by this, and nobody took it",)
        assert failure.frames[-1].function == "fail"
        assert ran.report.finished[f"test_it.py::{name}"].output == ()  # it is told once


@pytest.mark.parametrize("strictness", ["warn", "ignore"])
def test_what_fails_no_test_is_printed_as_python_does_it(tmp_path, strictness):
    ran = record(tmp_path, THREADS, strict={"thread_exception": strictness})
    for name in BAD:
        output = "".join(one.text for one in ran.report.finished[f"test_it.py::{name}"].output)
        assert "Exception in thread worker" in output
        assert "ValueError: lost" in output
        assert "_run_as" not in output


VERDICTS = """\
import asyncio, threading
from rustest import fail, skip, xfail

class Odd(BaseException): pass

def odd(): raise Odd

async def later(call): call()

async def in_a_task(call):
    asyncio.create_task(later(call))
    await asyncio.sleep(0.001)

async def in_a_task_that_is_kept(call, tasks=[]):
    tasks.append(asyncio.create_task(later(call)))
    await asyncio.sleep(0.001)

async def in_a_thread(call):
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()

"""
PLACES = ("in_a_task", "in_a_task_that_is_kept", "in_a_thread")


def test_what_fail_and_its_like_say_where_nobody_hears_them_fails_the_test(tmp_path):
    calls = {"fail": "lambda: fail('unheard')", "skip": "lambda: skip('unheard')", "xfail": "xfail", "odd": "odd"}
    tests = [
        f"async def test_{name}_{place}(): await {place}({call})\n" for name, call in calls.items() for place in PLACES
    ]
    run = record(tmp_path, VERDICTS + "".join(tests))
    assert run.verdicts() == {f"test_{name}_{place}": "failed" for name in calls for place in PLACES}


def test_such_threads_may_be_no_more_than_warned_of(tmp_path):
    ran = record(tmp_path, THREADS, strict={"thread_exception": "warn"})
    assert set(ran.verdicts().values()) == {"passed"}
    assert {warning.id.partition("::")[2] for warning in ran.report.warnings} == BAD


def test_the_hooks_are_as_they_were_when_the_run_is_over(tmp_path):
    before = threading.excepthook, sys.unraisablehook
    record(tmp_path, THREADS)
    assert (threading.excepthook, sys.unraisablehook) == before


@pytest.mark.parametrize("width", [1, 100])
def test_what_finalizers_raise_is_warned_of(tmp_path, width):
    source = """\
class Resource:
    def __del__(self): raise ValueError("not closed")

async def test_async(): Resource()
def test_sync(): Resource()
def test_good(): pass
"""
    ran = record(tmp_path, source, concurrency=width)
    assert set(ran.verdicts().values()) == {"passed"}
    said = "ValueError: not closed\nraised in `Resource.__del__`, where Python can only print it"
    assert {(one.id.partition("::")[2], one.category, one.message) for one in ran.report.warnings} == {
        ("test_async", "rustest.FinalizerWarning", said),
        ("test_sync", "rustest.FinalizerWarning", said),
    }
    verdicts = record(tmp_path, source, strict={"finalizer_exception": "error"}).verdicts()
    assert verdicts == {"test_async": "failed", "test_sync": "failed", "test_good": "passed"}


RAISES = """\
import asyncio
from contextlib import ExitStack, nullcontext
from rustest import mark, raises

def test_forgets_with():
    raises(ValueError)

async def test_forgets_with_in_async_code():
    expected = raises(ValueError)
    await asyncio.sleep(0.001)

@mark.parametrize("expected", [raises(ValueError), nullcontext()])
def test_has_no_use_for_its_param(expected): pass

def test_enters():
    with raises(ValueError):
        raise ValueError

def test_enters_later():
    with ExitStack() as stack:
        stack.enter_context(raises(ValueError))
        raise ValueError

def test_calls():
    raises(ValueError, int, "x")

def test_is_refused():
    with raises(TypeError):
        raises(ValueError, match=1)
"""


@pytest.mark.parametrize("width", [1, 100])
def test_raises_that_nobody_enters_fails_the_test(tmp_path, width):
    ran = record(tmp_path, RAISES, concurrency=width, filterwarnings=["error"])
    bad = {"test_forgets_with": 6, "test_forgets_with_in_async_code": 10}
    assert {name for name, verdict in ran.verdicts().items() if verdict == "failed"} == set(bad)
    for name, line in bad.items():
        assert ran.failure(name).headline.startswith("raises() was never entered, and so checks nothing")
        assert ran.failure(name).frames[-1].line in (line, line - 1, line - 2)
