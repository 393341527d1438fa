"""Which marks there are: a typing error in a mark's name selects nothing, and has no effect."""

from collections.abc import Iterable, Sequence

from rustest.collect.errors import CollectError, problem_of
from rustest.collect.oversights import warn_of
from rustest.collect.parameters import origin_of
from rustest.model.item import Problem, TestFunction

OWN_MARKS = {
    "anyio": "anyio: run the async test on each backend of anyio_backend",
    "asyncio": "asyncio(loop_scope, timeout, loop_factory, debug): run the async test on asyncio",
    "concurrency": "concurrency(limit, name): run the test beside no more than so many others of that name",
    "filterwarnings": "filterwarnings(filter): a warning filter, as Python's -W has it, for this test",
    "flaky": "flaky(retries, delay, only): try the test again when it fails",
    "parametrize": "parametrize(names, values, *, indirect, ids, scope): run the test once for each value",
    "serial": "serial(*names): run the test alone, or with names not beside others of the same name",
    "skip": "skip(reason): do not run the test",
    "skipif": "skipif(condition, *, reason): do not run the test where the condition holds",
    "timeout": "timeout(seconds): end the test when its time is up",
    "trio": "trio: run the async test on trio",
    "usefixtures": "usefixtures(*names): set these fixtures up for the test",
    "xfail": "xfail(condition, *, reason, raises, run, strict): the test is expected to fail",
}
"""Those that mean something to rustest, and what each says."""


class RegisteredMarks:
    """The marks that rustest knows, and those of the settings: `name: what it says` or `name(arguments): …`."""

    def __init__(self, registered: Iterable[str]) -> None:
        import re

        self._known = {*OWN_MARKS}.union(re.split(r"[:(]", line, maxsplit=1)[0].strip() for line in registered)

    def find_unknown(self, file: str, functions: Iterable[TestFunction]) -> Problem | None:
        """The problem of a file that uses another mark; None where it uses none."""
        for function in functions:
            for mark in function.marks:
                if mark.name not in self._known:
                    error = CollectError(self._explain(mark.name, function.name))
                    return problem_of(error, file, origin_of(function.func))
        return None

    def _explain(self, name: str, test: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(name, self._known, n=1)
        guess = f"; did you mean {close[0]!r}?" if close else ""
        return (
            f"nobody registered the mark {name!r} of {test}, and strict_markers asks for that{guess}\n"
            "mend the name, or add it to markers in the settings"
        )

    def warn_of_misspelt(self, path: str, functions: Sequence[TestFunction]) -> None:
        """Warn of marks that nobody registered, and whose names are nearly those of rustest's; raises CollectError."""
        lines = {mark.name: function.line for function in reversed(functions) for mark in function.marks}
        for name in sorted(lines.keys() - self._known, key=lines.__getitem__):
            if meant := _own_mark_like(name):
                warn_of(
                    f"the mark {name!r} has no effect; did you mean {meant!r}? "
                    "mend the name, or add it to markers in the settings",
                    path,
                    lines[name],
                )


def _own_mark_like(name: str) -> str:
    from difflib import get_close_matches

    for own in OWN_MARKS:
        if sorted(own) == sorted(name):
            return own
    return "".join(get_close_matches(name, OWN_MARKS, n=1, cutoff=0.8))
