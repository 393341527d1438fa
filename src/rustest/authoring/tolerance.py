"""How far a number may be from the expected one."""

from rustest.model.hints import TYPE_CHECKING, TypeGuard
from rustest.model.record import NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

INFINITY = float("inf")


class Tolerance(NamedTuple):
    """The two limits of `approx`, of which the wider counts, and whether NaN equals NaN.

    Numbers are typed as float throughout, and may be of any type that is registered as a number.
    """

    rel: float
    abs: float
    nan_ok: bool

    def admits(self, actual: float, expected: float) -> bool:
        """Whether that number is close enough to the expected one."""
        if actual == expected:
            return True
        if _is_nan(actual) or _is_nan(expected):
            return self.nan_ok and _is_nan(actual) and _is_nan(expected)
        if INFINITY in (abs(actual), abs(expected)):
            return False
        try:
            return abs(actual - expected) <= max(self.rel * abs(expected), self.abs)
        except (TypeError, OverflowError):  # Decimals and floats do not mix, and floats end where integers go on
            return self._admits_exactly(actual, expected)

    def show(self, expected: float) -> str:
        """The number with its tolerance, as in `2.5 ± 2.5e-06`."""
        if _is_nan(expected) or abs(expected) == INFINITY:
            return str(expected)
        try:
            return f"{expected} ± {max(float(self.rel) * float(abs(expected)), float(self.abs)):.3g}"
        except OverflowError:
            return f"{expected} ± {self.rel} of it"

    def measure(self, actual: float, expected: float) -> str:
        """How far apart the two are, as in `off by 0.1`; empty where that is no number."""
        from fractions import Fraction

        try:
            distance = abs(actual - expected)
        except TypeError:  # as above
            try:
                distance = float(abs(Fraction(actual) - Fraction(expected)))
            except (TypeError, ValueError, OverflowError):  # of infinity, or of a complex number
                return ""
        except OverflowError:
            return ""
        return "" if _is_nan(distance) or distance == INFINITY else f"off by {distance:.3g}"

    def _admits_exactly(self, actual: float, expected: float) -> bool:
        from fractions import Fraction

        try:
            distance, size = abs(Fraction(actual) - Fraction(expected)), abs(Fraction(expected))
        except TypeError:  # a complex number
            return False
        # By way of str, so that 1e-6 is a millionth and not the binary number next to it.
        return distance <= max(Fraction(str(self.rel)) * size, Fraction(str(self.abs)))


def read_tolerance(
    rel: "float | Decimal | Fraction | None", abs: "float | Decimal | Fraction | None", nan_ok: bool
) -> Tolerance:
    """The limits as given, or the defaults; `abs` without `rel` counts alone."""
    default = 1e-6 if abs is None else 0.0
    return Tolerance(_read_limit(rel, default, "rel"), _read_limit(abs, 1e-12, "abs"), nan_ok)


def is_number(value: object) -> TypeGuard[float]:
    """Whether a tolerance makes sense for it: True and False are no numbers."""
    if isinstance(value, int | float | complex):
        return not isinstance(value, bool)
    from numbers import Number

    return isinstance(value, Number) and not is_date(value)


def is_date(value: object) -> bool:
    """Whether it is one of numpy's dates or spans of time, or an array of them; a span passes for an integer there."""
    return getattr(getattr(value, "dtype", None), "kind", "") in ("m", "M")


def _is_nan(number: float) -> bool:
    return number != number  # noqa: PLR0124 - true of NaN in every type of number


def _read_limit(written: object, default: float, name: str) -> float:
    if written is None:
        return default
    if not is_number(written) or isinstance(written, complex):
        raise TypeError(f"{name} of approx() must be a number, not {written!r}")
    if not 0 <= written < INFINITY:
        raise ValueError(f"{name} of approx() must be 0 or more, and finite, not {written}")
    return written
