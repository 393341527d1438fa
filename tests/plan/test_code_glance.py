"""A glance at a function sees all that it may reach for."""

from types import FunctionType

from rustest.assertion.sketch import EXPLAIN
from rustest.plan.footprints.code_glance import IDLE, Glances


def glance_at(source: str):
    names: dict[str, object] = {}
    exec(source, names)
    function = names["test"]
    assert isinstance(function, FunctionType)
    return Glances().at(function.__code__)


def test_a_function_that_mentions_nothing_reaches_for_nothing():
    assert glance_at("async def test(): pass") is IDLE


def test_what_a_rewritten_assert_calls_is_nothing_that_a_test_reaches_for():
    code = (lambda: THERE).__code__.replace(co_names=(EXPLAIN,))  # noqa: F821 # a name that no source can have
    assert Glances().at(code) is IDLE


def test_what_a_function_inside_it_does_counts_though_it_mentions_nothing_itself():
    glance = glance_at("def test():\n    def inner():\n        global state\n        state = 1\n    inner()")
    assert glance.names == {"state"}
    assert glance.stores_global
