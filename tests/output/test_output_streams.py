"""What tests write to, in every way in which programs treat `sys.stdout`."""

import io
import sys
import time

from project_runs import record

from rustest.model.choices import Capture
from rustest.model.failure import Phase
from rustest.model.output import Output, Stream
from rustest.testing import run_project


def outputs(folder, source: str, **settings: object) -> dict[str, tuple[Output, ...]]:
    """What each test has written; none of them may fail."""
    happened = record(folder, source, **settings)
    assert set(happened.verdicts().values()) == {"passed"}, happened.report
    return {node_id.partition("::")[2]: one.output for node_id, one in happened.report.finished.items()}


def stdout(*texts: str) -> tuple[Output, ...]:
    return (Output(Phase.CALL, Stream.STDOUT, "".join(texts)),)


def test_sections_stand_in_the_order_of_writing_by_phase_and_stream(tmp_path):
    source = """
        import logging, sys
        from rustest import fixture

        @fixture
        def noisy():
            print("one")
            print("two", file=sys.stderr)
            yield
            print("eight")

        def write():
            print("three")
            sys.stdout.write("four")
            logging.getLogger("it").error("five")
            print("six", file=sys.stderr)
            print("seven")

        def test_sync(noisy): write()

        async def test_async(noisy): write()
        """
    found = outputs(tmp_path, source)
    for name in ("test_sync", "test_async"):
        sections = [
            (phase.value, stream.value, text[text.rfind("it:") if stream is Stream.LOG else 0 :])
            for phase, stream, text in found[name]
        ]
        assert sections == [
            ("set-up", "stdout", "one\n"),
            ("set-up", "stderr", "two\n"),
            ("call", "stdout", "three\nfour"),
            ("call", "log", "it: five\n"),
            ("call", "stderr", "six\n"),
            ("call", "stdout", "seven\n"),
            ("teardown", "stdout", "eight\n"),
        ]
        assert found[name][3].text.endswith("ERROR    it: five\n")


def test_text_and_bytes_keep_their_order_and_what_is_no_text_becomes_escapes(tmp_path):
    source = """
        import sys

        def test_it():
            print("ü", end="")
            sys.stdout.buffer.write("€".encode()[:1])
            sys.stdout.buffer.write(memoryview("€".encode()[1:]))
            sys.stdout.buffer.write(bytearray(b"\\xff"))
            sys.stdout.writelines(["a\\r\\n", "b"])
            print("\\ud800")
        """
    assert outputs(tmp_path, source) == {"test_it": stdout("ü€\\xffa\r\nb\\ud800\n")}


def test_the_stream_answers_what_programs_ask(tmp_path):
    source = """
        import io, os, sys
        from rustest import raises

        def look():
            assert isinstance(sys.stdout, io.TextIOBase)
            assert (sys.stdout.encoding, sys.stdout.errors) == ("utf-8", "backslashreplace")
            assert sys.stdout.name == "<stdout>"
            assert (sys.stdout.isatty(), sys.stdout.writable(), sys.stdout.readable()) == (False, True, False)
            assert (sys.stdout.closed, sys.stdout.buffer.closed) == (False, False)
            sys.stdout.reconfigure(encoding="latin-1", line_buffering=True)
            assert sys.stdout.write("ü\\n") == 2
            assert sys.stdout.buffer.write(b"abc\\n") == 4
            os.fstat(sys.__stdout__.fileno())
            for wrong in ("text", 3):
                with raises(TypeError): sys.stdout.buffer.write(wrong)
            with raises(io.UnsupportedOperation): sys.stdout.detach()

        def test_sync(): look()

        async def test_async(): look()
        """
    assert outputs(tmp_path, source) == dict.fromkeys(("test_sync", "test_async"), stdout("ü\nabc\n"))


def test_closing_the_stream_closes_it_for_nobody(tmp_path):
    source = """
        import sys

        async def test_one():
            sys.stdout.close()
            with sys.stdout: print("mine")

        async def test_two():
            print("yours")
        """
    assert outputs(tmp_path, source) == {"test_one": stdout("mine\n"), "test_two": stdout("yours\n")}


def test_a_stream_that_a_test_puts_in_place_is_its_own(tmp_path):
    source = """
        import io, sys
        from contextlib import redirect_stdout

        def test_redirects():
            with redirect_stdout(io.StringIO()) as mine:
                print("mine")
            print("report")
            assert mine.getvalue() == "mine\\n"

        def test_replaces():
            usual, sys.stdout = sys.stdout, io.StringIO()
            print("mine")
            sys.stdout = usual
            print("report")
        """
    assert outputs(tmp_path, source) == dict.fromkeys(("test_redirects", "test_replaces"), stdout("report\n"))


def test_ten_megabytes_are_kept_whole_and_fast(tmp_path):
    source = """
        import sys

        def test_at_once(): print("x" * 10_000_000)

        def test_in_lines():
            for _ in range(100_000): print("x" * 99)
        """
    started = time.process_time()
    found = outputs(tmp_path, source)
    assert time.process_time() - started < 20
    assert found["test_at_once"][0].text == "x" * 10_000_000 + "\n"
    assert found["test_in_lines"] == stdout(("x" * 99 + "\n") * 100_000)


def test_without_capture_output_goes_straight_where_it_goes(tmp_path, capsys):
    source = """
        import logging, sys
        streams = sys.stdout, sys.stderr

        def test_it():
            assert (sys.stdout, sys.stderr) == streams
            print("out")
            logging.warning("logged")
        """
    usual = sys.stdout
    report = run_project(tmp_path, {"test_it.py": source}, capture=Capture.NO)
    assert not report.status
    assert (report.finished["test_it.py::test_it"].output, report.stray) == ((), ())
    assert sys.stdout is usual
    assert capsys.readouterr().out == "out\n"


def test_what_a_forked_child_prints_is_not_lost(tmp_path, capfd):
    source = """
        import os

        def test_it():
            print("parent")
            child = os.fork()
            if not child:
                print("child", flush=True)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """
    assert outputs(tmp_path, source) == {"test_it": stdout("parent\n")}
    assert capfd.readouterr().out == "child\n"


def test_a_run_in_a_test_keeps_its_output_apart_from_the_outer_ones(tmp_path):
    source = """
        from happened import note
        from rustest.testing import run_project

        def test_outer(tmp_path):
            print("outer before")
            report = run_project(tmp_path, {"test_in.py": "print('at import')\\ndef test_in(): print('inner')"})
            note([one.text for one in report.finished["test_in.py::test_in"].output])
            note([one.text for one in report.stray])
            print("outer after")
        """
    happened = record(tmp_path, source)
    assert happened.log == [["inner\n"], ["at import\n"]]
    assert happened.report.finished["test_it.py::test_outer"].output == stdout("outer before\nouter after\n")


def test_a_run_gives_the_streams_back_it_found(tmp_path):
    usual, mine = (sys.stdout, sys.stderr), (io.StringIO(), io.StringIO())
    sys.stdout, sys.stderr = mine
    try:
        outputs(tmp_path, "def test_it(): print('kept')")
        found = sys.stdout, sys.stderr
    finally:
        sys.stdout, sys.stderr = usual
    assert found == mine
    assert mine[0].getvalue() == ""
