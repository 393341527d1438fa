"""Tests that have loops of uvloop's for themselves: they overlap with each other and with those on the hub's loops."""

import pytest
from project_runs import record

from rustest.model.outcome import Verdict
from rustest.model.strictness import Strictness
from rustest.testing import run_project

pytest.importorskip("uvloop", reason="uvloop does not exist for this platform")

HEAD = """
import asyncio, sys, time, uvloop
from happened import note
from rustest import fixture, mark, parametrize

on_uvloop = mark.asyncio(loop_factory=uvloop.new_event_loop)
"""


def test_they_overlap_each_on_a_loop_of_its_own_with_those_on_the_hubs(tmp_path):
    source = """
@fixture(scope="session")
def here(): return set()

async def meet(name, here):
    here.add(name)
    while len(here) < 4:
        await asyncio.sleep(0.001)

@parametrize("name", "abc")
@on_uvloop
async def test_on_uvloop(name, here):
    note(asyncio.get_running_loop())
    assert type(asyncio.get_running_loop()) is uvloop.Loop
    await meet(name, here)
    assert len(asyncio.all_tasks()) == 1

async def test_beside(here): await meet("d", here)
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    assert set(run.verdicts().values()) == {"passed"}
    assert len(set(run.log)) == 3
    assert all(loop.is_closed() for loop in run.log)


def test_what_comes_from_sockets_threads_and_processes_wakes_them_at_once(tmp_path):
    source = """
@parametrize("number", range(10))
@on_uvloop
async def test_echo(number):
    async def answer(reader, writer):
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for turn in range(200):
            writer.write(b"%d\\n" % turn)
            assert await reader.readline() == b"%d\\n" % turn
        writer.close()
        await writer.wait_closed()

@on_uvloop
async def test_threads():
    for turn in range(200):
        assert await asyncio.to_thread(lambda: turn) == turn

@on_uvloop
async def test_process():
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(42)", stdout=-1)
    assert (await process.communicate())[0].strip() == b"42"
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    assert set(run.verdicts().values()) == {"passed"}
    echoed = [run.report.finished[id_].duration for id_ in run.report.finished if "test_echo" in id_]
    assert max(echoed) < 200 * 0.05  # a step that nobody but the clock asks for comes after so long


@pytest.mark.parametrize("lone", ["", "@mark.serial"])
def test_an_exit_in_a_task_or_callback_fails_its_own_test_alone(tmp_path, lone):
    source = f"""
def leave(): raise SystemExit(3)

async def leave_soon(): leave()

{lone}
@on_uvloop
async def test_callback():
    asyncio.get_running_loop().call_soon(leave)
    await asyncio.sleep(0.01)

{lone}
@on_uvloop
async def test_task():
    async with asyncio.TaskGroup() as group:
        group.create_task(leave_soon())

@on_uvloop
async def test_beside(): await asyncio.sleep(0.1)
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    assert run.verdicts() == {"test_callback": "failed", "test_task": "failed", "test_beside": "passed"}
    assert run.failure("test_callback").headline == "SystemExit: 3"


@pytest.mark.parametrize("lone", ["", "@mark.serial"])
def test_an_exception_that_nobody_takes_fails_its_own_test_unless_that_has_a_handler(tmp_path, lone):
    source = f"""
def fail(): raise ValueError("lost")

async def fail_soon(): fail()

{lone}
@on_uvloop
async def test_callback():
    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0.01)

{lone}
@on_uvloop
async def test_task():
    asyncio.create_task(fail_soon())
    await asyncio.sleep(0.01)

{lone}
@on_uvloop
async def test_handled():
    taken = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: taken.append(context["exception"]))
    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0.01)
    assert taken

@on_uvloop
async def test_beside(): await asyncio.sleep(0.1)
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    expected = {"test_callback": "failed", "test_task": "failed", "test_handled": "passed", "test_beside": "passed"}
    assert run.verdicts() == expected
    assert run.failure("test_task").headline == "ValueError: lost"


def test_where_such_exceptions_are_only_logged_that_is_the_log_of_their_test(tmp_path):
    source = """
async def fail_soon(): raise ValueError("lost")

@on_uvloop
async def test_task():
    assert asyncio.get_running_loop().get_exception_handler() is None
    asyncio.create_task(fail_soon())
    await asyncio.sleep(0.01)

@parametrize("number", range(3))
@on_uvloop
async def test_beside(number): await asyncio.sleep(0.1)
"""
    run = record(tmp_path, HEAD + source, timeout=30, strict={"task_exception": Strictness.IGNORE})
    assert set(run.verdicts().values()) == {"passed"}
    logged = {id_ for id_, end in run.report.finished.items() for piece in end.output if "retrieved" in piece.text}
    assert logged == {"test_it.py::test_task"}


def test_one_that_blocks_the_thread_is_interrupted_and_its_neighbours_pass(tmp_path):
    source = """
@on_uvloop
@mark.timeout(0.3)
async def test_blocks():
    await asyncio.sleep(0.01)
    time.sleep(60)

@parametrize("number", range(5))
@on_uvloop
async def test_beside(number):
    await asyncio.sleep(0.1)
"""
    run = record(tmp_path, HEAD + source)
    verdicts = run.verdicts()
    assert verdicts.pop("test_blocks") == "timed out"
    assert set(verdicts.values()) == {"passed"}


def test_one_whose_sync_fixture_closes_its_loop_hinders_nobody(tmp_path):
    source = """
@fixture
async def started(): yield asyncio.get_running_loop()

@fixture
def closing(started):
    started.close()

@on_uvloop
async def test_closed(closing): pass

@parametrize("number", range(5))
@on_uvloop
async def test_beside(number):
    await asyncio.sleep(0.1)
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    verdicts = run.verdicts()
    assert verdicts.pop("test_closed") != "passed"
    assert set(verdicts.values()) == {"passed"}


def test_a_loop_that_is_not_made_as_uvloops_are_is_refused_with_advice(tmp_path):
    source = """
class Other(asyncio.SelectorEventLoop): pass

Other.__module__ = "uvloop"

@mark.asyncio(loop_factory=Other)
async def test_refused(): pass

@mark.serial
@mark.asyncio(loop_factory=Other)
async def test_alone(): pass
"""
    report = run_project(tmp_path, {"test_it.py": HEAD.replace("from happened import note", "") + source})
    refused, alone = (report.finished[f"test_it.py::test_{name}"].outcome for name in ("refused", "alone"))
    assert "uvloop.Other is not as rustest knows it" in refused.failures[0].message
    assert "@mark.serial" in refused.failures[0].message
    assert alone.verdict is Verdict.PASSED


def test_those_whose_policy_makes_such_loops_overlap_and_have_it_in_force_in_their_steps_alone(tmp_path):
    by_policy = """
import asyncio, uvloop
from meeting import meet
from rustest import fixture, parametrize

POLICY = uvloop.EventLoopPolicy()

@fixture
def event_loop_policy(): return POLICY

@fixture
def policy_seen(): return asyncio.get_event_loop_policy()

@parametrize("name", "ab")
async def test_on_uvloop(name, policy_seen):
    assert type(asyncio.get_running_loop()) is uvloop.Loop
    await meet(name)
    assert asyncio.get_event_loop_policy() is policy_seen is POLICY
"""
    beside = """
import asyncio
from meeting import meet

async def test_beside():
    await meet("c")
    assert type(asyncio.get_event_loop_policy()) is asyncio.DefaultEventLoopPolicy
"""
    meeting = """
import asyncio

here = set()

async def meet(name):
    here.add(name)
    while len(here) < 3:
        await asyncio.sleep(0.001)
"""
    files = {"test_by_policy.py": by_policy, "test_beside.py": beside, "meeting.py": meeting}
    report = run_project(tmp_path, files, timeout=30)
    assert len(report.ids(Verdict.PASSED)) == 3


def test_what_is_found_unclosed_as_a_loop_is_closed_is_told_of_its_test(tmp_path):
    source = """
@parametrize("number", range(3))
@on_uvloop
async def test_beside(number): await asyncio.sleep(0.1)

@on_uvloop
async def test_leaves_server():
    await asyncio.start_server(print, "127.0.0.1", 0)
"""
    run = record(tmp_path, HEAD + source, timeout=30)
    told = {warning.id for warning in run.report.warnings if "TCPServer" in warning.message}
    assert told == {"test_it.py::test_leaves_server"}
