"""The lives of fixtures with params: each param that comes up is one, and so is one that comes up again later.

Where two params of one fixture take turns in the run, or two files do because of a param of the session, what was set
up for the one ends when the other's turn comes. As the planner knows all turns, it gives each value a variant of its
own, which lives as long as its last planned user.
"""

from collections import Counter
from collections.abc import Iterable

from rustest.model.fixtures import ANYIO_BACKEND
from rustest.model.plan import REQUEST, FixtureUse, RunStep, Window
from rustest.model.scope import Scope, ScopeInstance
from rustest.plan.param_values import value_of

_OF_FILES = frozenset({Scope.MODULE, Scope.CLASS})


def number_lives(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows, with one variant for each life of each shared fixture."""
    lives = _Lives()
    return tuple(
        window._replace(
            steps=tuple(lives.renumber(step) if isinstance(step, RunStep) else step for step in window.steps)
        )
        for window in windows
    )


class _Lives:
    """Goes through the run in its order, and counts."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ScopeInstance], int] = {}
        self._lives = Counter[tuple[str, ScopeInstance]]()
        self._file = ""
        self._visits = Counter[str]()

    def renumber(self, step: RunStep) -> RunStep:
        """The step as its turn comes."""
        if any(use.instance.scope in _OF_FILES for use in step.fixtures):
            self._enter(step.item.function.file)
        backend = next((use for use in step.fixtures if use.definition.name == ANYIO_BACKEND), None)
        chosen = self._variant(backend, [], ()) if backend and backend.instance.scope is not Scope.FUNCTION else ()
        fixtures: list[FixtureUse] = []
        for use in step.fixtures:
            variant = () if use.instance.scope is Scope.FUNCTION else self._variant(use, fixtures, chosen)
            fixtures.append(use if variant == use.variant else use._replace(variant=variant))
        return step._replace(fixtures=tuple(fixtures))

    def _enter(self, file: str) -> None:
        """Fixtures of two files are never alive at once: where another file's come up, the last one's have ended."""
        if file != self._file:
            self._file = file
            self._visits[file] += 1

    def _variant(
        self, use: FixtureUse, earlier: list[FixtureUse], backend: tuple[tuple[str, int], ...]
    ) -> tuple[tuple[str, int], ...]:
        below = (earlier[position].variant for _, position in use.arguments if position != REQUEST)
        lives = {key: number for variant in below for key, number in variant}
        if use.definition.kind.is_async:
            lives.update(backend)
        life = self._life(use)
        if use.param is not None or life:
            lives[use.definition.key] = life
        if use.instance.scope in _OF_FILES and self._visits[self._file] > 1:
            lives[self._file] = self._visits[self._file] - 1
        return tuple(sorted(lives.items()))

    def _life(self, use: FixtureUse) -> int:
        fixture, value = (use.definition.key, use.instance), value_of(use)
        if self._values.setdefault(fixture, value) != value:
            self._values[fixture] = value
            self._lives[fixture] += 1
        return self._lives[fixture]
