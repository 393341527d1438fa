"""Output that belongs to no test: it is told apart, with whose code wrote it, and never dropped."""

from project_runs import record

from rustest.model.events import RunStarted, StrayOutput
from rustest.model.failure import Phase
from rustest.model.output import Output, Stream
from rustest.testing import run_project


def strays(report) -> list[tuple[str, str, str]]:
    return [(one.stream.value, one.text, one.origin) for one in report.stray]


def test_what_a_test_file_prints_as_it_is_imported_comes_first(tmp_path):
    happened = record(
        tmp_path, {"conftest.py": "print('conftest')", "test_it.py": "print('file')\ndef test_it(): pass"}
    )
    assert strays(happened.report) == [("stdout", "conftest\n", "conftest.py"), ("stdout", "file\n", "test_it.py")]
    kinds = [type(event) for event in happened.events]
    assert kinds[:3] == [RunStarted, StrayOutput, StrayOutput]


def test_what_a_file_prints_that_cannot_be_imported_stands_with_its_problem(tmp_path):
    source = """
        import logging, sys
        print("here it comes")
        logging.error("really")
        raise ValueError
        """
    report = run_project(tmp_path, {"test_it.py": source})
    (problem,) = report.problems
    assert problem.output[0] == Output(Phase.COLLECT, Stream.STDOUT, "here it comes\n")
    assert problem.output[1].text.endswith("ERROR    root: really\n")
    assert report.stray == ()


def test_a_thread_that_outlives_its_test_is_named(tmp_path):
    source = """
        import threading

        go, done = threading.Event(), threading.Event()

        def late():
            go.wait(10)
            print("late")
            done.set()

        def test_leaves_a_thread(): threading.Thread(target=late).start()

        def test_next():
            go.set()
            done.wait(10)
            print("mine")
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert strays(report) == [("stdout", "late\n", "test_it.py::test_leaves_a_thread")]
    assert [output.text for output in report.finished["test_it.py::test_next"].output] == ["mine\n"]


def test_a_wide_fixture_prints_for_the_first_test_and_the_last_and_for_nobody_between(tmp_path):
    source = """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def server():
            async def serve(): print("serving")
            print("up")
            yield serve
            print("down")

        @fixture(scope="module")
        def database():
            print("connected")
            yield
            print("gone")

        def test_sync(database): pass

        async def test_one(server): print("one")

        async def test_two(server, database):
            print("two")
        """
    report = run_project(tmp_path, {"test_it.py": source}, concurrency=1)
    texts = {
        key.partition("::")[2]: [(output.phase.value, output.text) for output in one.output]
        for key, one in report.finished.items()
    }
    assert texts == {
        "test_sync": [("set-up", "connected\n")],
        "test_one": [("set-up", "up\n"), ("call", "one\n")],
        "test_two": [("call", "two\n"), ("teardown", texts["test_two"][1][1])],
    }
    assert sorted(texts["test_two"][1][1].splitlines()) == ["down", "gone"]
    assert report.stray == ()


def test_a_background_task_of_a_wide_fixture_belongs_to_no_test(tmp_path):
    source = """
        import asyncio, logging
        from rustest import fixture

        @fixture(scope="session")
        async def ticking():
            async def tick():
                print("tick")
                logging.error("tock")
                ticked.set()
            ticked = asyncio.Event()
            task = asyncio.create_task(tick())
            yield ticked
            await task

        async def test_it(ticking):
            await ticking.wait()
            print("mine")
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert [output.text for output in report.finished["test_it.py::test_it"].output] == ["mine\n"]
    out, log = report.stray
    assert (out.text, out.origin, log.stream, log.origin) == (
        "tick\n",
        "fixture ticking",
        Stream.LOG,
        "fixture ticking",
    )


def test_a_thread_that_nobody_is_known_to_have_started_writes_for_the_sync_test_that_runs(tmp_path):
    source = """
        import _thread

        def test_it():
            lock = _thread.allocate_lock()
            lock.acquire()
            _thread.start_new_thread(lambda: (print("unknown"), lock.release()), ())
            lock.acquire()
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert [output.text for output in report.finished["test_it.py::test_it"].output] == ["unknown\n"]


def test_what_is_left_when_a_run_cannot_begin_goes_to_the_streams(tmp_path, capsys):
    import pytest

    from rustest.model.errors import UsageError

    with pytest.raises(UsageError):
        run_project(tmp_path, {"test_it.py": "print('imported')\ndef test_it(): pass"}, keyword="(")
    assert capsys.readouterr().out == "imported\n"


def test_a_test_given_up_for_good_still_tells_what_it_printed(tmp_path):
    source = """
        import asyncio
        from rustest import mark

        @mark.asyncio(timeout=0.05)
        async def test_stuck():
            print("before")
            while True:
                try:
                    await asyncio.sleep(10)
                except asyncio.CancelledError:
                    print("no")
        """
    report = run_project(tmp_path, {"test_it.py": source}, timeout_grace=0.05)
    (finished,) = report.finished.values()
    assert finished.outcome.verdict.is_bad
    assert finished.output[0].text.startswith("before\nno\n")
