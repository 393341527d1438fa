"""`warns` and `deprecated_call`, in the cases where pytest decides the same."""

import warnings

import pytest

from rustest import deprecated_call, skip, warns
from rustest.model.errors import Failed, Skipped


def test_the_expected_warning_passes_and_all_are_recorded_and_the_others_given_again():
    with pytest.warns(DeprecationWarning, match="other") as again, warns(UserWarning, match="^exp") as recorded:
        warnings.warn("expected")
        warnings.warn("other", DeprecationWarning)
    assert [str(one.message) for one in recorded] == ["expected", "other"]
    assert [str(one.message) for one in again] == ["other"]
    assert recorded.pop(UserWarning).category is UserWarning
    assert len(recorded.list) == 1


@pytest.mark.parametrize(
    ("expected", "match", "said"),
    [
        (ImportWarning, None, "ImportWarning was not given; the warnings of the block:\n  UserWarning: given"),
        (UserWarning, "x", "no UserWarning was given whose message matches 'x'; the warnings of the block:\n  UserWar"),
        ((ImportWarning, BytesWarning), "giv", "ImportWarning or BytesWarning was not given; the warnings of the bloc"),
    ],
)
def test_without_the_warning_the_test_fails_and_says_what_was_given(expected, match, said):
    with pytest.warns(UserWarning), pytest.raises(Failed) as info, warns(expected, match=match):
        warnings.warn("given")
    assert str(info.value).startswith(said)


def test_a_call_is_made_and_its_value_given():
    assert warns(UserWarning, lambda: warnings.warn("x") or 5) == 5
    with pytest.raises(Failed, match=r"UserWarning was not given; the warnings of the block: none"):
        warns(UserWarning, int)


@pytest.mark.parametrize("kind", [DeprecationWarning, PendingDeprecationWarning, FutureWarning])
def test_deprecated_call_takes_three_kinds(kind):
    with deprecated_call(match="old"):
        warnings.warn("old", kind)
    assert deprecated_call(lambda: warnings.warn("old", kind) or 1) == 1


def test_deprecated_call_takes_no_other():
    with pytest.warns(UserWarning), pytest.raises(Failed), deprecated_call():
        warnings.warn("x")


def test_a_skip_in_the_block_is_a_skip():
    with pytest.raises(Skipped), warns(UserWarning):
        skip("so")


def test_an_error_in_the_block_passes_where_the_warning_was_given():
    with pytest.raises(OSError), warns(UserWarning):
        warnings.warn("x")
        raise OSError
    with pytest.raises(Failed), warns(UserWarning):
        raise OSError


def test_what_cannot_be_expected_is_refused():
    with pytest.raises(TypeError, match="classes of warnings, not 'x'"):
        warns("x")
    with pytest.raises(TypeError, match=r"warns\(\) calls its second argument"):
        warns(UserWarning, "x")
    with pytest.raises(ValueError, match=r"match of warns\(\) is no regular expression"):
        warns(UserWarning, match="(")


def test_a_message_that_is_no_text_is_an_error():
    with pytest.raises(TypeError, match="must be a text or a Warning, not 1"), warns(UserWarning):
        warnings.warn(1)
