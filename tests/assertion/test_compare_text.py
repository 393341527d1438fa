"""What is said of texts and bytes that differ: which characters, which lines, and nothing of the rest."""

import pytest

from rustest.assertion.compare import explain_comparison

HEADING = "left (-) and right (+) differ:"


def said(left: object, right: object, verbosity: int = 0) -> list[str]:
    lines = explain_comparison("==", left, right, verbosity=verbosity)
    return lines[1:] if lines[:1] == [HEADING] else lines


def test_the_differing_characters_are_marked():
    assert said("hello world", "hello wurld") == ["- 'hello world'", "+ 'hello wurld'", "          ^"]


def test_each_side_has_its_own_marks_where_they_differ():
    assert said("abcd", "abxycd") == ["- 'abcd'", "+ 'abxycd'", "     ^^"]
    assert said("one three", "one two three") == ["- 'one three'", "+ 'one two three'", "        ^^^^"]
    assert said("abc-", "abc+++") == ["- 'abc-'", "      ^", "+ 'abc+++'", "      ^^^"]


def test_nothing_is_said_of_short_texts_with_nothing_in_common():
    assert said("ada", "bob") == []
    assert said(b"ada", b"bob") == []


def test_a_trailing_blank_is_seen():
    assert said("abc", "abc ") == ["- 'abc'", "+ 'abc '", "      ^"]
    assert said("a\nb \nc\n", "a\nb\nc\n") == ["  a", "- 'b '", "    ^", "+ 'b'", "  c"]


def test_tabs_and_other_line_ends_are_seen():
    assert said("a\tb", "a b") == [r"- 'a\tb'", "    ^^", "+ 'a b'", "    ^"]
    assert said("a\r\nb\r\n", "a\nb\r\n") == [r"- 'a\r'", "    ^^", "+ 'a'", r"  'b\r'"]


def test_a_missing_newline_at_the_end_is_seen():
    assert said("a\nb\n", "a\nb") == ["  a", r"- 'b\n'", "    ^^", "+ 'b'"]


def test_an_empty_line_is_seen():
    assert said("a\n\nb\n", "a\nb\n") == ["  a", r"- '\n'", "  b"]


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("p\u0430ypal", "paypal", [r"- 'p\u0430ypal'", "+ 'paypal'"]),
        ("cafe\u0301", "caf\u00e9", [r"- 'cafe\u0301'", r"+ 'caf\xe9'"]),
        ("a\u200bb", "ab", [r"- 'a\u200bb'", "+ 'ab'"]),
        ("a\u00a0b", "a b", [r"- 'a\xa0b'", "+ 'a b'"]),
        ("\ufb01ne", "fine", [r"- '\ufb01ne'", "+ 'fine'"]),
    ],
    ids=["cyrillic", "combining", "zero width", "no-break space", "ligature"],
)
def test_what_looks_alike_is_told_apart_by_escapes(left, right, shown):
    assert [line for line in said(left, right) if line[0] in "-+"] == shown


@pytest.mark.parametrize(
    ("left", "right"),
    [("caf\u00e9!", "cafe!"), ("\u65e5\u672c", "Japan"), ("\u043c\u0438\u0440", "\u05e9\u05dc\u05d5\u05dd")],
    ids=["of one script", "chinese and latin", "cyrillic and hebrew"],
)
def test_what_does_not_look_alike_is_shown_as_it_is(left, right):
    assert [line for line in said(left, right) if line[0] in "-+"] == [f"- '{left}'", f"+ '{right}'"]


def test_marks_stand_beneath_a_letter_with_an_accent():
    assert said("caf\u00e9!", "cafe!") == ["- 'caf\u00e9!'", "+ 'cafe!'", "      ^"]


def test_marks_stand_beneath_wide_characters():
    assert said("\u65e5\u672c\u8a9e", "\u65e5\u6728\u8a9e")[-1] == "     ^^"


def test_the_equal_beginning_and_end_of_a_long_text_are_cut():
    left, right = ("x" * 500 + char + "y" * 500 for char in "ab")
    assert said(left, right) == [
        "at index 500:",
        f"- '...{'x' * 20}a{'y' * 20}...'",
        f"+ '...{'x' * 20}b{'y' * 20}...'",
        " " * 26 + "^",
    ]


def test_a_long_text_is_shown_whole_at_verbosity_2():
    left, right = ("x" * 500 + char + "y" * 500 for char in "ab")
    assert said(left, right, verbosity=2) == [f"- '{left}'", f"+ '{right}'", " " * 503 + "^"]


def test_equal_lines_are_left_out_but_for_a_few():
    lines = [f"line {number}" for number in range(1, 41)]
    changed = [*lines[:19], "line XX", *lines[20:]]
    assert said("\n".join(lines), "\n".join(changed)) == [
        "  ... lines 1 to 17 are equal",
        "  line 18",
        "  line 19",
        "- line 20",
        "+ line XX",
        "       ^^",
        "  line 21",
        "  line 22",
        "  ... lines 23 to 40 are equal",
    ]


def test_lines_put_in_and_taken_out_do_not_make_others_differ():
    assert said("a\nb\nc\nd\n", "a\nx\nb\nc\n") == ["  a", "+ x", "  b", "  c", "- d"]


def test_lines_are_paired_with_those_that_they_are_like():
    left = "first line\nsecond line\n"
    right = "something else altogether\nfirst lime\nsecond line\n"
    assert said(left, right) == [
        "+ something else altogether",
        "- first line",
        "+ first lime",
        "          ^",
        "  second line",
    ]


def test_bytes_are_compared_by_index():
    assert said(b"abc\x00def", b"abd\x00def") == [r"- b'abc\x00def'", r"+ b'abd\x00def'", "      ^"]
    assert said(b"\xe9a", b"\xe8a") == [r"- b'\xe9a'", r"+ b'\xe8a'", "    ^^^^"]
    assert said(bytes(1000) + b"a", bytearray(1000) + b"b")[0] == "at index 1000:"


def test_quotes_and_backslashes_are_escaped_where_the_text_is_quoted():
    assert said("it's a\\b", "it's a\\c") == [r"- 'it\'s a\\b'", r"+ 'it\'s a\\c'", "            ^"]


def test_texts_of_a_subclass_with_another_eq_are_told_apart():
    class Loose(str):
        def __eq__(self, other: object) -> bool:
            return False

        __hash__ = str.__hash__

    assert said(Loose("a"), Loose("a")) == [
        "they look the same, but are two objects, which "
        "test_texts_of_a_subclass_with_another_eq_are_told_apart.<locals>.Loose.__eq__ tells apart"
    ]
