"""State of the project's own modules: what a test changes there and takes back is as good as a patch.

Most of what functions leave in their modules disturbs nobody: caches, registries, clients made when they are first
asked for. What a test sets and resets is another matter, since it counts on the time in between. Only that is kept.
"""

from collections.abc import Iterable, Sequence

from rustest.plan.footprints.process_acts import Act, ActKind, Effect

_ENDING = frozenset({ActKind.RELEASE, ActKind.PUT_BACK})
_LASTING = frozenset({ActKind.WITH, ActKind.SURE})
"""Whoever called has found already that these are taken back."""


def keep_temporary(effects: Iterable[Effect], acts: Sequence[Act]) -> tuple[Effect, ...]:
    """The effects without those on modules that none of the acts take back."""
    effects = tuple(effects)
    if not any(effect.resource.module for effect in effects):
        return effects
    changed, ended, lasting = (
        {act.effect.resource.name for act in acts if act.kind in kinds}
        for kinds in ({ActKind.CHANGE}, _ENDING, _LASTING)
    )
    temporary = (changed & ended) | lasting
    return tuple(one for one in effects if not one.resource.module or one.resource.name in temporary)


def without_state_of(module: str, effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects without those on that module itself, whose tests have their order kept instead."""
    return tuple(effect for effect in effects if effect.resource.module != module)


def without_state(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects without those on modules."""
    return tuple(effect for effect in effects if not effect.resource.module)
