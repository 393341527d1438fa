"""Two differing values that are not, or not visibly, made of differing parts."""

from collections.abc import Iterator

from rustest.assertion.place import Place

_NEAR = 1e-6


def describe_leaves(place: Place, left: object, right: object) -> Iterator[str]:
    """Both values, unless they are what was compared itself, and what cannot be seen of them."""
    shown_left, shown_right = place.show(left), place.show(right)
    hint = _explain_rounding(left, right) or _explain_look(left, right, shown_left, shown_right)
    yield from place.say_unequal(shown_left, shown_right, hint)


def _explain_rounding(left: object, right: object) -> str:
    numbers = (int, float)
    if type(left) not in numbers or type(right) not in numbers or not isinstance(left, int | float):
        return ""
    if float not in (type(left), type(right)) or not isinstance(right, int | float):
        return ""
    distance = abs(left - right)
    if not 0 < distance <= _NEAR * abs(right):
        return ""
    return f"off by {distance:.3g}: approx(...) allows for rounding"


def _explain_look(left: object, right: object, shown_left: str, shown_right: str) -> str:
    """Why what looks the same is not equal; memory addresses set aside."""
    if left is right:
        return "" if left == right else "both are the same object, and it does not equal itself"
    if _forget_address(shown_left, left) != _forget_address(shown_right, right):
        return _explain_types(left, right)
    if type(left) is not type(right):
        return f"they look the same, but left is a {_name(type(left))}, right a {_name(type(right))}"
    if left == right:
        return ""
    kind = type(left).__qualname__
    if type(left).__eq__ is object.__eq__:
        return f"they are two objects, and {kind} has no __eq__: each equals only itself"
    return f"they look the same, but are two objects, which {kind}.__eq__ tells apart"


def _explain_types(left: object, right: object) -> str:
    """What two sequences with equal elements differ in."""
    kinds = type(left), type(right)
    if kinds[0] is kinds[1] or not all(issubclass(kind, list | tuple) for kind in kinds):
        return ""
    return f"left is a {_name(kinds[0])}, right a {_name(kinds[1])}"


def _forget_address(shown: str, value: object) -> str:
    return shown.replace(f"{id(value):x}", "")


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
