"""A failure names the task of the test's that it ended."""

from project_runs import record

from rustest.report.failure.failures import failure_text

PROJECT = """\
import asyncio

async def fetch(n):
    await asyncio.sleep(0)
    return 1 / n

async def test_group():
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch(0), name="zero")

async def test_gather():
    await asyncio.gather(fetch(1), asyncio.create_task(fetch(0), name="nought"))

async def test_outer_task():
    async def outer():
        await asyncio.create_task(fetch(0), name="inner")
    await asyncio.create_task(outer(), name="outer")

async def test_no_task():
    await fetch(0)

async def test_caught():
    task = asyncio.create_task(fetch(0), name="caught")
    try:
        await task
    except ZeroDivisionError as error:
        raise ValueError from error

class Frozen(Exception):
    def __setattr__(self, name, value):
        raise TypeError("frozen")

    def __getattribute__(self, name):
        if "rustest" in name:
            raise TypeError("asked")
        return super().__getattribute__(name)

async def test_frozen():
    async def freeze():
        raise Frozen
    await asyncio.create_task(freeze(), name="ice")
"""


def test_the_task_is_named_wherever_its_exception_ends_up(tmp_path):
    run = record(tmp_path, PROJECT)
    (member,) = run.failure("test_group").members
    assert member.task.name == "zero"
    assert run.failure("test_group").task is None
    assert run.failure("test_gather").task.name == "nought"
    assert run.failure("test_outer_task").task.name == "inner"
    assert run.failure("test_no_task").task is None
    assert (run.failure("test_caught").task, run.failure("test_caught").cause.task.name) == (None, "caught")
    assert run.failure("test_frozen").task.name == "ice"


def test_the_text_names_it_and_in_debug_mode_where_it_was_created(tmp_path):
    run = record(tmp_path, PROJECT, asyncio_debug=True)
    assert failure_text(run.failure("test_group"), str(tmp_path)).split("\n")[-8:] == [
        "+-- 1 of 1: ZeroDivisionError: division by zero",
        "    in task 'zero', created at test_it.py:9 in test_group",
        "      test_it.py:5 in fetch",
        "          async def fetch(n):",
        "              await asyncio.sleep(0)",
        "        >     return 1 / n",
        "                     ^^^^^",
        "        n = 0",
    ]


def test_an_exception_that_nobody_retrieves_is_still_complained_of(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio, gc
        from happened import note

        async def fail():
            raise ValueError

        async def test_it():
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: note(context["message"]))
            task = asyncio.create_task(fail())
            await asyncio.sleep(0.01)
            del task
            gc.collect()
        """,
    )
    assert run.log == ["Task exception was never retrieved"]


LOST = """\
import asyncio, gc

async def fail():
    raise ValueError("lost")

async def lose():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    del task
    gc.collect()

async def test_lost():
    await lose()

async def test_heard(caplog):
    await lose()
    assert "Task exception was never retrieved" in caplog.text
"""


def test_what_a_lost_task_raised_is_told_by_the_failure_and_not_by_the_log_too(tmp_path):
    run = record(tmp_path, LOST)
    for test in ("test_lost", "test_heard"):
        assert run.failure(test).headline == "ValueError: lost"
        assert run.failure(test).notes[0] == "Task exception was never retrieved"
        assert run.report.finished[f"test_it.py::{test}"].output == ()


def test_what_a_lost_task_raised_stays_in_the_log_where_it_fails_nothing(tmp_path):
    run = record(tmp_path, LOST, strict={"task_exception": "warn"})
    (piece,) = run.report.finished["test_it.py::test_lost"].output
    assert "ValueError: lost" in piece.text


def test_in_debug_mode_the_log_says_where_a_lost_callback_was_given_to_the_loop(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio

        def fail():
            raise ValueError("lost")

        async def test_lost():
            asyncio.get_running_loop().call_soon(fail)
            await asyncio.sleep(0.01)
        """,
        asyncio_debug=True,
    )
    (piece,) = run.report.finished["test_it.py::test_lost"].output
    assert "in test_lost" in piece.text
