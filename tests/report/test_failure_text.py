"""A failure reads well: what went wrong, then the user's lines that led there."""

from pathlib import Path

import sample_runs

from rustest.model.errors import Failed
from rustest.model.failure import HOME, Failure, Frame, Link, Phase, describe, problem
from rustest.report.failure.failures import failure_line, failure_lines, failure_text, headline
from rustest.report.lines import Line, Role

LIBRARY = "/venv/lib/python3/site-packages"


def test_frames_are_relative_to_the_root_and_have_their_source_below(tmp_path: Path) -> None:
    text = failure_text(sample_runs.raised(tmp_path, "db"), str(tmp_path))
    assert text.split("\n") == [
        "ConnectionError: refused",
        "  shop/test_cart.py:27 in db",
        "      def db():",
        '    >     raise ConnectionError("refused")',
    ]


def test_a_folder_that_merely_begins_like_the_root_keeps_its_path() -> None:
    failure = Failure(Phase.CALL, "KeyError", "1", (Frame("/project-two/x.py", 1, "f"),))
    assert "  /project-two/x.py:1 in f" in failure_text(failure, "/project")


def test_what_came_before_follows_with_frames_of_its_own(tmp_path: Path) -> None:
    lines = failure_text(sample_runs.raised(tmp_path, "test_no_price"), str(tmp_path)).split("\n")
    assert lines[0] == "ValueError: a line has no price"
    assert lines[lines.index("caused by KeyError: 'price'") + 1] == "  shop/test_cart.py:7 in checkout"


def test_a_cause_is_told_apart_from_what_was_being_handled() -> None:
    def chained(link: Link) -> str:
        try:
            try:
                raise KeyError("first")
            except KeyError as error:
                raise ValueError("second") from (error if link is Link.CAUSE else error.__cause__)
        except ValueError as error:
            error.__suppress_context__ = False
            return failure_text(describe(error, Phase.CALL), "")

    assert "\ncaused by KeyError: 'first'\n" in chained(Link.CAUSE)
    assert "\nwhile handling KeyError: 'first'\n" in chained(Link.CONTEXT)


def test_what_was_suppressed_is_not_told() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError:
            raise ValueError("second") from None
    except ValueError as error:
        assert describe(error, Phase.CALL).cause is None


def test_a_group_is_a_tree_however_deep() -> None:
    inner = ExceptionGroup("inner", [KeyError("deep")])
    group = ExceptionGroup("outer", [inner, ValueError("flat\nand long")])
    assert failure_text(describe(group, Phase.CALL), "").split("\n") == [
        "ExceptionGroup: outer (2 sub-exceptions)",
        "+-- 1 of 2: ExceptionGroup: inner (1 sub-exception)",
        "|   +-- 1 of 1: KeyError: 'deep'",
        "+-- 2 of 2: ValueError: flat",
        "    and long",
    ]


def test_a_group_on_one_line_names_the_first_exception_in_it() -> None:
    group = ExceptionGroup("outer", [ExceptionGroup("inner", [KeyError("deep")]), ValueError("flat")])
    assert failure_line([describe(group, Phase.CALL)]) == "ExceptionGroup: outer (2 sub-exceptions): KeyError: 'deep'"


def test_a_place_without_a_function_is_file_and_line() -> None:
    text = failure_text(problem(Phase.CALL, "lost")._replace(frames=(Frame("/project/x.py", 1, ""),)), "/project")
    assert text.split("\n")[1] == "  x.py:1"


def test_a_member_comes_with_its_frames_and_what_caused_it(tmp_path: Path) -> None:
    member = sample_runs.raised(tmp_path, "test_no_price")
    group = Failure(Phase.CALL, "ExceptionGroup", "all", members=(member, member))
    lines = failure_text(group, str(tmp_path)).split("\n")
    assert "|     shop/test_cart.py:17 in test_no_price" in lines
    assert "|   caused by KeyError: 'price'" in lines
    assert "    caused by KeyError: 'price'" in lines


def test_a_group_that_holds_itself_comes_to_an_end() -> None:
    class Endless(ExceptionGroup):
        exceptions = property(lambda self: (self, ValueError("other")))  # type: ignore[assignment]

    text = failure_text(describe(Endless("round", [ValueError("one")]), Phase.CALL), "")
    assert text.count("round") == 1


def test_a_chain_that_leads_back_to_itself_comes_to_an_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__context__, second.__cause__ = second, first
    assert failure_text(describe(first, Phase.CALL), "") == ("ValueError: first\nwhile handling ValueError: second")


def test_notes_follow_the_message() -> None:
    error = ValueError("no")
    error.add_note("while ordering\ntwo things")
    assert failure_text(describe(error, Phase.CALL), "") == "ValueError: no\nwhile ordering\ntwo things"


def test_lines_of_a_difference_have_roles_of_their_own() -> None:
    message = "assert [1] == [2]\n  - 1\n  + 2\n  -- three\nat index 0"
    lines = [*failure_lines(Failure(Phase.CALL, "AssertionError", message), "")]
    assert lines == [
        Line("AssertionError: assert [1] == [2]", Role.ERROR),
        Line("  - 1", Role.REMOVED),
        Line("  + 2", Role.ADDED),
        Line("  -- three", Role.DETAIL),
        Line("at index 0", Role.DETAIL),
    ]


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


def test_a_long_traceback_is_cut_but_keeps_its_ends_and_the_frame_that_matters() -> None:
    frames = [Frame(f"{LIBRARY}/a.py", line, "f") for line in range(1, 1001)]
    frames[499] = Frame("/p/mine.py", 7, "mine")
    frames[0] = Frame(f"{HOME}nowhere.py", 1, "run")  # as with --full-trace
    lines = failure_text(Failure(Phase.CALL, "OSError", "no", tuple(frames)), "/p").split("\n")
    assert lines[10:14] == [
        f"  {LIBRARY}/a.py:10 in f",
        "  ... 489 more frames ...",
        "  mine.py:7 in mine",
        "  ... 490 more frames ...",
    ]
    assert (len(lines), lines[-1]) == (24, f"  {LIBRARY}/a.py:1000 in f")


def test_a_recursion_is_told_once_and_counted() -> None:
    frames = (Frame("/p/a.py", 1, "test"), *[Frame("/p/a.py", 5, "f")] * 900, Frame("/p/a.py", 9, "g"))
    assert failure_text(Failure(Phase.CALL, "RecursionError", "too deep", frames), "/p").split("\n") == [
        "RecursionError: too deep",
        "  a.py:1 in test",
        "  a.py:5 in f",
        "  ... this 899 more times ...",
        "  a.py:9 in g",
    ]


def test_two_functions_that_call_each_other_for_ever_are_told_once_and_the_last_again() -> None:
    frames = (Frame("/p/a.py", 5, "even"), Frame("/p/a.py", 9, "odd")) * 400
    assert failure_text(Failure(Phase.CALL, "RecursionError", "too deep", frames), "/p").split("\n") == [
        "RecursionError: too deep",
        "  a.py:5 in even",
        "  a.py:9 in odd",
        "  ... these 2 frames 399 more times ...",
        "  a.py:9 in odd",
    ]


def test_one_line_names_the_first_of_several_failures() -> None:
    body, teardown = describe(ValueError("one\ntwo"), Phase.CALL), describe(OSError("x"), Phase.TEARDOWN)
    assert failure_line((body, teardown)) == "ValueError: one ... (and 1 more)"
    assert failure_line(()) == ""


def test_a_fixture_whose_end_fails_a_test_while_it_runs_is_named() -> None:
    failure = describe(ValueError("worker"), Phase.CALL, "workers")
    assert failure_line([failure]) == "fixture 'workers': ValueError: worker"
