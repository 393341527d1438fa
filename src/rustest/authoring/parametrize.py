"""`parametrize` and `param`: one test, many cases."""

from collections.abc import Callable, Iterable, Sequence

from rustest.authoring.arguments import read_ids, read_names, read_values
from rustest.model.hints import cast
from rustest.model.marks import HiddenParam, Mark, MarkDecorator, ParameterSet, unpack_marks
from rustest.model.record import record_of
from rustest.model.scope import ScopeName, parse_scope


def parametrize(
    argnames: str | Sequence[str],
    argvalues: Iterable[object],
    *,
    ids: Iterable[object] | Callable[[object], object] | None = None,
    indirect: bool | Sequence[str] = False,
    scope: ScopeName | None = None,
) -> MarkDecorator:
    """Run the test once for each of the values, each time as a test of its own; stacked decorators multiply.

    `argnames` is `"a"`, `"a,b"` or a list of names; with more than one, or a list, each of `argvalues` is a sequence as
    long, or a `param(...)`. `ids` names the cases: one for each, or a function of a value. `indirect` sends the values
    to the fixtures of those names, as `request.param`: all of them, or the names listed. `scope` says in how wide a
    stretch tests with the same value are brought together; without it, that of the fixtures, if all are indirect.
    Recorded as `Mark("parametrize", (names, parameter sets), {"ids": ..., "indirect": names, "scope": ...})`.
    Raises TypeError or ValueError where these do not fit together.
    """
    arguments = _read_arguments(argnames)
    single = isinstance(argnames, str) and "," not in argnames
    rows = read_values(argvalues, "values of parametrize")
    sets = tuple(
        [
            record_of(ParameterSet, ((row,), None, ()))
            if single and not isinstance(row, ParameterSet)
            else _read_set(row, index, arguments)
            for index, row in enumerate(rows)
        ]
    )
    keywords = {
        "ids": read_ids(ids, len(sets), "parametrize"),
        "indirect": _read_indirect(indirect, arguments),
        "scope": None if scope is None else parse_scope(scope, "scope of parametrize"),
    }
    return MarkDecorator(Mark("parametrize", (arguments, sets), keywords))


def param(
    *values: object,
    id: str | HiddenParam | None = None,
    marks: MarkDecorator | Mark | Sequence[MarkDecorator | Mark] = (),
) -> ParameterSet:
    """The values of one case of `parametrize` or one param of a fixture, with an id and marks of its own."""
    return ParameterSet(values, _read_id(id), unpack_marks(marks, "marks of param"))


def _read_arguments(written: str | Sequence[str]) -> tuple[str, ...]:
    parts = written.split(",") if isinstance(written, str) else read_names(written, "names of parametrize")
    names = tuple(name.strip() for name in parts if name.strip())
    if not names:
        raise ValueError("names of parametrize are empty; give at least one argument of the test")
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"names of parametrize must be arguments of the test, not {name!r}")
        if names.count(name) > 1:
            raise ValueError(f"names of parametrize has {name!r} twice")
    return names


def _read_set(written: object, index: int, names: tuple[str, ...]) -> ParameterSet:
    if isinstance(written, ParameterSet):
        case = written
    elif isinstance(written, Iterable) and not isinstance(written, bytes):
        case = ParameterSet(tuple(cast("Iterable[object]", written)))
    else:
        raise TypeError(
            f"case {index + 1} of parametrize must be a list with a value for each of {_list(names)}, not {written!r}"
        )
    if len(case.values) != len(names):
        given = f"{len(case.values)} {'value' if len(case.values) == 1 else 'values'}, {case.values!r}"
        raise ValueError(f"case {index + 1} of parametrize has {given}, for {_list(names)}")
    return case


def _read_indirect(written: object, names: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(written, bool):
        return names if written else ()
    chosen = read_names(written, "indirect of parametrize")
    for name in chosen:
        if name not in names:
            raise ValueError(f"indirect of parametrize has {name!r}, which is not among its names: {', '.join(names)}")
    return chosen


def _read_id(written: object) -> str | HiddenParam | None:
    if written is None or isinstance(written, str | HiddenParam):
        return written
    raise TypeError(f"id of param must be a string, not {written!r}")


def _list(names: tuple[str, ...]) -> str:
    return f"{len(names)} {'name' if len(names) == 1 else 'names'}: {', '.join(names)}"
