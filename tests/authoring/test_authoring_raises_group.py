"""`RaisesGroup` and `RaisesExc`, beside pytest's own on the same exceptions."""

import pytest

import rustest
from rustest.model.errors import Failed

GROUPS = {
    "value": ExceptionGroup("g", [ValueError("a")]),
    "two values": ExceptionGroup("g", [ValueError("a"), ValueError("b")]),
    "value and type": ExceptionGroup("g", [ValueError("a"), TypeError("b")]),
    "nested": ExceptionGroup("g", [ExceptionGroup("h", [ValueError("a")])]),
    "mixed": ExceptionGroup("g", [TypeError("t"), ExceptionGroup("h", [ValueError("a")])]),
    "base": BaseExceptionGroup("g", [KeyboardInterrupt(), ValueError("a")]),
    "lone": ValueError("a"),
    "other lone": TypeError("a"),
}
EXPECTED = {
    "value": lambda of: of.RaisesGroup(ValueError),
    "two values": lambda of: of.RaisesGroup(ValueError, ValueError),
    "type and value": lambda of: of.RaisesGroup(TypeError, ValueError),
    "the narrow and the wide": lambda of: of.RaisesGroup(Exception, ValueError),
    "base": lambda of: of.RaisesGroup(ValueError, KeyboardInterrupt),
    "flat": lambda of: of.RaisesGroup(ValueError, flatten_subgroups=True),
    "flat both": lambda of: of.RaisesGroup(ValueError, TypeError, flatten_subgroups=True),
    "nested": lambda of: of.RaisesGroup(of.RaisesGroup(ValueError)),
    "mixed": lambda of: of.RaisesGroup(of.RaisesGroup(ValueError), TypeError),
    "unwrapped": lambda of: of.RaisesGroup(ValueError, allow_unwrapped=True),
    "message": lambda of: of.RaisesGroup(ValueError, match="^g$"),
    "other message": lambda of: of.RaisesGroup(ValueError, match="z"),
    "member's message": lambda of: of.RaisesGroup(of.RaisesExc(ValueError, match="a")),
    "member's other message": lambda of: of.RaisesGroup(of.RaisesExc(ValueError, match="z")),
    "any with message": lambda of: of.RaisesGroup(of.RaisesExc(match="b"), of.RaisesExc(match="a")),
    "check": lambda of: of.RaisesGroup(ValueError, check=lambda group: str(group).startswith("z")),
    "member's check": lambda of: of.RaisesGroup(of.RaisesExc(check=lambda one: str(one) == "a")),
}


@pytest.mark.parametrize("expected", EXPECTED)
@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_what_is_expected_where_pytest_says_so(expected, group):
    ours, theirs = EXPECTED[expected](rustest), EXPECTED[expected](pytest)
    assert ours.matches(GROUPS[group]) == theirs.matches(GROUPS[group])
    assert (ours.fail_reason is None) == (theirs.fail_reason is None)


def test_a_block_that_raises_the_group_passes_and_gives_it():
    with rustest.RaisesGroup(ValueError, match="g") as info:
        raise GROUPS["value"]
    assert info.value is GROUPS["value"]
    assert info.group_contains(ValueError, match="a", depth=1)
    assert not info.group_contains(TypeError)


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("value and type", "there and not expected: TypeError('b')"),
        ("lone", "ValueError('a') is no exception group; allow_unwrapped=True would take it"),
        ("nested", "flatten_subgroups=True looks at the members of groups inside"),
    ],
)
def test_another_exception_fails_the_test_and_the_difference_is_told(raised, said):
    with pytest.raises(Failed) as info, rustest.RaisesGroup(ValueError):
        raise GROUPS[raised]
    assert said in str(info.value)


def test_a_block_that_raises_nothing_fails_the_test():
    with pytest.raises(Failed, match=r"RaisesGroup\(ValueError, match='x'\): nothing was raised"):
        with rustest.RaisesGroup(ValueError, match="x"):
            pass


@pytest.mark.parametrize(
    "wrong",
    [
        rustest.RaisesGroup,
        lambda: rustest.RaisesGroup("x"),
        lambda: rustest.RaisesGroup(ValueError, TypeError, allow_unwrapped=True),
        lambda: rustest.RaisesGroup(rustest.RaisesGroup(ValueError), flatten_subgroups=True),
        rustest.raises,
    ],
)
def test_what_cannot_be_expected_is_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        wrong()


def test_an_exception_info_tells_what_pytests_does():
    def blow():
        raise AssertionError("told")

    with rustest.raises(AssertionError) as ours:
        blow()
    theirs = pytest.ExceptionInfo.from_exception(ours.value)
    for name in ("value", "type", "typename", "tb"):
        assert getattr(ours, name) is getattr(theirs, name) or getattr(ours, name) == getattr(theirs, name)
    assert ours.exconly() == theirs.exconly()
    assert ours.exconly(tryshort=True) == theirs.exconly(tryshort=True)
    assert ours.errisinstance((OSError, AssertionError))
    assert [(one.name, one.lineno, one.path) for one in ours.traceback] == [
        (one.name, one.lineno, one.path) for one in theirs.traceback
    ]
    assert "AssertionError: told" in str(ours.getrepr())
    assert isinstance(ours, rustest.ExceptionInfo)
