"""`--pdb`, `breakpoint()` and `pdb.set_trace()`: on the real terminal, while everything else waits."""

import time

from process_runs import Running

SHADOW = """
    import io, sys
    from contextlib import contextmanager

    @contextmanager
    def output_elsewhere():
        usual, sys.stdout = sys.stdout, io.StringIO()
        try:
            yield sys.stdout
        finally:
            sys.stdout = usual
"""


def debug(folder, source, commands, *arguments, hold=0.0):
    running = Running(folder, {"test_it.py": source, "elsewhere.py": SHADOW}, "-q", *arguments)
    if hold:
        running.wait_for("failing")
        time.sleep(hold)
    return running.end("\n".join(commands) + "\n")


def test_it_opens_where_a_test_a_set_up_or_a_teardown_fails_and_nowhere_else(tmp_path):
    source = """
        from rustest import fixture, mark, skip

        def helper(there):
            raise ValueError(there)

        async def test_body():
            here = "in the body"
            helper("in the helper")

        @fixture
        def set_up():
            here = "in the set-up"
            raise ValueError(here)

        def test_set_up(set_up): pass

        @fixture(scope="module")
        async def shared():
            here = "in the shared set-up"
            raise ValueError(here)

        async def test_shared_1(shared): pass
        async def test_shared_2(shared): pass

        @fixture(scope="session")
        def tear_down():
            yield
            here = "in the teardown"
            raise ValueError(here)

        def test_tear_down(tear_down): pass

        @mark.xfail
        def test_expected(): raise ValueError

        def test_skipped(): skip("no")

        def test_passes(): pass
    """
    body = ["p 'saw ' + there", "up", "p 'saw ' + here", "c"]
    ended = debug(tmp_path, source, [*body, *["p 'saw ' + here", "c"] * 3], "--pdb")
    assert ended.out.count("(Pdb) ") == 10, ended.out
    places = ["the helper", "the body", "the set-up", "the teardown", "the shared set-up"]
    assert all(f"'saw in {place}'" in ended.out for place in places), ended.out
    assert "pdb: test_it.py::test_set_up, set-up of fixture 'set_up'" in ended.out
    assert ended.status == 1
    assert "4 errors, 1 failed" in ended.out or "1 failed, 4 errors" in ended.out


def test_neighbours_wait_and_their_time_with_them(tmp_path):
    source = """
        import asyncio
        from marking import mark_done
        from rustest import mark

        @mark.timeout(0.5)
        async def test_fails():
            await asyncio.sleep(0.05)
            mark_done("failing")
            assert 0

        @mark.timeout(0.5)
        async def test_beside():
            for _ in range(20):
                await asyncio.sleep(0.01)
    """
    ended = debug(tmp_path, source, ["c"], "--pdb", hold=0.8)
    assert ended.junit() == {"test_fails": "failure: AssertionError: assert 0", "test_beside": "passed"}


def test_quitting_ends_the_run_and_the_failure_stays_one(tmp_path):
    source = """
        import asyncio
        def test_first(): assert 0
        def test_second(): pass
        async def test_async(): pass
    """
    ended = debug(tmp_path, source, ["q"], "--pdb", "--concurrency", "1")
    assert ended.status == 2
    said = ended.junit()
    assert said["test_first"] == "failure: AssertionError: assert 0"
    assert said["test_second"].startswith("skipped")


def test_an_async_test_that_fails_and_is_quit_stays_failed(tmp_path):
    source = """
        import asyncio
        async def test_first(): assert 0
        async def test_beside(): await asyncio.sleep(60)
    """
    ended = debug(tmp_path, source, ["q"], "--pdb")
    assert ended.status == 2
    assert ended.junit()["test_first"] == "failure: AssertionError: assert 0"


def test_a_breakpoint_has_the_terminal_wherever_output_goes(tmp_path):
    source = """
        from elsewhere import output_elsewhere

        def test_stops():
            with output_elsewhere() as elsewhere:
                number = 41
                import pdb; pdb.set_trace()
                number += 1
                breakpoint()
                print("hid" + "den")
            assert elsewhere.getvalue() == "hidden\\n"

        async def test_stops_too():
            with output_elsewhere():
                breakpoint()
                import sys
                assert sys.stdout is not sys.__stdout__
    """
    ended = debug(tmp_path, source, ["c", "c", "p number", "c"])
    assert ended.status == 0, ended
    assert ended.out.count("(Pdb)") == 4
    assert "(Pdb) 42" in ended.out
    assert "hidden" not in ended.out


def test_quitting_at_a_breakpoint_ends_the_run(tmp_path):
    ended = debug(tmp_path, "def test_a(): breakpoint(); x = 1\ndef test_b(): pass", ["q"])
    assert ended.status == 2
    assert "2 not run" in ended.out


def test_where_nobody_types_the_run_ends(tmp_path):
    ended = Running(tmp_path, "def test_a(): assert 0\ndef test_b(): pass", "--pdb", "-q").end()
    assert ended.status == 2
    assert "1 failed, 1 not run" in ended.out


def test_pdb_is_left_as_it_was(tmp_path):
    import pdb

    from rustest.testing import run_project

    before = pdb.Pdb.interaction
    run_project(tmp_path, {"test_it.py": "import pdb\ndef test_it(): assert 0"})
    assert pdb.Pdb.interaction is before


def test_it_opens_where_a_test_was_when_its_time_was_up(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark

        @mark.timeout(0.1)
        async def test_waits():
            here = "awaiting"
            await asyncio.sleep(1000)

        @mark.timeout(0.1)
        def test_blocks():
            here = "sleeping"
            time.sleep(1000)
    """
    ended = debug(tmp_path, source, ["p 'was ' + here", "c"] * 2, "--pdb")
    assert "'was awaiting'" in ended.out
    assert "'was sleeping'" in ended.out
    assert ended.junit() == dict.fromkeys(("test_waits", "test_blocks"), "failure: Test timed out after 0.1 seconds")


def test_what_the_test_has_printed_is_shown_before_the_prompt(tmp_path):
    source = """
        def test_it():
            print("said before")
            assert 0
    """
    ended = debug(tmp_path, source, ["c"], "--pdb")
    assert ended.out.index("said before") < ended.out.index("(Pdb)")


def test_the_debugger_is_of_the_class_that_is_asked_for(tmp_path):
    (tmp_path / "own.py").write_text(
        "from pdb import Pdb\nclass Own(Pdb):\n    def do_who(self, _): print('my own debugger', file=self.stdout)\n"
    )
    ended = debug(tmp_path, "def test_it(): assert 0\n", ["who", "c"], "--pdb", "--pdbcls", "own:Own")
    assert "my own debugger" in ended.out
