"""A hundred tests at once that write in every way there is: each byte ends up at its own test, and none is lost."""

import json
from pathlib import Path
from xml.etree import ElementTree

from project_runs import record

from rustest.model.output import Stream

CHATTER = """
    import asyncio, logging, random, sys, threading, time, warnings
    from concurrent.futures import ThreadPoolExecutor
    from rustest import fixture, mark

    log = logging.getLogger("chatter")
    pool = ThreadPoolExecutor(4)
    LINES = 3

    async def pause():
        await asyncio.sleep(random.random() * 0.01)

    def slowly(write, *args):
        for line in range(LINES):
            time.sleep(random.random() * 0.002)
            write(*args, line)

    def in_bytes(number, what, line):
        sys.stdout.buffer.write(f"{number} {what} {line}\\n".encode())

    def to_stderr(number, what, line):
        sys.stderr.writelines([f"{number} {what} {line}\\n"])

    async def task(number):
        for line in range(LINES):
            await pause()
            print(f"{number} task {line}\\n", end="", flush=True)  # at once: a thread may come between the two writes
            in_bytes(number, "bytes", line)
            log.warning("%s log %s", number, line)

    @fixture
    async def noisy(request):
        number = request.node.name.partition("[")[2].rstrip("]")
        print(f"{number} set-up 0")
        await pause()
        yield
        await pause()
        print(f"{number} teardown 0")

    @mark.parametrize("number", range(100))
    async def test_chatter(number, noisy):
        thread = threading.Thread(target=slowly, args=(to_stderr, number, "thread"))
        thread.start()
        loop = asyncio.get_running_loop()
        parts = [
            task(number),
            asyncio.to_thread(slowly, in_bytes, number, "to_thread"),
            loop.run_in_executor(None, slowly, to_stderr, number, "executor"),
            loop.run_in_executor(pool, slowly, in_bytes, number, "pool"),
        ]
        done = asyncio.Event()
        loop.call_later(random.random() * 0.01, lambda: (sys.stdout.write(f"{number} callback 0\\n"), done.set()))
        warnings.warn(f"{number} warning")
        await asyncio.gather(*parts)
        await done.wait()
        while thread.is_alive():
            await pause()
    """


def expected(number: int) -> dict[Stream, set[str]]:
    once = {f"{number} {what} 0" for what in ("set-up", "callback", "teardown")}
    out = {f"{number} {what} {line}" for what in ("task", "bytes", "to_thread", "pool") for line in range(3)}
    err = {f"{number} {what} {line}" for what in ("thread", "executor") for line in range(3)}
    return {Stream.STDOUT: once | out, Stream.STDERR: err, Stream.LOG: {f"{number} log {line}" for line in range(3)}}


def lines_in_json(file: Path) -> dict[int, set[str]]:
    """What each test wrote, as the JSON lines have it."""
    events = map(json.loads, file.read_text().splitlines())
    ended = [event for event in events if event["event"] == "test_finished"]
    return {
        number_in(event["id"]): {line for output in event["output"] for line in output["text"].splitlines()}
        for event in ended
    }


def lines_in_junit(file: Path) -> dict[int, set[str]]:
    """The same, as the JUnit file has it."""
    cases = ElementTree.parse(file).getroot().iter("testcase")
    return {
        number_in(case.get("name", "")): {line for part in case.iter() for line in (part.text or "").splitlines()}
        for case in cases
    }


def number_in(name: str) -> int:
    return int(name.partition("[")[2].rstrip("]"))


def test_a_hundred_overlapping_tests_each_get_all_that_is_theirs(tmp_path):
    reports = tmp_path / "junit.xml", tmp_path / "events.jsonl"
    files = {"junit_xml": str(reports[0]), "report_jsonl": str(reports[1])}
    happened = record(tmp_path, CHATTER, filterwarnings=("always",), **files)
    assert happened.most_at_once() == 100
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.report.stray == ()
    for number in range(100):
        finished = happened.report.finished[f"test_it.py::test_chatter[{number}]"]
        found: dict[Stream, list[str]] = {stream: [] for stream in Stream}
        for output in finished.output:
            found[output.stream] += output.text.splitlines()
        found[Stream.LOG] = [line.partition("chatter: ")[2] for line in found[Stream.LOG]]
        assert {stream: sorted(lines) for stream, lines in found.items()} == {
            stream: sorted(lines) for stream, lines in expected(number).items()
        }
        assert finished.output[0].text.startswith(f"{number} set-up 0\n")
        assert finished.output[-1].text.endswith(f"{number} teardown 0\n")
    warned = {(warning.id, warning.message) for warning in happened.report.warnings}
    assert warned == {(f"test_it.py::test_chatter[{number}]", f"{number} warning") for number in range(100)}
    assert len(happened.report.warnings) == 100
    for told in (lines_in_junit(reports[0]), lines_in_json(reports[1])):
        assert sorted(told) == list(range(100))
        for number, lines in told.items():
            of_tests = {line.rpartition("chatter: ")[2] for line in lines if line.split()[-1:] and line[-1].isdigit()}
            assert of_tests == set().union(*expected(number).values())


def test_threads_are_given_the_owner_of_their_output_and_nothing_else(tmp_path):
    source = """
        import asyncio, threading
        from concurrent.futures import ThreadPoolExecutor
        from contextvars import ContextVar
        from happened import note

        mine = ContextVar("mine", default="unset")

        class Own(threading.Thread):
            def run(self): note(mine.get())

        async def test_it():
            mine.set("set")
            thread = Own()
            thread.start()
            thread.join()
            assert "run" not in vars(thread)
            with ThreadPoolExecutor(1) as pool:
                note(pool.submit(mine.get).result())
            note(await asyncio.get_running_loop().run_in_executor(None, mine.get))
            note(await asyncio.to_thread(mine.get))
        """
    assert record(tmp_path, source).log == ["unset", "unset", "unset", "set"]


def test_a_thread_of_a_pool_serves_one_test_after_another(tmp_path):
    source = """
        import asyncio
        from concurrent.futures import ThreadPoolExecutor
        from rustest import mark

        pool = ThreadPoolExecutor(1)

        @mark.parametrize("number", range(3))
        async def test_async(number):
            await asyncio.get_running_loop().run_in_executor(pool, print, number)

        @mark.parametrize("number", range(3))
        def test_sync(number):
            pool.submit(print, number).result()
        """
    report = record(tmp_path, source).report
    by_id = sorted(report.finished.items())  # the async ones may end in any order
    assert [one.output[0].text for _, one in by_id] == ["0\n", "1\n", "2\n"] * 2
    assert report.stray == ()


def test_threads_and_pools_are_as_they_were_after_a_run(tmp_path):
    import logging
    from concurrent.futures import ThreadPoolExecutor
    from logging import Logger
    from threading import Thread

    before = Thread.start, ThreadPoolExecutor.submit, Logger.filter, logging.lastResort
    during = record(
        tmp_path,
        """
        from threading import Thread
        from happened import note

        async def test_it(): note(Thread.start)
        """,
    ).log
    assert (Thread.start, ThreadPoolExecutor.submit, Logger.filter, logging.lastResort) == before
    assert during != [before[0]]
