"""Reports of runs that leave in the middle: all of them are written to their end."""

import json

from process_runs import Ended, Running, run_command

ARGUMENTS = ("--report-jsonl", "run.jsonl", "--llm", "--timeout-grace", "0.05")


def check_whole(ended: Ended, verdicts: dict[str, str]) -> None:
    events = [json.loads(line) for line in (ended.folder / "run.jsonl").read_text().splitlines()]
    assert [events[0]["event"], events[-1]["event"]] == ["run_started", "run_finished"]
    assert events[-1]["properties"] == [{"name": "before", "value": "the end"}]
    told = {event["id"]: event for event in events if event["event"] == "test_finished"}
    assert {node_id: event["outcome"]["verdict"] for node_id, event in told.items()} == verdicts
    assert len(ended.junit()) == len(verdicts)
    *failures, last = map(json.loads, ended.out.splitlines())
    bad = [node_id for node_id, verdict in verdicts.items() if verdict == "timed out"]
    assert [line["id"] for line in failures] == bad
    assert last["summary"]["exit_status"] == ended.status


def test_at_a_second_ctrl_c(tmp_path):
    source = """
        from marking import hold, mark_done
        from rustest import fixture

        @fixture
        def slow(record_testsuite_property):
            record_testsuite_property("before", "the end")
            yield
            mark_done("tearing down")
            hold()

        async def test_before(): pass

        def test_it(slow):
            mark_done("started")
            hold()

        def test_after(): pass
        """
    running = Running(tmp_path, source, *ARGUMENTS)
    running.wait_for("started")
    running.interrupt()
    running.wait_for("tearing down")
    running.interrupt()
    ended = running.end()
    assert (ended.status, ended.err) == (2, "")
    verdicts = {"test_before": "passed", "test_it": "not run", "test_after": "not run"}
    check_whole(ended, {f"test_it.py::{name}": verdict for name, verdict in verdicts.items()})


def test_on_the_last_rung_of_the_ladder(tmp_path):
    source = """
        import time
        from rustest import mark

        @mark.timeout(0.3)
        def test_holds(record_property, record_testsuite_property):
            record_property("asked", "for")
            record_testsuite_property("before", "the end")
            while True:
                try: time.sleep(0.01)
                except BaseException: pass

        def test_after(): pass
        """
    ended = run_command(tmp_path, source, *ARGUMENTS)
    assert (ended.status, ended.err) == (1, "")
    check_whole(ended, {"test_it.py::test_holds": "timed out", "test_it.py::test_after": "not run"})
    events = map(json.loads, (tmp_path / "run.jsonl").read_text().splitlines())
    (held,) = (event for event in events if event.get("id") == "test_it.py::test_holds" and "outcome" in event)
    assert held["properties"] == [{"name": "asked", "value": "for"}]
