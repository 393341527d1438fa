"""The line that failed stands in its source, marked, with what its names stood for."""

import linecache
from pathlib import Path

import pytest
from failing_code import failure_of

from rustest.model.failure import Failure, Frame, Phase, Value
from rustest.report.failure.failures import failure_lines, failure_text
from rustest.report.failure.source_lines import lines_around
from rustest.report.lines import Role


def told(source: str, folder: Path) -> str:
    return failure_text(failure_of(source, folder / "shop.py"), str(folder))


def test_a_few_lines_of_the_function_the_part_that_failed_and_its_names(tmp_path):
    text = told(
        """
        RATES = {"EUR": 1.0}

        def test():
            one = 1
            two = 2
            three = 3
            currency = "USD"

            price = one + RATES[currency] * 5
        """,
        tmp_path,
    )
    assert text.split("\n") == [
        "KeyError: 'USD'",
        "  shop.py:9 in test",
        "      one = 1",
        "      two = 2",
        "      three = 3",
        '      currency = "USD"',
        "",
        "    > price = one + RATES[currency] * 5",
        "                    ^^^^^^^^^^^^^^^",
        "    one = 1",
        "    RATES = {'EUR': 1.0}",
        "    currency = 'USD'",
    ]


def test_each_line_has_its_role(tmp_path):
    failure = failure_of("def test():\n    x = [1]\n    return len(x) + x[2]\n", tmp_path / "shop.py")
    roles = [(line.role, line.text.strip()) for line in failure_lines(failure, str(tmp_path))]
    assert roles == [
        (Role.ERROR, "IndexError: list index out of range"),
        (Role.PLACE, "shop.py:3 in test"),
        (Role.SOURCE, "def test():"),
        (Role.SOURCE, "x = [1]"),
        (Role.SOURCE, ">     return len(x) + x[2]"),
        (Role.MARK, "^^^^"),
        (Role.VALUE, "x = [1]"),
    ]


def test_outer_frames_are_told_in_short(tmp_path):
    text = told("def inner(n):\n    return 1 / n\n\ndef test():\n    x = 0\n    inner(x)\n", tmp_path)
    assert text.split("\n") == [
        "ZeroDivisionError: division by zero",
        "  shop.py:6 in test",
        "    inner(x)",
        "  shop.py:2 in inner",
        "      def inner(n):",
        "    >     return 1 / n",
        "                 ^^^^^",
        "    n = 0",
    ]


def test_the_users_innermost_frame_is_the_one_in_detail_and_not_the_librarys(tmp_path):
    lines = told("import json\n\ndef test():\n    text = '{'\n    json.loads(text)\n", tmp_path).split("\n")
    assert lines[1:6] == [
        "  shop.py:5 in test",
        "      def test():",
        "          text = '{'",
        "    >     json.loads(text)",
        "    text = '{'",
    ]
    assert lines[-2].endswith("in JSONDecoder.raw_decode")


def test_an_expression_of_several_lines_is_marked_in_front(tmp_path):
    lines = told("def test():\n    return int(\n        'x',\n    )\n", tmp_path).split("\n")
    assert lines[2:] == [
        "      def test():",
        "    >     return int(",
        "    >         'x',",
        "    >     )",
    ]


def test_a_very_long_expression_is_cut(tmp_path):
    text = told("def test():\n    return [\n" + "        1,\n" * 50 + "    ][99]\n", tmp_path)
    assert text.count("\n    > ") == 8


def test_the_body_of_a_with_statement_is_not_taken_for_what_failed(tmp_path):
    source = """
        class Leaving:
            def __enter__(self): pass
            def __exit__(self, *_): return {}[0]

        def test():
            body = 1
            with Leaving():
                print(body)
        """
    failure = failure_of(source, tmp_path / "shop.py")
    lines = failure_text(failure._replace(frames=failure.frames[:1]), str(tmp_path)).split("\n")
    assert (lines[-1] if "^" not in lines[-1] else lines[-2]) == "    >     with Leaving():"
    assert (lines[1], failure.frames[0].values) == ("  shop.py:7 in test", ())


def test_marks_stand_below_tabs_and_wide_characters(tmp_path):
    text = told("def test():\n\tx = '日本' + int('ü')\n", tmp_path)
    assert "\n    >     x = '日本' + int('ü')\n                       ^^^^^^^^" in text


def test_what_stands_on_one_line_with_its_if_is_marked(tmp_path):
    text = told("def test():\n    x = 1\n    if x: print({}[x])\n", tmp_path)
    assert "\n    >     if x: print({}[x])\n                      ^^^^^\n" in text


def test_a_lambda_and_a_comprehension_have_their_own_names(tmp_path):
    text = told("half = lambda n: 1 / n\n\ndef test():\n    return [half(n) for n in (1, 0)]\n", tmp_path)
    assert text.split("\n")[-4:] == [
        "  shop.py:1 in <lambda>",
        "    > half = lambda n: 1 / n",
        "                       ^^^^^",
        "    n = 0",
    ]


def test_code_without_a_file_is_told_by_its_place_and_the_line_that_ran_it_in_detail(tmp_path):
    text = told("def test():\n    text = '1 / 0'\n    eval(text)\n", tmp_path)
    assert "\n    >     eval(text)\n    text = '1 / 0'\n  <string>:1 in <module>" in text


def test_only_code_without_a_file_has_its_values_and_no_source():
    text = failure_text(failure_of("def test():\n    n = 0\n    1 / n\n", "<made up>"), "/p")
    assert text == "ZeroDivisionError: division by zero\n  <made up>:3 in test\n    n = 0"


def test_a_file_that_is_gone_leaves_place_and_values(tmp_path):
    file = tmp_path / "shop.py"
    failure = failure_of("def test():\n    n = 0\n    1 / n\n", file)
    linecache.checkcache()
    file.unlink()
    assert failure_text(failure, str(tmp_path)) == (
        "ZeroDivisionError: division by zero\n  shop.py:3 in test\n    n = 0"
    )


def test_a_file_that_has_changed_is_shown_as_it_is_now_without_marks_that_do_not_fit(tmp_path):
    file = tmp_path / "shop.py"
    failure = failure_of("def test():\n    n = 0\n    return 1 + 1 / n\n", file)
    assert "^" in failure_text(failure, str(tmp_path))
    file.write_text("#\n#\n#\n")
    assert "    > #\n    n = 0" in failure_text(failure, str(tmp_path))
    file.write_text("#\n")
    assert "  shop.py:3 in test\n    n = 0" in failure_text(failure, str(tmp_path))


@pytest.mark.parametrize("column", [(-5, 3), (2, 2), (5, 1000), (9, 4)])
def test_positions_that_cannot_be_are_not_marked(tmp_path, column):
    (tmp_path / "shop.py").write_text("print('hello')\n")
    frame = Frame(str(tmp_path / "shop.py"), 1, "f", 1, 1, *column)
    assert "^" not in failure_text(Failure(Phase.CALL, "E", "", (frame,)), str(tmp_path))


def test_a_function_that_begins_below_its_line_is_told_by_that_line():
    """As in code whose lines were renumbered by what made it."""
    frame = Frame("<made up>", 3, "f", start=9, source="1 / 0")
    assert "\n    > 1 / 0" in failure_text(Failure(Phase.CALL, "E", "", (frame,)), "/p")


def test_a_syntax_error_shows_its_line_and_caret_though_no_file_has_it():
    text = failure_text(failure_of("def test():\n    compile('x = = 1', '<here>', 'exec')\n", "<made up>"), "")
    assert text.endswith("  <here>:1 in <module>\n    > x = = 1\n          ^")


def test_a_syntax_error_in_a_file_shows_the_lines_before(tmp_path):
    text = failure_text(failure_of("x = 1\ny = (x,\nz = 3\n", tmp_path / "shop.py"), str(tmp_path))
    assert text.split("\n")[1:] == [
        "  shop.py:2 in <module>",
        "      x = 1",
        "    > y = (x,",
        "          ^",
    ]


def test_a_syntax_error_that_somebody_made_up_has_no_line_of_its_own(tmp_path):
    failure = failure_of("def test():\n    raise SyntaxError('mine')\n", tmp_path / "shop.py")
    assert [frame.line for frame in failure.frames] == [2]


def test_a_rewritten_asserts_message_is_not_repeated_as_values(tmp_path):
    source = "def test():\n    x = 1\n    raise AssertionError({!r} + str(x))\n"
    for message in ("assert 1 == 2", "a message\nassert 1 == 2\n  details"):
        assert failure_of(source.format(message), tmp_path / "shop.py").frames[0].values == ()
    assert failure_of(source.format("mine"), tmp_path / "shop.py").frames[0].values == (Value("x", "1"),)
    failure = failure_of("def test():\n    x = 1\n    assert x == 2, x\n", tmp_path / "shop.py")
    assert failure.frames[0].values == (Value("x", "1"),)


def test_a_line_that_no_file_can_hold_is_shown_and_marked_as_well():
    frame = Frame("<made up>", 1, "f", end_line=1, column=4, end_column=7, source="\udfff+ key")
    line, mark = (line.text for line in lines_around(frame))
    assert (line, mark.strip()) == ("> \udfff+ key", "^^^")
