"""The ids of a parametrization's cases, to the letter as pytest makes them."""

import enum
import re
from collections.abc import Callable, Sequence

from rustest.collect.errors import CollectError
from rustest.model.choices import EmptyParameters
from rustest.model.hints import assert_never, cast
from rustest.model.hooks import NameValue
from rustest.model.ids import make_unique
from rustest.model.marks import CaseIds, HiddenParam, Mark, ParameterSet

_LONGEST_TEXT = 100
"""A longer string makes no part of an id by itself."""
_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), 127)} | {9: "\\t", 10: "\\n", 13: "\\r"}


def name_cases(
    names: Sequence[str], sets: Sequence[ParameterSet], ids: CaseIds, name_value: NameValue | None = None
) -> list[str | None]:
    """An id for each case, no two alike, and None for the one that goes without.

    Raises CollectError where a value or the user's function refuses, and where two cases would go without.
    """
    name_one = _namer(ids if callable(ids) else None, name_value)
    if len(names) == 1 and (ids is None or callable(ids)):  # as most, and quicker told one by one
        name = names[0]
        named = [
            name_one(values[0], name, index) if given is None else _given_id(given)
            for index, (values, given, _) in enumerate(sets)
        ]
    else:
        chosen = None if callable(ids) else ids
        named = [_name_case(names, case, index, chosen, name_one) for index, case in enumerate(sets)]
    if None not in named:
        return [*make_unique(cast("list[str]", named))]
    if named.count(None) > 1:
        raise CollectError("HIDDEN_PARAM stands for more than one case, and only one test can do without an id")
    shown = iter(make_unique([name for name in named if name is not None]))
    return [name if name is None else next(shown) for name in named]


def stand_in(names: Sequence[str], empty: EmptyParameters = EmptyParameters.SKIP) -> ParameterSet:
    """What stands for a parametrization without values: a case that does not run, so that the test does not vanish.

    Raises CollectError where there must be values.
    """
    reason = f"got empty parameter set for ({', '.join(names)})"
    match empty:
        case EmptyParameters.SKIP:
            mark = Mark("skip", (), {"reason": reason})
        case EmptyParameters.XFAIL:
            mark = Mark("xfail", (), {"reason": reason, "run": False})
        case EmptyParameters.FAIL_AT_COLLECT:
            raise CollectError(f"{reason}, and empty_parameter_set_mark makes that an error")
        case _:
            assert_never(empty)
    return ParameterSet((None,) * len(names), "NOTSET", (mark,))


def _name_case(
    names: Sequence[str], case: ParameterSet, index: int, ids: tuple[object, ...] | None, name_one: "_NameOne"
) -> str | None:
    if case.id is not None:
        return _given_id(case.id)
    if ids is not None and (chosen := ids[index]) is not None:
        return _name_chosen(chosen, index)
    return "-".join([name_one(value, name, index) for name, value in zip(names, case.values, strict=True)])


def _given_id(given: str | HiddenParam) -> str | None:
    """What `param` was given; None for `HIDDEN_PARAM`."""
    return None if isinstance(given, HiddenParam) else _escape(given)


def _name_chosen(chosen: object, index: int) -> str | None:
    if isinstance(chosen, HiddenParam):
        return None
    if (text := _text_of(chosen)) is None:
        raise CollectError(f"ids[{index}] is {chosen!r}: an id must be a string, a number, a bool or None")
    return text


_NameOne = Callable[[object, str, int], str]
"""Gives the name of a value of that argument in the case with that number."""


def _namer(function: Callable[[object], object] | None, name_value: NameValue | None) -> _NameOne:
    """What asks the user's function of a value, or else a hook, or the value itself, or its argument and index."""
    if function is None and name_value is None:
        return _name_by_value

    def name_one(value: object, argument: str, index: int) -> str:
        given = None if function is None else _given_name(value, f"{argument}{index}", function)
        if given is None and name_value is not None:
            given = name_value(value, argument)
        return _name_by_value(value, argument, index) if given is None else given

    return name_one


def _name_by_value(value: object, argument: str, index: int) -> str:
    if type(value) is int:  # as most are
        return str(value)
    try:
        given = _own_name(value)
    except Exception as error:
        raise _no_name("reading the value", f"{argument}{index}", error) from error
    return f"{argument}{index}" if given is None else given


def _given_name(value: object, otherwise: str, function: Callable[[object], object]) -> str | None:
    """What the user's function says of one value; None where it leaves that to the value."""
    try:
        given = function(value)
        return None if given is None else _text_of(given)
    except Exception as error:
        raise _no_name("the ids function", otherwise, error) from error


def _own_name(value: object) -> str | None:
    """What the value itself says; None where that is nothing, or too long."""
    if isinstance(value, str | bytes) and len(value) > _LONGEST_TEXT:
        return None
    return _text_of(value)


def _no_name(source: str, otherwise: str, error: Exception) -> CollectError:
    raised = f"{source} raised {type(error).__name__}"
    return CollectError(f"no id for {otherwise}: {raised}; give the case one with param(..., id=...)")


def _text_of(value: object) -> str | None:
    """The text of a value of one of the kinds that make readable ids, else None."""
    if isinstance(value, str | bytes):
        return _escape(value)
    if value is None or isinstance(value, int | float | complex | enum.Enum):
        return str(value)
    if isinstance(value, re.Pattern):
        return _escape(cast("re.Pattern[str] | re.Pattern[bytes]", value).pattern)
    name: object = getattr(value, "__name__", None)
    return name if isinstance(name, str) else None


def _escape(text: str | bytes) -> str:
    """ASCII without control characters, so that an id can be typed on any command line."""
    if isinstance(text, bytes):
        ascii_text = text.decode("ascii", "backslashreplace")
    elif text.isascii() and text.isprintable() and "\\" not in text:
        return str.__str__(text)  # the text itself, also of an enum's member, which calls itself by its name
    else:
        ascii_text = text.encode("unicode_escape").decode("ascii")
    return ascii_text.translate(_ESCAPES)
