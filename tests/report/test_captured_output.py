"""How output and warnings are told: beneath failures, by themselves, and in the summary line."""

from rustest.model.events import StrayOutput, WarningIssued
from rustest.model.failure import Phase
from rustest.model.output import Output, Stream
from rustest.report.failure.captured import captured_lines, stray_lines
from rustest.report.warning_summary import warning_lines
from rustest.testing import run_project


def texts(lines) -> list[str]:
    return [line.text for line in lines]


def test_each_section_stands_beneath_its_phase_and_stream():
    output = (Output(Phase.SETUP, Stream.STDOUT, "one\n\ntwo\n"), Output(Phase.CALL, Stream.LOG, "three"))
    assert texts(captured_lines(output)) == [
        "stdout of the set-up:",
        "  one",
        "",
        "  two",
        "log of the call:",
        "  three",
    ]


def test_strays_of_one_origin_stand_together():
    stray = [
        StrayOutput(Stream.STDOUT, "a", 0.1, "fixture server"),
        StrayOutput(Stream.STDOUT, "b\n", 0.2, "fixture server"),
        StrayOutput(Stream.STDERR, "c\n", 0.3),
    ]
    assert texts(stray_lines(stray)) == [
        "OUTPUT that belongs to no test",
        "  stdout of fixture server:",
        "    ab",
        "  stderr:",
        "    c",
    ]
    assert texts(stray_lines([])) == []


def test_a_warning_is_told_once_with_its_places_and_tests():
    warnings = [
        WarningIssued(f"t.py::test_{n}", "DeprecationWarning", "old\nuse new", "/p/app.py", 7) for n in range(5)
    ]
    warnings += [WarningIssued(None, "UserWarning", "hm", "/else/x.py", 1)]
    assert texts(warning_lines(warnings, "/p")) == [
        "WARNING DeprecationWarning: old (5 times)",
        "  use new",
        "  app.py:7",
        "  in t.py::test_0",
        "  in t.py::test_1",
        "  in t.py::test_2",
        "  ... and 2 more",
        "WARNING UserWarning: hm",
        "  /else/x.py:1",
        "  outside of tests",
    ]


def test_the_ending_shows_what_failed_tests_printed_what_nobody_did_and_warnings(tmp_path):
    from io import StringIO

    source = """
        import warnings
        print("imported")

        def test_fails():
            print("seen")
            warnings.warn("careful")
            assert False

        def test_passes(): print("unseen")
        """
    stream = StringIO()
    run_project(tmp_path, {"test_it.py": source}, stream=stream, filterwarnings=("always",))
    printed = stream.getvalue()
    assert "  stdout of the call:\n    seen\n" in printed
    assert "OUTPUT that belongs to no test\n  stdout of test_it.py:\n    imported\n" in printed
    assert "WARNING UserWarning: careful\n  test_it.py:7\n  in test_it.py::test_fails\n" in printed
    assert "unseen" not in printed
    assert "1 failed, 1 passed, 1 warning in" in printed
