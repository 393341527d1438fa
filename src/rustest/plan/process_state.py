"""Fixtures that change what the whole process shares: their tests run alone."""

from rustest.model.fixtures import BUILTIN
from rustest.model.plan import FixtureUse

_CHANGES_THE_PROCESS = frozenset({"monkeypatch", "capfd", "capfdbinary", "recwarn"})
"""Built-in fixtures; each lives for one test, and so does what it changes."""


def fixture_that_changes_the_process(fixtures: tuple[FixtureUse, ...]) -> str | None:
    """The first of a test's fixtures that does, also where another fixture has asked for it."""
    names = (use.definition.name for use in fixtures if use.definition.place == BUILTIN)
    return next((name for name in names if name in _CHANGES_THE_PROCESS), None)
