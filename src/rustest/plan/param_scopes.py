"""Fixtures that live longer or shorter than they say, because `parametrize` gives them a scope with their params.

As in pytest: an explicit `scope` counts, direct values beside the indirect ones make all of a mark's values the test's
own, and of several fixtures of one mark the narrowest counts for all. What uses such a fixture lives no longer than it.
"""

from collections.abc import Mapping, Sequence

from rustest.model.fixtures import FixtureParam
from rustest.model.plan import REQUEST, FixtureUse
from rustest.model.scope import Scope
from rustest.plan.fixture_search import extent_of
from rustest.plan.fixture_view import FixtureView


def rescoped(
    uses: tuple[FixtureUse, ...], given: Mapping[str, FixtureParam], view: FixtureView
) -> tuple[FixtureUse, ...]:
    """The fixtures of a test, each with the scope that it has with these params."""
    if all(param.scope is None for param in given.values()):  # as nearly always
        return uses
    done: list[FixtureUse] = []
    for use in uses:
        scope = _scope_with(use, given.get(use.definition.name), done)
        if scope is not use.definition.scope:
            definition = use.definition._replace(scope=scope)
            use = FixtureUse(definition, extent_of(definition, view), use.arguments)  # noqa: PLW2901
        done.append(use)
    return tuple(done)


def _scope_with(use: FixtureUse, param: FixtureParam | None, done: Sequence[FixtureUse]) -> Scope:
    own = param.scope if param is not None and param.scope is not None else use.definition.scope
    return min((own, *(done[position].definition.scope for _, position in use.arguments if position != REQUEST)))
