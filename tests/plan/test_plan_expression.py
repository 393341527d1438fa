"""The language of `-k` and `-m`."""

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest.model.errors import UsageError
from rustest.model.expression import compile_expression

NAMES = ("a", "b", "c")


def expressions(names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            inner.map(lambda one: f"not {one}"),
            inner.map(lambda one: f"( {one})"),
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        )

    return st.recursive(names, extend, max_leaves=12)


@given(expressions(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
@examples(50)
def test_an_expression_means_what_it_means_in_python(text, true_names):
    expression = compile_expression(text, "-k", keywords=False)
    expected = eval(text, {name: name in true_names for name in NAMES})
    assert expression(lambda name, _: name in true_names) is expected


@pytest.mark.parametrize(
    "name", ["test_a[1-x]", "a.b", "a/b.py", "a\\b", "a::b", "x+y", "-1", "1", "größe", "True", "android", "order"]
)
def test_pytests_liberal_names_are_names(name):
    asked: list[str] = []
    compile_expression(f"({name})", "-k", keywords=False)(lambda one, _: bool(asked.append(one)))
    assert asked == [name]


def test_keywords_come_with_their_values():
    asked = []
    text = """device(serial=1, low=-2, name="a b", other='"', on=True, off=False, none=None)"""
    compile_expression(text, "-m", keywords=True)(lambda name, keywords: bool(asked.append((name, keywords))))
    values = {"serial": 1, "low": -2, "name": "a b", "other": '"', "on": True, "off": False, "none": None}
    assert asked == [("device", values)]


@pytest.mark.parametrize(
    ("text", "caret", "expected"),
    [
        ("a and", 5, "a name, `not` or `("),
        ("and a", 0, "a name, `not` or `("),
        ("a b", 2, "`and`, `or` or the end"),
        ("(a or b", 7, "`and`, `or` or `)`"),
        ("a )", 2, "`and`, `or` or the end"),
        ("not", 3, "a name, `not` or `("),
        ("()", 1, "a name, `not` or `("),
        ("a or @b", 5, "a name"),
        ("a  &b", 3, "a name"),
        ("m(x='a)", 4, "a closing quote"),
        ("m(", 2, "a keyword, such as `serial=1`"),
        ("m()", 2, "a keyword, such as `serial=1`"),
        ("m(x)", 3, "`=`"),
        ("m(x=)", 4, "a quoted string, a whole number, True, False or None"),
        ("m(x=y)", 4, "a quoted string, a whole number, True, False or None"),
        ("m(x=1", 5, "`,` or `)`"),
        ("m(x=1,)", 6, "a keyword, such as `serial=1`"),
        ("m(class=1)", 2, "a keyword that Python allows as a name"),
        ("m(a.b=1)", 2, "a keyword that Python allows as a name"),
        ("'a'", 0, "a name, `not` or `("),
    ],
)
def test_what_cannot_be_read_is_shown_with_a_caret_under_the_place(text, caret, expected):
    with pytest.raises(UsageError) as caught:
        compile_expression(text, "-m", keywords=True)
    message, shown, pointer = str(caught.value).split("\n")
    assert message.startswith(f"cannot read the expression of -m: expected {expected}")
    assert (shown, pointer) == (f"  {text}", f"  {' ' * caret}^")


def test_only_marks_have_keywords():
    with pytest.raises(UsageError, match="only -m takes keywords"):
        compile_expression("device(serial=1)", "-k", keywords=False)


@given(st.text(alphabet="ab ()='\",not&1", max_size=12))
@examples(50)
def test_any_text_is_read_or_refused_in_words(text):
    try:
        expression = compile_expression(text, "-m", keywords=True)
    except UsageError as error:
        assert str(error).endswith("^")
    else:
        assert expression(lambda *_: True) in (True, False)
