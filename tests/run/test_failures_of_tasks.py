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
