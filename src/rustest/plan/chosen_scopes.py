"""The scopes that fixtures leave to the run: asked for once, before anything is planned."""

from rustest.model.errors import UsageError
from rustest.model.fixtures import ChooseScope, FixtureDef
from rustest.model.hooks import Hooks
from rustest.model.scope import Scope, parse_scope
from rustest.model.settings import Settings


def choose_scopes(fixtures: tuple[FixtureDef, ...], settings: Settings, hooks: Hooks) -> tuple[FixtureDef, ...]:
    """The fixtures, each with its scope; raises UsageError where a user's function does not come up with one."""
    if all(definition.choose_scope is None for definition in fixtures):  # as in most runs
        return fixtures
    return tuple(
        definition if definition.choose_scope is None else _choose(definition, definition.choose_scope, settings, hooks)
        for definition in fixtures
    )


def _choose(definition: FixtureDef, choose: ChooseScope, settings: Settings, hooks: Hooks) -> FixtureDef:
    try:
        chosen = choose(fixture_name=definition.name, config=hooks.config(settings))
        return definition._replace(scope=_read(chosen), choose_scope=None)
    except Exception as broken:  # whatever a user's function raises
        from rustest.plan.fixture_complaints import cite

        cause = f"{type(broken).__name__}: {broken}"
        raise UsageError(f"the scope of fixture {cite(definition)} cannot be chosen: {cause}") from broken


def _read(chosen: object) -> Scope:
    return parse_scope(chosen, "what the function of scope returns")
