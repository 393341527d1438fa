"""Patterns for names of files: as pytest reads them, whichever of three quick ways each of them takes."""

from fnmatch import fnmatchcase

import pytest

from rustest.collect.patterns import Patterns

NAMES = ("test_.py", "test_a.py", "test.py", "a_test.py", "test_test.py", "conftest.py", "ab", "aba", "abba", "a", "")
PATTERNS = ("test_*.py", "*_test.py", "test_*_test.py", "test_*test.py", "ab*ba", "a?a", "[ac]*", "*", "a", "*a*")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_without_a_slash_fits_the_names_that_fnmatch_lets_it_fit(pattern):
    patterns = Patterns([pattern])
    assert [name for name in NAMES if patterns.match(name, f"/p/{name}")] == [
        name for name in NAMES if fnmatchcase(name, pattern)
    ]


def test_a_beginning_and_an_end_do_not_share_letters():
    assert not Patterns(["ab*ba"]).match("aba", "/p/aba")


@pytest.mark.parametrize(("pattern", "fits"), [("sub/t*.py", True), ("/p/sub/t.py", True), ("p/t.py", False)])
def test_a_pattern_with_a_slash_is_held_against_the_whole_path(pattern, fits):
    assert Patterns([pattern]).match("t.py", "/p/sub/t.py") is fits
