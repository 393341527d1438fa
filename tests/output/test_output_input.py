"""What tests find in the place of `sys.stdin`."""

import io
import sys

from project_runs import record

from rustest.model.choices import Capture
from rustest.testing import run_project

REFUSED = """
    import io, sys
    from rustest import mark, raises

    READ = {
        "read": lambda: sys.stdin.read(),
        "readline": lambda: sys.stdin.readline(),
        "readlines": lambda: sys.stdin.readlines(),
        "next": lambda: next(sys.stdin),
        "bytes": lambda: sys.stdin.buffer.read(),
        "input": input,
    }

    @mark.parametrize("way", READ)
    def test_no_way_of_reading_waits(way):
        with raises(OSError, match="run with -s"):
            READ[way]()

    async def test_nor_in_an_async_test():
        with raises(OSError, match="run with -s"):
            input()

    def test_it_is_a_stream_without_a_descriptor_that_stays_open():
        sys.stdin.close()
        assert not sys.stdin.closed and not sys.stdin.isatty()
        with raises(io.UnsupportedOperation):
            sys.stdin.fileno()

    def test_an_input_of_the_tests_own_is_read(monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("yes"))
        assert input() == "yes"
"""


def test_stdin_refuses_to_be_read_while_output_is_captured(tmp_path):
    before = sys.stdin
    happened = record(tmp_path, REFUSED)
    assert set(happened.verdicts().values()) == {"passed"}, happened.report
    assert sys.stdin is before


def test_stdin_is_left_alone_where_nothing_is_captured(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("an answer\n"))
    source = "def test_answer():\n    assert input() == 'an answer'\n"
    report = run_project(tmp_path, {"test_it.py": source}, capture=Capture.NO)
    assert report.status == 0


def test_a_stdin_that_a_test_leaves_behind_is_not_taken_away(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", sys.stdin)
    report = run_project(tmp_path, {"test_it.py": "import sys\ndef test_it():\n    sys.stdin = 'left'\n"})
    assert report.status == 0
    assert sys.stdin == "left"
