"""Which marks there are, where the settings ask for only those: a typing error in a mark's name selects nothing."""

import re
from collections.abc import Iterable

from rustest.model.failure import Phase, problem
from rustest.model.item import Problem, TestFunction

OWN_MARKS = frozenset(
    (
        "anyio",
        "asyncio",
        "concurrency",
        "filterwarnings",
        "parametrize",
        "serial",
        "skip",
        "skipif",
        "timeout",
        "trio",
        "usefixtures",
        "xfail",
    )
)
"""Those that mean something to rustest."""


class RegisteredMarks:
    """The marks that rustest knows, and those of the settings: `name: what it says` or `name(arguments): …`."""

    def __init__(self, registered: Iterable[str]) -> None:
        self._known = OWN_MARKS.union(re.split(r"[:(]", line, maxsplit=1)[0].strip() for line in registered)

    def find_unknown(self, file: str, functions: Iterable[TestFunction]) -> Problem | None:
        """The problem of a file that uses another mark; None where it uses none."""
        for function in functions:
            for mark in function.marks:
                if mark.name not in self._known:
                    return Problem(file, problem(Phase.COLLECT, self._explain(mark.name, function.name)))
        return None

    def _explain(self, name: str, test: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(name, self._known, n=1)
        guess = f"; did you mean {close[0]!r}?" if close else ""
        return (
            f"nobody registered the mark {name!r} of {test}, and strict_markers asks for that{guess}\n"
            "mend the name, or add it to markers in the settings"
        )
