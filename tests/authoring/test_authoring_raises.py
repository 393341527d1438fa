"""`raises`: what it lets pass, what it complains of, and what it keeps alive."""

import asyncio
import gc
import re
import weakref

import pytest

from rustest import raises
from rustest.model.errors import Failed, Skipped


def boom(error=ValueError, *args):
    raise error(*args)


def test_the_exception_is_there_after_the_block():
    with raises(ValueError) as info:
        boom(ValueError, "boom")
    assert info.value.args == ("boom",)
    assert info.type is ValueError
    assert info.tb is info.value.__traceback__ is not None
    assert str(info) == repr(info) == "<ExceptionInfo ValueError('boom') tblen=2>"


def test_a_subclass_and_each_of_a_tuple_will_do():
    with raises(LookupError) as info:
        {}["x"]
    assert info.type is KeyError
    with raises((OSError, ZeroDivisionError)):
        1 / 0


def test_a_call_will_do():
    info = raises(ValueError, int, "3z", base=10)
    assert "3z" in str(info.value)
    assert raises(ValueError, lambda *, match: boom(ValueError, match), match="its own").value.args == ("its own",)


def test_blocks_that_await_will_do():
    async def main():
        with raises(TimeoutError) as info:
            await asyncio.wait_for(asyncio.Event().wait(), 0.001)
        return info.type

    assert asyncio.run(main()) is TimeoutError


def test_nothing_raised_fails_the_test():
    with pytest.raises(Failed, match=r"^DID NOT RAISE ValueError$"), raises(ValueError):
        pass
    with pytest.raises(Failed, match=r"^DID NOT RAISE KeyError or OSError$"):
        raises((KeyError, OSError), int, "3")


@pytest.mark.parametrize("other", [KeyError("x"), KeyboardInterrupt(), SystemExit(3), Skipped("x"), GeneratorExit()])
def test_other_exceptions_pass_through_unchanged(other):
    with pytest.raises(type(other)) as info, raises(ValueError, match="x"):
        raise other
    assert info.value is other


def test_what_is_expected_by_name_is_taken_even_if_it_is_no_exception():
    with raises(KeyboardInterrupt):
        raise KeyboardInterrupt


def test_a_group_is_expected_by_its_own_type():
    with raises(ExceptionGroup) as info:
        raise ExceptionGroup("several", [ValueError("x")])
    assert isinstance(info.value.exceptions[0], ValueError)
    with pytest.raises(ExceptionGroup), raises(ValueError):
        raise ExceptionGroup("several", [ValueError("x")])


@pytest.mark.parametrize("pattern", ["b..m", "^boom", re.compile("BOOM", re.IGNORECASE), "a note"])
def test_match_searches_message_and_notes(pattern):
    with raises(ValueError, match=pattern) as info:
        error = ValueError("boom 1")
        error.add_note("a note")
        raise error
    assert info.match(r"(\d)")[1] == "1"


def test_a_message_that_does_not_match_is_shown_with_the_pattern():
    with pytest.raises(AssertionError) as info, raises(ValueError, match="a.c"):
        boom(ValueError, "xyz")
    assert str(info.value).splitlines() == [
        "ValueError was raised, and its message does not match",
        "  pattern: 'a.c'",
        "  message: 'xyz'",
    ]
    assert str(info.value.__context__) == "xyz"


def test_a_pattern_that_is_the_message_itself_earns_a_hint():
    with pytest.raises(AssertionError, match=r"re\.escape"), raises(ValueError, match="f(x) failed"):
        boom(ValueError, "f(x) failed")


def test_match_of_the_info_complains_alike():
    with raises(ValueError) as info:
        boom(ValueError, "xyz")
    with pytest.raises(AssertionError, match="does not match"):
        info.match("abc")


def test_the_check_decides_after_type_and_message():
    with raises(OSError, check=lambda error: error.errno == 2) as info:
        raise OSError(2, "gone")
    assert info.value.errno == 2
    with pytest.raises(AssertionError, match="the check of raises"), raises(OSError, check=lambda error: False):
        raise OSError(2, "gone")
    with pytest.raises(KeyError), raises(OSError, check=lambda error: True):
        raise KeyError


def test_the_exception_cannot_be_read_too_early():
    with raises(ValueError) as info:
        for read in (lambda: info.value, lambda: info.type, lambda: info.tb, lambda: info.match("x")):
            with pytest.raises(AssertionError, match="read this after the block"):
                read()
        assert repr(info) == str(info) == "<ExceptionInfo of nothing yet>"
        raise ValueError


def test_one_raises_may_be_entered_again():
    expected = raises(ValueError)
    for text in ("one", "two"):
        with expected as info:
            boom(ValueError, text)
        assert str(info.value) == text
    with pytest.raises(Failed), expected:
        pass


@pytest.mark.parametrize("expected", ["ValueError", ValueError("x"), int, None, [ValueError], (ValueError, 3)])
def test_what_is_no_exception_type_is_refused(expected):
    with pytest.raises(TypeError, match="what raises\\(\\) expects must be an exception type"):
        raises(expected)


@pytest.mark.parametrize(
    ("call", "error", "complaint"),
    [
        (lambda: raises(()), ValueError, "at least one exception type"),
        (lambda: raises(ValueError, "text"), TypeError, "a pattern goes to match"),
        (lambda: raises(ValueError, None), TypeError, "cannot call None"),
        (lambda: raises(ValueError, mach="x"), TypeError, r"raises\(\) has no keyword 'mach'; it takes match, check"),
        (lambda: raises(ValueError, match=3), TypeError, "must be a regular expression"),
        (lambda: raises(ValueError, match="("), ValueError, "no regular expression"),
        (lambda: raises(ValueError, check=3), TypeError, "check of raises"),
        (lambda: raises(TypeError, asyncio.sleep, 0), TypeError, "cannot await"),
    ],
)
def test_wrong_arguments_are_refused(call, error, complaint):
    with pytest.raises(error, match=complaint):
        call()


class Resource:
    pass


def use_and_fail(seen):
    resource = Resource()
    seen.append(weakref.ref(resource))
    raise ValueError(resource.__class__.__name__)


@pytest.fixture
def no_gc():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def with_block(seen):
    with raises(ValueError, match="Resource"):
        use_and_fail(seen)


def with_info_dropped(seen):
    with raises(ValueError) as info:
        use_and_fail(seen)
    assert info.match("Resource")
    del info


def call(seen):
    raises(ValueError, use_and_fail, seen)


@pytest.mark.parametrize("use", [with_block, with_info_dropped, call])
def test_what_the_failing_code_held_is_free_as_soon_as_nobody_holds_the_exception(no_gc, use):
    seen = []
    use(seen)
    assert seen[0]() is None


def test_the_type_may_be_told_by_name_and_groups_may_say_of_what():
    with raises(expected_exception=(KeyError, ValueError), match="boom"):
        boom(ValueError, "boom")
    with raises(ExceptionGroup[Exception]) as info:
        raise ExceptionGroup("several", [ValueError()])
    assert info.group_contains(ValueError)
