"""After a timeout the report says of every task of that test where it waited, and for what."""

from project_runs import record

from rustest.model.failure import TaskWait
from rustest.report.failure.failures import failure_text


def brief(wait: TaskWait) -> tuple[str, list[str], str]:
    return wait.name, [frame.function for frame in wait.frames], wait.waits_for


THREE = """\
import asyncio
from rustest import mark

async def poll(event):
    await event.wait()

async def join(other):
    await other

async def inner(lock):
    async with lock:
        pass

@mark.asyncio(timeout=0.1)
async def test_it():
    lock = asyncio.Lock()
    await lock.acquire()
    poller = asyncio.create_task(poll(asyncio.Event()), name="poller")
    joiner = asyncio.create_task(join(poller), name="joiner")
    await inner(lock)
"""


def test_every_task_is_there_the_tests_own_first_and_its_innermost_line_first(tmp_path):
    failure = record(tmp_path, THREE).failure("test_it")
    assert [brief(wait) for wait in failure.tasks] == [
        ("test_it.py::test_it", ["inner", "test_it"], "Lock"),
        ("joiner", ["join"], "task 'poller'"),
        ("poller", ["poll"], "Event.wait"),
    ]
    assert [frame.function for frame in failure.frames] == ["test_it", "inner"]


def test_the_text_tells_the_tests_own_task_in_detail_and_the_others_below(tmp_path):
    text = failure_text(record(tmp_path, THREE).failure("test_it"), str(tmp_path))
    lines = [line.partition(" = <asyncio.locks.Lock ")[0] for line in text.split("\n") if "^" not in line]
    assert lines == [
        "Test timed out after 0.1 seconds",
        "  it waited for Lock",
        "    test_it.py:11 in inner",
        "        async def inner(lock):",
        "      >     async with lock:",
        "      lock",
        "    test_it.py:20 in test_it",
        "      await inner(lock)",
        "  task 'joiner' waited for task 'poller'",
        "    test_it.py:8 in join",
        "      await other",
        "  task 'poller' waited for Event.wait",
        "    test_it.py:5 in poll",
        "      await event.wait()",
    ]


def test_tasks_that_wait_in_the_same_way_are_told_once(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio
        from rustest import mark

        async def work():
            await asyncio.sleep(10)

        @mark.asyncio(timeout=0.1)
        async def test_it():
            async with asyncio.TaskGroup() as group:
                for number in range(12):
                    group.create_task(work(), name=f"work{number:02}")
        """,
    )
    text = failure_text(run.failure("test_it"), str(tmp_path))
    assert "  it waited for TaskGroup\n" in text
    assert text.count("await asyncio.sleep(10)") == 1
    assert "  tasks 'work00', 'work01', " in text
    assert ", 'work09' and 2 more waited for asyncio.sleep\n" in text


def test_of_a_gather_what_has_not_ended_is_named(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio
        from rustest import mark

        @mark.asyncio(timeout=0.1)
        async def test_it():
            done = asyncio.create_task(asyncio.sleep(0), name="done")
            hangs = asyncio.create_task(asyncio.sleep(10), name="hangs")
            await asyncio.gather(done, hangs)

        @mark.asyncio(timeout=0.1)
        async def test_future():
            await asyncio.get_running_loop().create_future()
        """,
    )
    own, hangs = run.failure("test_it").tasks
    assert own.waits_for == "asyncio.gather of task 'hangs'"
    assert brief(hangs) == ("hangs", [], "asyncio.sleep")
    assert "  task 'hangs' waited for asyncio.sleep" in failure_text(run.failure("test_it"), "").split("\n")
    assert [wait.waits_for for wait in run.failure("test_future").tasks] == ["a future"]


def test_on_a_shared_loop_only_the_tests_own_tasks_are_told(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio
        from rustest import mark

        async def work():
            await asyncio.sleep(10)

        @mark.asyncio(timeout=0.1, loop_scope="module")
        async def test_it():
            task = asyncio.create_task(work(), name="mine")
            await task

        @mark.asyncio(timeout=5, loop_scope="module")
        async def test_neighbour():
            task = asyncio.create_task(work(), name="not mine")
            await asyncio.sleep(0.3)
            task.cancel()
        """,
    )
    assert [wait.name for wait in run.failure("test_it").tasks] == ["test_it.py::test_it", "mine"]
    assert run.verdicts()["test_neighbour"] == "passed"


def test_the_tasks_of_a_sync_tests_own_loop_are_told_with_the_line_that_runs_it(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio
        from rustest import mark

        async def work():
            await asyncio.sleep(10)

        async def main():
            task = asyncio.create_task(work(), name="a named one")
            await task

        @mark.timeout(0.1)
        def test_it():
            asyncio.run(main())
        """,
    )
    main, work = run.failure("test_it").tasks
    assert (brief(main)[1:], brief(work)[1:]) == (
        (["main", "test_it"], "task 'a named one'"),
        (["work"], "asyncio.sleep"),
    )


def test_where_a_task_was_created_is_told_in_debug_mode(tmp_path):
    failure = record(tmp_path, THREE, asyncio_debug=True).failure("test_it")
    assert [wait.created.line for wait in failure.tasks if wait.created] == [19, 18]
    assert "      created at test_it.py:19 in test_it" not in failure_text(failure, str(tmp_path)).split("\n")
    assert "    created at test_it.py:19 in test_it" in failure_text(failure, str(tmp_path)).split("\n")


def test_code_that_holds_the_thread_is_told_as_a_traceback(tmp_path):
    run = record(
        tmp_path,
        """\
        import time
        from rustest import mark

        @mark.asyncio(timeout=0.1)
        async def test_it():
            time.sleep(10)
        """,
    )
    failure = run.failure("test_it")
    assert (failure.tasks, [frame.function for frame in failure.frames]) == ((), ["test_it"])
    assert "    >     time.sleep(10)" in failure_text(failure, str(tmp_path)).split("\n")


def test_a_fixture_of_a_wider_scope_is_told_by_its_own_task_and_those_that_it_made(tmp_path):
    run = record(
        tmp_path,
        """\
        import asyncio
        from rustest import fixture, mark

        @fixture(scope="module")
        async def server():
            listener = asyncio.create_task(asyncio.sleep(10), name="listener")
            await listener
            yield

        @mark.asyncio(timeout=0.1)
        async def test_it(server):
            pass
        """,
    )
    own, listener = run.failure("test_it").tasks
    assert brief(own)[1:] == (["server"], "task 'listener'")
    assert brief(listener) == ("listener", [], "asyncio.sleep")


def test_values_and_local_variables_are_kept_of_tasks_too(tmp_path):
    own, joiner, _ = record(tmp_path, THREE, showlocals=True).failure("test_it").tasks
    assert [value.name for value in own.frames[0].values] == ["lock"]
    assert [value.name for value in own.frames[1].locals] == ["lock", "poller", "joiner"]
    assert [value.name for value in joiner.frames[0].locals] == ["other"]
