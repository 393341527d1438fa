"""Warnings of a run: which of them count, and whom each belongs to.

Python's own default shows a warning once for each place in the whole process, and hides what is deprecated. Here each
test gets its own, and so what would be shown once is always given, and told once for each place and test.
"""

import sys
import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module

from rustest.model.errors import UsageError
from rustest.model.events import WarningIssued
from rustest.model.failure import type_name
from rustest.model.warning_filters import WarningFilter, parse_filter
from rustest.output.routing import current_routing

_REPEATED = frozenset({"default", "module"})
"""Actions by which Python remembers for good where it has warned; here that is remembered for each test."""


class Wording(tuple[tuple[str, str], ...]):
    """How messages begin, each with what they go on to say; the warnings of Python ask it as they ask an expression.

    An expression proper would have each run load `re`, which takes a twentieth of one test's time.
    """

    def match(self, message: str) -> bool:
        """Whether the message is worded so."""
        said = message.lower()
        return any(said.startswith(begin) and more in said for begin, more in self)


UNCLOSED = Wording(
    (
        ("unclosed ", ""),
        ("subprocess ", " is still running"),
        ("", " was deleted before being closed"),
        ("", " was deleted while still open"),
    )
)
"""What is said of what was never closed, by Python itself and by clients of databases."""
_GIVEN_IN_FINALIZERS = {
    RuntimeWarning: Wording((("coroutine ", " was never awaited"), ("raises", " was never entered"))),
    ResourceWarning: UNCLOSED,
}
"""The warnings of what nobody could catch, by category."""
_NO_LINE = sys.maxsize
"""A line of which nobody has a filter: `simplefilter` takes out any that is like the one that it puts in."""
_DEPRECATED = (PendingDeprecationWarning, DeprecationWarning)


class Filters:
    """The filters of a run. Those that name a class of the project's own wait until the tests are imported.

    With `at_once` they are imported for it, as pytest does, and only those wait that cannot be.
    """

    def __init__(self, filters: Sequence[WarningFilter], *, at_once: bool) -> None:
        self._filters = filters
        self._at_once = at_once
        add_filters([one for one in filters if "." not in one.category or (at_once and not _missing(one.category))])

    def complete(self) -> tuple[str, ...]:
        """Put in force those that had to wait, in their places among the others; raises UsageError for a wrong one.

        With `at_once`, as in pytest, those of modules that are not installed are left out: gives what to say of them.
        """
        if not any("." in one.category for one in self._filters):
            return ()
        errors = {one.category: _missing(one.category) for one in self._filters} if self._at_once else {}
        missing = {name: error.__cause__ for name, error in errors.items() if error and _is_not_installed(error)}
        add_filters([one for one in self._filters if one.category not in missing])
        return tuple(f"a warning filter for {name} has no effect here: {why}" for name, why in missing.items())


@contextmanager
def watched_warnings(filters: Sequence[str] = (), *, at_once: bool = False) -> Generator[Filters]:
    """File the warnings that are given while the block runs; then filters are as they were.

    Raises UsageError for a filter whose class is not there.
    """
    with warnings.catch_warnings():
        for kind in () if sys.warnoptions else _DEPRECATED:  # who runs Python with -W knows what he wants
            warnings.simplefilter("always", kind)
        warnings.simplefilter("always", append=True)
        _keep_out_of_finalizers()
        warnings.showwarning = _file  # type: ignore[assignment]
        yield Filters(tuple(map(parse_filter, filters)), at_once=at_once)


@contextmanager
def filtered_warnings(filters: Sequence[WarningFilter]) -> Generator[None]:
    """Have these filters hold for the time of the block, the last first; raises UsageError."""
    with warnings.catch_warnings():
        add_filters(filters)
        yield


def add_filters(filters: Sequence[WarningFilter]) -> None:
    """Put these filters before those that hold, the last first; raises UsageError."""
    for action, message, category, module, line in filters:
        given = "always" if action in _REPEATED else action
        kind = find_category(category)
        warnings.filterwarnings(given, message, kind, module, line)  # type: ignore[arg-type]
        if given == "error":
            _keep_out_of_finalizers(kind)


def _keep_out_of_finalizers(kind: type[Warning] = Warning) -> None:
    """Have the warnings of that kind that Python gives in finalizers filed: what is raised there is lost."""
    for given, wording in _GIVEN_IN_FINALIZERS.items():
        if issubclass(given, kind):
            warnings.simplefilter("always", given, _NO_LINE)  # which has Python look at its filters anew
            warnings.filters[0] = ("always", wording, given, None, 0)  # type: ignore[index] # pyright: ignore[reportIndexIssue] -- a list


def find_category(name: str) -> type[Warning]:
    """The class of that name, imported if need be; raises UsageError where there is none."""
    module, _, attribute = name.rpartition(".")
    try:
        found: object = getattr(import_module(module or "builtins"), attribute) if name else Warning
    except Exception as error:  # whatever the module raises as it is imported
        raise UsageError(f"there is no warning {name!r}: {type(error).__name__}: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Warning)):
        raise UsageError(f"{name!r} is no class of warnings")
    return found


def _missing(category: str) -> UsageError | None:
    """Why there is no such category; None where there is."""
    try:
        find_category(category)
    except UsageError as error:
        return error
    return None


def _is_not_installed(error: UsageError) -> bool:
    """Whether that is because a module is not there."""
    return isinstance(error.__cause__, ImportError)


def _file(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object) -> None:
    current_routing().warn(WarningIssued(None, type_name(category), str(message), filename, lineno))
