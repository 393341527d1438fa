"""`capsys`, `capsysbinary` and `capteesys`: each test sees what it printed itself, also while others print."""

import io
import subprocess
import sys

from small_projects import failing, overlapping, results, written_by

from rustest.model.choices import Capture
from rustest.testing import run_project


def test_fifty_overlapping_tests_each_see_their_own_output_only(tmp_path):
    source = """
        import asyncio, random, sys
        from rustest import mark


        async def chatter(number, part):
            for line in range(5):
                await asyncio.sleep(random.random() * 0.01)
                print(f"{number} {part} {line}")
                sys.stderr.write(f"{number} {part} {line} err\\n")

        def from_thread(number):
            print(f"{number} thread 0")

        def lines(number):
            return sorted([f"{number} {part} {line}" for part in "ab" for line in range(5)] + [f"{number} thread 0"])

        @mark.parametrize("number", range(50))
        async def test_chatter(number, capsys):
            task = asyncio.create_task(chatter(number, "a"))
            await chatter(number, "b")
            await asyncio.to_thread(from_thread, number)
            await task
            out, err = capsys.readouterr()
            assert sorted(out.splitlines()) == lines(number)
            assert len(err.splitlines()) == 10 and all(line.startswith(f"{number} ") for line in err.splitlines())
            await asyncio.sleep(random.random() * 0.01)
            assert capsys.readouterr() == ("", "")

        @mark.parametrize("number", range(20))
        async def test_without_capture(number):
            await chatter(f"loud {number}", "c")
        """
    out, err = io.StringIO(), io.StringIO()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        found, most = overlapping(tmp_path, source, capture=Capture.NO)
        left_behind = sys.stdout, sys.stderr
    finally:
        sys.stdout, sys.stderr = before
    assert (found, most) == ({}, 70)
    assert left_behind == (out, err)
    loud = {f"loud {number} c {line}" for number in range(20) for line in range(5)}
    assert set(out.getvalue().splitlines()) == loud
    assert set(err.getvalue().splitlines()) == {f"{line} err" for line in loud}


def test_sync_and_async_tests_read_what_they_print_piece_by_piece(tmp_path):
    source = """
        import sys
        from rustest import fixture

        @fixture
        def noisy(capsys):
            print("set-up")
            yield
            assert capsys.readouterr().out == "rest\\n"

        def read(capsys):
            assert capsys.readouterr().out == "set-up\\n"
            print("one")
            sys.stdout.write("two\\r\\n")
            sys.stdout.buffer.write("ü".encode())
            print("three", file=sys.stderr)
            result = capsys.readouterr()
            assert result.out == "one\\ntwo\\r\\nü" and result.err == "three\\n"
            assert result == ("one\\ntwo\\r\\nü", "three\\n")
            print("rest")

        def test_sync(noisy, capsys): read(capsys)

        async def test_async(noisy, capsys): read(capsys)

        def test_streams_look_like_streams(capsys):
            assert sys.stdout.isatty() is False
            assert sys.stdout.encoding.lower() == "utf-8"
            assert sys.stdout.writable()
            sys.stdout.writelines(["a", "b"])
            sys.stdout.flush()
            assert capsys.readouterr().out == "ab"
        """
    assert failing(tmp_path, source) == {}


def test_the_binary_twin_gives_bytes(tmp_path):
    source = """
        import sys

        async def test_it(capsysbinary):
            print("ü")
            sys.stdout.buffer.write(b"\\xff")
            sys.stderr.write("e")
            assert capsysbinary.readouterr() == ("ü\\n".encode() + b"\\xff", b"e")
        """
    assert failing(tmp_path, source) == {}


def test_threads_of_a_sync_test_are_captured_with_it(tmp_path):
    source = """
        from concurrent.futures import ThreadPoolExecutor

        def test_it(capsys):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(print, "from a thread").result()
            assert capsys.readouterr().out == "from a thread\\n"
        """
    assert failing(tmp_path, source) == {}


def test_disabled_lets_output_through_and_what_nobody_reads_goes_there_in_the_end(tmp_path, capsys):
    source = """
        import asyncio

        async def test_it(capsys):
            print("captured")
            with capsys.disabled():
                print("let through")
                await asyncio.create_task(asyncio.to_thread(print, "this too"))
            print("again")
            assert capsys.readouterr().out == "captured\\nagain\\n"
            print("unread")
        """
    assert written_by(tmp_path, source) == {"test_it": "unread\n"}
    assert capsys.readouterr().out == "let through\nthis too\n"
    assert failing(tmp_path, source, capture=Capture.NO) == {}
    assert capsys.readouterr().out == "let through\nthis too\nunread\n"


def test_a_task_that_outlives_its_test_writes_to_no_later_one(tmp_path):
    source = """
        import asyncio
        from rustest import mark

        kept = []

        async def late():
            await asyncio.sleep(0.03)
            print("late")

        @mark.asyncio(loop_scope="module")
        async def test_leaves_a_task(capsys):
            kept.append(asyncio.create_task(late()))

        @mark.asyncio(loop_scope="module")
        async def test_longer(capsys):
            await asyncio.sleep(0.06)
            assert capsys.readouterr().out == ""
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert not report.status
    assert [(one.text, one.origin) for one in report.stray] == [("late\n", "test_it.py::test_leaves_a_task")]


def test_a_background_task_of_a_wide_fixture_is_no_part_of_a_tests_output(tmp_path):
    source = """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def ticking():
            async def tick():
                while True:
                    print("tick")
                    await asyncio.sleep(0.01)
            task = asyncio.create_task(tick())
            yield
            task.cancel()

        async def test_it(capsys, ticking):
            await asyncio.sleep(0.05)
            print("mine")
            assert capsys.readouterr().out == "mine\\n"
        """
    report = run_project(tmp_path, {"test_it.py": source})
    assert not report.status
    assert {(line, one.origin) for one in report.stray for line in one.text.splitlines()} == {
        ("tick", "fixture ticking")
    }


def test_two_ways_of_capturing_in_one_test_are_refused(tmp_path):
    source = """
        from rustest import fixture

        def test_it(capsys, capsysbinary): pass

        def test_descriptors(capfd, capsys): pass

        def test_after(capsys): pass
        """
    assert results(tmp_path, source) == {
        "test_it": "error; RuntimeError: cannot use capsysbinary and capsys at the same time: use one of them",
        "test_descriptors": "error; RuntimeError: cannot use capsys and capfd at the same time: use one of them",
        "test_after": "passed",
    }


def test_the_streams_are_put_back_unless_somebody_else_has_put_others_there(tmp_path, monkeypatch):
    mine = io.StringIO()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    usual = sys.stderr
    source = """
        import sys

        def test_it(capsys):
            print("read by nobody")
            sys.stdout = sys.modules["stream_of_mine"]
        """
    monkeypatch.setitem(sys.modules, "stream_of_mine", mine)
    assert failing(tmp_path, source) == {}
    assert sys.stdout is mine
    assert sys.stderr is usual


def test_what_capteesys_reads_stays_with_the_test(tmp_path):
    source = """
        def test_it(capteesys):
            print("once")
            assert capteesys.readouterr().out == "once\\n"
            print("twice")
            assert capteesys.readouterr() == ("twice\\n", "")
            assert 0
    """
    report = run_project(tmp_path, {"test_it.py": source})
    (finished,) = report.finished.values()
    assert "".join(part.text for part in finished.output) == "once\ntwice\n"


def test_what_capteesys_reads_goes_where_output_goes_that_nobody_captures(tmp_path):
    source = "def test_it(capteesys):\n    print('once')\n    assert capteesys.readouterr().out == 'once\\n'\n"
    (tmp_path / "test_it.py").write_text(source)
    command = [sys.executable, "-m", "rustest", "-s"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.count("once")) == (0, 1)
