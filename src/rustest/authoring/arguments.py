"""What callers of the decorators wrote, checked where it was written rather than when tests run."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rustest.model.hints import cast
from rustest.model.marks import CaseIds


def refuse_unknown(given: Iterable[str], valid: Iterable[str], what: str) -> None:
    """Raise a TypeError that names the valid keywords if one is given that `what` does not have."""
    for keyword in given:
        if keyword not in valid:
            raise TypeError(f"{what} has no keyword {keyword!r}; it takes {', '.join(valid)}")


def read_values(written: object, what: str) -> tuple[object, ...]:
    """The values of an iterable, taken once, so that a generator serves as well as a list."""
    if not isinstance(written, Iterable):
        raise TypeError(f"{what} must be a list or another iterable, not {written!r}")
    return tuple(cast("Iterable[object]", written))


def read_names(written: object, what: str) -> tuple[str, ...]:
    """The names in a list of strings, or the one string that was written."""
    if isinstance(written, str):
        return (written,)
    names = read_values(written, what)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{what} must be strings, not {name!r}")
    return cast("tuple[str, ...]", names)


def read_seconds(written: object) -> float:
    """The seconds of a timeout."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TypeError(f"timeout must be a number of seconds, not {written!r}")
    if written <= 0:
        raise ValueError("timeout must be positive")
    if not written < float("inf"):
        raise ValueError(f"timeout must be a finite number of seconds, not {written!r}")
    return written


def read_count(written: object, what: str, *, least: int = 0) -> int:
    """The whole number that was written: `least` or more."""
    if isinstance(written, bool) or not isinstance(written, int):
        raise TypeError(f"{what} must be a whole number, not {written!r}")
    if written < least:
        raise ValueError(f"{what} must be {least} or more, not {written!r}")
    return written


def read_delay(written: object, what: str) -> float:
    """A number of seconds, 0 or more."""
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TypeError(f"{what} must be a number of seconds, not {written!r}")
    if not 0 <= written < float("inf"):
        raise ValueError(f"{what} must be 0 or more and finite, not {written!r}")
    return written


def read_exceptions(written: object, what: str) -> tuple[type[BaseException], ...]:
    """The exception types in a tuple of them, or the one type that was written."""
    kinds = cast("tuple[object, ...]", written) if isinstance(written, tuple) else (written,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise TypeError(f"{what} must be an exception type or a tuple of them, not {kind!r}")
    if not kinds:
        raise ValueError(f"{what} must name at least one exception type, not an empty tuple")
    return cast("tuple[type[BaseException], ...]", kinds)


def read_ids(written: object, cases: int, what: str) -> CaseIds:
    """The `ids` of that many cases: one for each, or a function of a value, or none."""
    if written is None or callable(written):
        return written
    if isinstance(written, str):
        raise TypeError(f"ids of {what} must be a list with one for each case, or a function, not {written!r}")
    if isinstance(written, Iterator):  # which may go on for ever
        written = islice(cast("Iterator[object]", written), cases)
    ids = read_values(written, f"ids of {what}")
    if len(ids) != cases and cases:  # where there are no values, their names do not matter
        raise ValueError(f"{what} has {cases} cases and {len(ids)} ids; give one for each case")
    return ids


def read_flag(written: object, what: str) -> bool:
    """The True or False that was written."""
    if not isinstance(written, bool):
        raise TypeError(f"{what} must be True or False, not {written!r}")
    return written
