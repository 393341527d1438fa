"""Marks and parameter sets: what decorators leave on a test for the collector to find."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

MARKS_ATTRIBUTE = "pytestmark"
"""Where marks stand on a function, class or module: pytest's own name, so that `pytestmark = mark.x` works too."""

NO_KEYWORDS: Mapping[str, object] = MappingProxyType({})


class Mark(NamedTuple):
    """One mark as it was written: `mark.name(*args, **kwargs)`."""

    name: str
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = NO_KEYWORDS


class ParameterSet(NamedTuple):
    """The values of one case of `parametrize`, with its own id and marks: what `param(...)` makes."""

    values: tuple[object, ...]
    id: str | None = None
    marks: tuple[Mark, ...] = ()


CaseIds = tuple[object, ...] | Callable[[object], object] | None
"""The `ids` of a parametrization: one for each case, or a function of a value, or none."""
