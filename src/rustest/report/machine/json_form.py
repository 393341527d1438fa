r"""Records as JSON: the one place where named tuples and enums become objects and words.

All of it is ASCII, and every reader of JSON takes it: surrogates that stand alone, which strict readers refuse, are
written as visible escapes (`\ud800`), and numbers that are not finite as null.
"""

import enum
import json
import math
import re
from collections.abc import Mapping, Set
from functools import cache
from typing import cast

from rustest.model.scope import Scope

SCHEMA = 1
"""The version of what the lines hold; it grows when a reader of the one before might misunderstand them."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def as_json(value: object) -> Json:
    """The record as JSON has it: fields by name, enums as their words, sets sorted; raises TypeError for all else."""
    match value:
        case Scope():
            return value.label
        case enum.Enum():
            return as_json(value.value)
        case str():
            return _SURROGATE.sub(_visible, value)
        case float():
            return value if math.isfinite(value) else None
        case None | bool() | int():
            return value
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {_SURROGATE.sub(_visible, str(key)): as_json(member) for key, member in items}
        case Set():
            return sorted(map(as_json, cast("Set[object]", value)), key=repr)
        case tuple() | list():
            members = cast("tuple[object, ...] | list[object]", value)
            names = cast("tuple[str, ...]", getattr(members, "_fields", ()))
            return as_json(dict(zip(names, members, strict=True))) if names else list(map(as_json, members))
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")


def _visible(match: re.Match[str]) -> str:
    return ascii(match.group())[1:-1]


@cache
def word(name: str) -> str:
    """The name of a kind of record as lines have it: `test_finished` for `TestFinished`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def json_line(record: Mapping[str, object]) -> str:
    """The record in one line, with its end."""
    return json.dumps(as_json(record), allow_nan=False) + "\n"
