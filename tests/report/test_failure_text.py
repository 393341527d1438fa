"""A failure reads well: what went wrong, then the user's lines that led there."""

from pathlib import Path

import sample_runs

from rustest.model.errors import Failed
from rustest.model.failure import Failure, Frame, Phase, describe, problem
from rustest.report.failures import failure_line, failure_text, headline


def test_frames_are_relative_to_the_root_and_have_their_source_below(tmp_path: Path) -> None:
    text = failure_text(sample_runs.raised(tmp_path, "db"), str(tmp_path))
    assert text.split("\n") == [
        "ConnectionError: refused",
        "  shop/test_cart.py:27 in db",
        '    raise ConnectionError("refused")',
    ]


def test_a_folder_that_merely_begins_like_the_root_keeps_its_path() -> None:
    failure = Failure(Phase.CALL, "KeyError", "1", (Frame("/project-two/x.py", 1, "f"),))
    assert "  /project-two/x.py:1 in f" in failure_text(failure, "/project")


def test_what_came_before_follows_with_frames_of_its_own(tmp_path: Path) -> None:
    lines = failure_text(sample_runs.raised(tmp_path, "test_no_price"), str(tmp_path)).split("\n")
    assert lines[0] == "ValueError: a line has no price"
    assert lines[lines.index("preceded by KeyError: 'price'") + 1] == "  shop/test_cart.py:7 in checkout"


def test_a_group_is_an_indented_tree_however_deep() -> None:
    inner = ExceptionGroup("inner", [KeyError("deep")])
    text = failure_text(describe(ExceptionGroup("outer", [ValueError("flat"), inner]), Phase.CALL), "")
    assert text.split("\n") == [
        "ExceptionGroup: outer (2 sub-exceptions)",
        "  1 of 2: ValueError: flat",
        "  2 of 2: ExceptionGroup: inner (1 sub-exception)",
        "    1 of 1: KeyError: 'deep'",
    ]


def test_notes_follow_the_message() -> None:
    error = ValueError("no")
    error.add_note("while ordering")
    assert failure_text(describe(error, Phase.CALL), "") == "ValueError: no\nwhile ordering"


def test_phase_and_fixture_are_named_where_it_was_not_the_body() -> None:
    error = OSError("gone")
    assert failure_text(describe(error, Phase.SETUP, "db"), "") == "set-up of fixture 'db': OSError: gone"
    assert failure_text(describe(error, Phase.TEARDOWN), "") == "teardown: OSError: gone"
    assert failure_text(describe(error, Phase.CALL), "") == "OSError: gone"


def test_complaints_of_rustest_itself_are_plain_sentences() -> None:
    assert failure_text(problem(Phase.PLAN, "fixture 'x' is not known here"), "") == "fixture 'x' is not known here"
    assert headline(describe(Failed("not today"), Phase.CALL)) == "Failed: not today"
    timeout = Failure(Phase.CALL, "rustest.model.errors.TestTimedOut", "Test timed out after 5.0 seconds")
    assert headline(timeout) == "Test timed out after 5.0 seconds"


def test_an_exception_without_a_message_is_named_by_its_type() -> None:
    assert failure_text(describe(AssertionError(), Phase.CALL), "") == "AssertionError"


def test_a_runaway_recursion_is_cut_in_the_middle() -> None:
    frames = tuple(Frame("/p/a.py", line, "f") for line in range(1, 1001))
    lines = failure_text(Failure(Phase.CALL, "RecursionError", "too deep", frames), "/p").split("\n")
    assert len(lines) == 22
    assert lines[10:13] == ["  a.py:10 in f", "  ... 980 more frames ...", "  a.py:991 in f"]
    assert lines[-1] == "  a.py:1000 in f"


def test_one_line_names_the_first_of_several_failures() -> None:
    body, teardown = describe(ValueError("one\ntwo"), Phase.CALL), describe(OSError("x"), Phase.TEARDOWN)
    assert failure_line((body, teardown)) == "ValueError: one ... (and 1 more)"
    assert failure_line(()) == ""


def test_a_fixture_whose_end_fails_a_test_while_it_runs_is_named() -> None:
    failure = describe(ValueError("worker"), Phase.CALL, "workers")
    assert failure_line([failure]) == "fixture 'workers': ValueError: worker"
