"""Typical comparisons that fail, as source code, with the names that they use."""

from dataclasses import dataclass, field
from typing import NamedTuple

import attrs

from rustest import approx


@dataclass
class User:
    name: str
    tags: list[str] = field(default_factory=list)
    seen: int = field(default=0, compare=False)

    def __repr__(self) -> str:
        return f"User({self.name!r}, {self.tags!r})"


@attrs.frozen
class Box:
    size: int
    label: str = ""


class Point(NamedTuple):
    x: float
    y: float


class Silent:
    def __repr__(self) -> str:
        return "Silent()"


class Broken:
    def __eq__(self, other: object) -> bool:
        raise ValueError("not comparable")

    __hash__ = None

    def __repr__(self) -> str:
        raise RuntimeError


POEM = "\n".join(f"This is line {number} of the poem." for number in range(1, 13))
NAMES = {
    "approx": approx,
    "User": User,
    "Box": Box,
    "Point": Point,
    "Silent": Silent,
    "Broken": Broken,
    "POEM": POEM,
}

COMPARISONS = [
    "'hello world' == 'hello wurld'",
    "'one three' == 'one two three'",
    "'trailing' == 'trailing '",
    "'a\\tb' == 'a b'",
    "'p\\u0430ypal' == 'paypal'",
    "('x' * 300 + 'a' + 'y' * 300) == ('x' * 300 + 'b' + 'y' * 300)",
    "POEM == POEM.replace('line 6', 'lime 6').replace('This is line 11 of the poem.\\n', '')",
    "'one\\r\\ntwo\\r\\n' == 'one\\ntwo\\r\\n'",
    "b'abc\\x00def' == b'abd\\x00def'",
    "[1, 2, 3, 5] == [1, 2, 3, 7]",
    "[1, 2, 3] == [1, 2, 3, 4, 5]",
    "[1, 2, 3, 4, 5, 6] == [1, 2, 99, 3, 4, 5, 7]",
    "[1, 2] == (1, 2)",
    "list(range(100)) == [-number for number in range(100)]",
    "{'a': 1, 'b': 2} == {'a': 1, 'b': 3, 'c': 4}",
    "{'users': [User('ada'), User('bob', ['x'])]} == {'users': [User('ada'), User('rob', ['y'])]}",
    "{1, 2, 3} == {2, 3, 4}",
    "{1, 2} <= {2, 3}",
    "User('ada', ['a', 'b'], 1) == User('ada', ['a', 'c'], 2)",
    "Box(1, 'a') == Box(2, 'a')",
    "Point(1.0, 2.0) == Point(1.0, 3.0)",
    "Silent() == Silent()",
    "[Broken()] == [1]",
    "0.1 + 0.2 == 0.3",
    "[1, 2.5, 3] == approx([1, 2, 3])",
    "'HELLO' in 'say hello'",
    "'hello wurld' in 'say hello world to everyone'",
    "'foo' not in 'some foo here'",
    "3 not in [1, 2, 3]",
    "[1] is [1]",
]
