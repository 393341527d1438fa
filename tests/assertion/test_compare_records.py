"""What is said of dataclasses, attrs classes, named tuples and plain objects."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import NamedTuple

import attrs

from rustest.assertion.compare import explain_comparison


def said(left: object, right: object) -> list[str]:
    return explain_comparison("==", left, right, verbosity=0)


@dataclass
class User:
    name: str
    tags: list[object] = field(default_factory=list)
    seen: int = field(default=0, compare=False)


@dataclass
class Admin(User):
    level: int = 0


class Renamed(User):
    pass


@dataclass
class Loose:
    x: int
    y: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loose) and self.x == other.x

    __hash__ = None


@dataclass(eq=False)
class Unequal:
    x: int


@attrs.define
class Box:
    size: int
    label: str = attrs.field(default="", eq=str.lower)
    note: str = attrs.field(default="", eq=False)


class Point(NamedTuple):
    x: int
    y: object


class Silent:
    def __repr__(self) -> str:
        return "Silent()"


class Choosy:
    def __repr__(self) -> str:
        return "Choosy()"

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None


def test_dataclasses_are_compared_by_the_fields_that_count():
    assert said(User("ada", [1, 2], 5), User("bob", [1, 3], 6)) == ["at .name: 'ada' != 'bob'", "at .tags[1]: 2 != 3"]


def test_inherited_fields_count_too():
    assert said(Admin("ada", level=1), Admin("ada", level=2)) == ["at .level: 1 != 2"]
    assert said(Renamed("ada"), Renamed("bob")) == ["at .name: 'ada' != 'bob'"]


def test_fields_say_nothing_where_another_eq_decides():
    assert said(Loose(1, 2), Loose(2, 2)) == []
    assert said([Loose(1, 2)], [Loose(2, 2)]) == ["at [0]: Loose(x=1, y=2) != Loose(x=2, y=2)"]


def test_records_of_two_types_are_not_compared_by_field():
    assert said(User("ada"), Admin("bob")) == []


def test_attrs_classes_are_compared_by_the_fields_that_count():
    assert said(Box(1, "a", "x"), Box(2, "A", "y")) == ["at .size: 1 != 2"]
    assert said(Box(1, "a"), Box(1, "b")) == ["at .label: 'a' != 'b'"]


def test_named_tuples_are_compared_by_field():
    assert said(Point(1, [2]), Point(1, [3])) == ["at .y[0]: 2 != 3"]
    assert said(Point(1, 2), (1, 3)) == ["at [1]: 2 != 3"]


def test_namespaces_are_compared_by_attribute():
    assert said(SimpleNamespace(a=1, b=2), SimpleNamespace(a=3, c=4)) == [
        "left (-) and right (+) differ:",
        "at .a: 1 != 3",
        "- .b: 2",
        "+ .c: 4",
    ]


def test_a_field_that_one_side_lacks_is_seen():
    left, right = User("ada"), User("ada")
    del right.tags
    assert said(left, right) == ["left (-) and right (+) differ:", "- .tags: []"]


def test_objects_without_an_eq_are_told_apart():
    assert said(Silent(), Silent()) == ["they are two objects, and Silent has no __eq__: each equals only itself"]
    assert said([Silent()], [Silent()]) == [
        "at [0]: Silent() != Silent() (they are two objects, and Silent has no __eq__: each equals only itself)"
    ]
    assert said(object(), object()) == ["they are two objects, and object has no __eq__: each equals only itself"]
    assert said(Unequal(1), Unequal(1)) == ["they are two objects, and Unequal has no __eq__: each equals only itself"]


def test_objects_that_look_the_same_are_told_apart():
    assert said(Choosy(), Choosy()) == ["they look the same, but are two objects, which Choosy.__eq__ tells apart"]
    choosy = Choosy()
    assert said(choosy, choosy) == ["both are the same object, and it does not equal itself"]


def test_types_that_look_the_same_are_told_apart():
    class Other(Silent):
        pass

    assert said(Silent(), Other()) == [
        f"they look the same, but left is a {__name__}.Silent, right a {__name__}.{Other.__qualname__}"
    ]
