"""The mark `hypothesis`, by which `-m` finds the tests that Hypothesis gives their values."""

from rustest.model.given import is_given
from rustest.model.item import TestFunction
from rustest.model.marks import Mark


def marked(function: TestFunction) -> TestFunction:
    """The test, with the mark if it is one of those."""
    func = getattr(function.func, "__func__", function.func)
    return function._replace(marks=(*function.marks, Mark("hypothesis"))) if is_given(func) else function
