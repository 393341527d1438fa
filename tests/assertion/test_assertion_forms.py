"""Each form of assert, rewritten and as it stands: the same meaning, each operand once, in the same order."""

import pytest
from forms import ALL, NUMBERS, source_of
from sides import deed, plain, rewritten


@pytest.mark.parametrize("form", ALL)
def test_a_rewritten_form_does_what_it_did(form):
    source = source_of(form)
    before, after = plain(source), rewritten(source)
    for numbers in NUMBERS:
        assert deed(after, *numbers)[:2] == deed(before, *numbers)[:2], numbers


@pytest.mark.parametrize("form", ALL)
def test_whatever_a_rewritten_form_raises_is_marked_where_it_was(form):
    source = source_of(form)
    before, after = plain(source), rewritten(source)
    for numbers in NUMBERS:
        assert deed(after, *numbers).place == deed(before, *numbers).place, numbers


@pytest.mark.parametrize("form", ALL)
def test_a_failure_of_each_form_is_explained(form):
    names = rewritten(source_of(form))
    failed = [done for numbers in NUMBERS if (done := deed(names, *numbers)).outcome == "AssertionError"]
    assert failed or "message that raises" in form or "try" in form or "class" in form
    assert all("assert " in done.message for done in failed)


def test_no_line_is_visited_that_was_not_visited_before():
    """Debuggers and coverage see the same lines; the compiler gives what follows an assert no line of its own."""
    for form in ALL:
        source = source_of(form)
        lines = [
            {line for _, _, line in code.co_lines() if line}
            for code in (code_of(plain, source), code_of(rewritten, source))
        ]
        assert lines[0] == lines[1], form


def code_of(compiled, source):
    return compiled(source)["form"].__code__
