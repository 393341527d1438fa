"""What the messages say: held to the golden file, and to pytest's own messages that stand beside ours there."""

import decimal
import json
import re
from bisect import bisect
from decimal import Decimal

import pytest
from forms import ALL
from golden_messages import GOLDEN, LEFT_OUT, our_messages
from sides import deed, rewritten

GOLDEN_MESSAGES = json.loads(GOLDEN.read_text())
OBJECTS = re.compile(r"<built-in function \w+>|<(function|built-in|bound|generator|coroutine|[\w.<>]*\.C) .*? at 0x>")
WORDS_OF_PYTEST = {"assert", "where", "and", "in", "is", "not", "or", "plus", "passes", "raises", "TypeError"}
"""Words of its wording, and a method's name that it tells in place of the object's own call."""

DEEPER_STRIP = "    where '2' = ' 2'.strip()"

IMPLIED = {"ternary": {"False"}}
"""What the expression as a whole came to, where its parts are told instead."""


@pytest.fixture(scope="module")
def ours() -> dict[str, str]:
    return our_messages()


@pytest.mark.parametrize("form", [form for form in ALL if form not in LEFT_OUT])
def test_the_message_is_the_golden_one(form, ours):
    """If the new one is better: `python tests/assertion/golden_messages.py`."""
    assert ours[form].splitlines() == GOLDEN_MESSAGES[form]["ours"]


@pytest.mark.parametrize("form", GOLDEN_MESSAGES)
def test_the_message_holds_all_values_that_pytests_holds(form):
    sides = GOLDEN_MESSAGES[form]
    implied = IMPLIED.get(form, set())
    assert told(first_part(sides["pytest"])) - WORDS_OF_PYTEST - implied <= told("\n".join(sides["ours"]))


def first_part(lines: list[str]) -> str:
    """The message without the lines that compare the two sides."""
    return "\n".join(line for line in lines if line.startswith(("assert", " +", "why", "(")))


def told(message: str) -> set[str]:
    return set(re.findall(r"'[^']*'|\w+", OBJECTS.sub("", message)))


def message_of(body: str, **names: object) -> str:
    module = rewritten(f"LOG = []\ndef form():\n    {body}\n")
    module.update(names)
    done = deed(module)
    assert done.outcome == "AssertionError", done
    return done.message


def test_each_computed_value_has_a_line_that_says_where_it_comes_from():
    message = message_of("assert d['k'].upper().strip(c) == [c][0:1]", d={"k": "ab"}, c="x")
    assert message.splitlines() == [
        "assert 'AB' == ['x']",
        "  where 'AB' = 'AB'.strip('x')",
        "    where 'AB' = 'ab'.upper()",
        "      where 'ab' = {'k': 'ab'}['k']",
        "  where ['x'] = ['x'][0:1]",
    ]


def test_objects_that_read_as_they_were_made_have_a_line_only_where_their_arguments_have_one():
    message = message_of("assert D('1') == D('2')", D=Decimal)
    assert message.splitlines()[1:] == ["  where Decimal('1') = D('1')", "  where Decimal('2') = D('2')"]
    message = message_of("assert Decimal('1') == m.Decimal('2')", Decimal=Decimal, m=decimal)
    assert message == "assert Decimal('1') == Decimal('2')"
    message = message_of("assert Decimal('1') == Decimal(s.strip())", Decimal=Decimal, s=" 2")
    assert message.splitlines()[1:] == ["  where Decimal('2') = Decimal('2')", DEEPER_STRIP]


def test_long_values_are_told_in_brief_where_it_is_told_beneath_what_they_differ_in():
    text = "a line of some length\n" * 20
    first, *_, last = message_of("assert a == a + 'x'", a=text).splitlines()
    assert len(first) < 220
    assert last.startswith("+ x")
    assert len(message_of("assert not a", a=text)) > 220


def test_what_was_not_evaluated_is_not_told():
    assert message_of("assert a and b and nowhere()", a=1, b=0) == "assert 1 and 0"


def test_the_users_message_comes_first():
    assert message_of("assert a == 2, ('why', a)", a=1) == "('why', 1)\nassert 1 == 2"


def test_a_message_whose_text_cannot_be_made_does_not_hide_the_failure():
    class Mute:
        def __str__(self):
            raise ValueError("mute")

        __repr__ = __str__

    assert message_of("assert a == 2, mute", a=1, mute=Mute()).endswith("\nassert 1 == 2")


def test_a_value_that_cannot_be_shown_does_not_hide_the_failure():
    class Mute:
        def __repr__(self):
            raise ValueError("mute")

    assert message_of("assert mute is None", mute=Mute()).startswith("assert <")


def test_the_element_that_decided_is_told():
    assert message_of("assert all(x > lowest for x in found)", lowest=0, found=[1, -2, 3]).splitlines() == [
        "assert False",
        "  where False = all(... in [1, -2, 3]), decided by -2 > 0",
    ]


def test_functions_and_classes_are_told_by_the_name_that_they_are_called_by():
    assert message_of("assert isinstance(a, int)", a="x").splitlines()[1] == "  where False = isinstance('x', int)"


def test_a_class_under_another_name_is_told_by_its_own():
    assert message_of("assert kind is int", kind=str) == "assert <class 'str'> is int"


def test_a_deep_expression_is_told_as_far_as_it_can_be_read():
    message = message_of(f"assert {'+'.join(['a'] * 200)} == 1", a=1)
    assert message.startswith("assert 200 == 1\n  where 200 = 199 + 1\n")
    assert len(message.splitlines()) < 50


def test_whatever_depth_python_compiles_is_compiled_rewritten_too():
    """So close to the limit that the tree, which is a bit deeper than the source, is too deep for Python."""
    deepest = 100 + bisect(range(100, 10_000), 0.5, key=lambda depth: not compiles(sum_of(depth)))
    for depth in range(deepest - 40, deepest - 10):
        module = rewritten(f"LOG = []\ndef form():\n    assert {sum_of(depth)} == 1\n")
        module["a"] = 1
        assert deed(module).outcome == "AssertionError"


def sum_of(depth: int) -> str:
    return "+".join(["a"] * depth)


def compiles(expression: str) -> bool:
    try:
        compile(f"def form():\n    assert {expression} == 1\n", "form.py", "exec")
    except RecursionError:
        return False
    return True
