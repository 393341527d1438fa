"""Random expressions, rewritten and as they stand: they do the same, in the same order, and end in the same way."""

from examples import examples
from forms import PRELUDE
from hypothesis import given, reject
from hypothesis import strategies as st
from sides import deed, plain, rewritten

NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = NAMES | st.sampled_from(["0", "1", "-1", "3", "None", "[a]", "(b, c)"]) | NAMES.map("f({})".format)


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two, three = st.tuples(inner, inner), st.tuples(inner, inner, inner)
    comparing = st.sampled_from(["==", "!=", "<", "<=", "is", "is not", "in", "not in"])
    return st.one_of(
        inner.map("f({})".format),
        two.map("f({0[0]}, more={0[1]})".format),
        two.map("f(*({0[0]}, {0[1]}))".format),
        inner.map("Thing({}).value".format),
        two.map("Thing({0[0]}).plus({0[1]})".format),
        two.map("({0[0]}, {0[1]})[f(b)]".format),
        two.map("[a, b, c][{0[0]}:{0[1]}]".format),
        inner.map("Truth({})".format),
        inner.map("(not {})".format),
        inner.map("(-{})".format),
        two.map("({0[0]} and {0[1]})".format),
        three.map("({0[0]} or {0[1]} or {0[2]})".format),
        st.tuples(inner, comparing, inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, comparing, inner, comparing, inner).map(lambda parts: f"({' '.join(parts)})"),
        two.map("({0[0]} + {0[1]})".format),
        three.map("({0[0]} if {0[1]} else {0[2]})".format),
        st.tuples(NAMES, inner).map("({0[0]} := {0[1]})".format),
        inner.map("all(f(x) if a else {} for x in (a, b))".format),
        inner.map("any(f(x) for x in (a, {}))".format),
        inner.map("(lambda x: {})(a)".format),
        inner.map("[{} for x in (a, b)]".format),
    )


EXPRESSIONS = st.recursive(LEAVES, larger, max_leaves=12)
NUMBERS = st.tuples(*[st.integers(0, 3)] * 3)


@examples(60)
@given(EXPRESSIONS, NUMBERS)
def test_a_rewritten_expression_does_what_it_did(expression, numbers):
    source = f"{PRELUDE}\ndef form(a, b, c):\n    assert {expression}\n    LOG.append(str(sorted(locals().items())))\n"
    try:
        names = plain(source)
    except SyntaxError:  # there are places where a comprehension may not bind names
        reject()
    before, after = deed(names, *numbers), deed(rewritten(source), *numbers)
    assert after[:3] == before[:3]
    assert after.outcome != "AssertionError" or after.message.startswith("assert ")
