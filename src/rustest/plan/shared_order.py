"""The order of tests that share what one of them may change for the next, where a suite was written for pytest.

Such a suite has always run one test after another. So the users of a fixture that outlives them keep their order, as
what one leaves in a database or a list the next may rely on; and tests that use the project's own files are never in
flight together, though others are beside them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import CodeType

from rustest.model.fixtures import ASKED_FIRST, BUILTIN, FixtureDef
from rustest.model.plan import FixtureUse, RunStep, Step
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.model.ties import Ties
from rustest.plan.window_key import Rank, WindowKey

FILES = "the project's own files"

IsFixed = Callable[[FixtureDef], bool]
"""Says whether tests can leave nothing in what a fixture gives."""


class Shared(NamedTuple):
    """One live fixture, and the positions of the tests that use it."""

    name: str
    users: list[int]


def keep_users_in_order(steps: list[Step], keys: list[WindowKey], rootdir: str, is_fixed: IsFixed) -> None:
    """Have the users of each shared fixture wait for each other, or run alone where they stand in several windows."""
    shared = list(_shared_fixtures(steps, is_fixed))
    groups = [*(one.users for one in shared), *_waiting(steps)]
    moved = {position for members in _connected(groups) if _is_apart(members, keys) for position in members}
    for position in moved:
        step = steps[position]
        keys[position] = WindowKey(Rank.ALONE, step.item.function.file, stretch=keys[position].stretch)
    for one in shared:
        _chain(one, steps, keys, moved)
    for position, step in enumerate(steps):
        if isinstance(step, RunStep) and step.item.is_async and _uses_files(step, rootdir):
            steps[position] = step._replace(
                keys=(*step.keys, FILES), reasons=(*step.reasons, f"one at a time: {FILES}")
            )


def _shared_fixtures(steps: Sequence[Step], is_fixed: IsFixed) -> Iterable[Shared]:
    found: dict[tuple[object, ...], Shared] = {}
    asked: dict[str, bool] = {}
    for position, step in enumerate(steps):
        for use in step.fixtures if isinstance(step, RunStep) else ():
            definition = use.definition
            if use.instance.scope is Scope.FUNCTION:
                continue
            if definition.key not in asked:
                asked[definition.key] = _may_change(definition, is_fixed)
            if asked[definition.key]:
                found.setdefault(_life(use), Shared(definition.name, [])).users.append(position)
    return (one for one in found.values() if len(one.users) > 1)


def _life(use: FixtureUse) -> tuple[object, ...]:
    """What tells one fixture from another; its params' lives keep their order together."""
    return use.definition.key, use.instance


def _may_change(definition: FixtureDef, is_fixed: IsFixed) -> bool:
    """Whether tests may leave something in the value, as they can in none of those that rustest brings along."""
    return definition.place != BUILTIN and definition.name not in ASKED_FIRST and not is_fixed(definition)


def _waiting(steps: Sequence[Step]) -> Iterable[list[int]]:
    """The positions of tests that wait for others already, with those."""
    places: Mapping[str, int] = {step.item.id: position for position, step in enumerate(steps)}
    for position, step in enumerate(steps):
        if isinstance(step, RunStep) and step.after:
            yield [position, *(places[earlier] for earlier in step.after)]


def _connected(groups: Iterable[list[int]]) -> Iterable[list[int]]:
    """The groups, those merged that have a member in common."""
    ties = Ties[int]()
    for members in groups:
        ties.tie(*members)
    return ties.sets()


def _is_apart(members: Sequence[int], keys: Sequence[WindowKey]) -> bool:
    """Whether windows would tear their order apart; sync tests, and tests alone, keep it file by file anyway."""
    windows = {keys[position].undivided for position in members}
    return len(windows) > 1 and not {key.rank for key in windows} <= {Rank.SYNC}


def _chain(shared: Shared, steps: list[Step], keys: Sequence[WindowKey], moved: set[int]) -> None:
    for earlier, later in pairwise(shared.users):
        before, step = steps[earlier], steps[later]
        if not isinstance(step, RunStep):
            continue
        if later in moved:
            reason = f"alone, in file order: tests of several lanes share the fixture `{shared.name}`"
        elif keys[earlier] == keys[later]:
            reason = f"after {before.item.id}: both share the fixture `{shared.name}`"
            step = step._replace(after=(*step.after, before.item.id))
        else:
            continue
        steps[later] = step._replace(reasons=(*step.reasons, reason))


def _uses_files(step: RunStep, rootdir: str) -> bool:
    """Whether the test, or a fixture of its own, names a file by its place in the project."""
    functions = [step.item.function.func, *(use.definition.func for use in step.fixtures if _is_own(use))]
    return any(_names_files(function, rootdir) for function in functions)


def _is_own(use: FixtureUse) -> bool:
    return use.instance.scope is Scope.FUNCTION and use.definition.place != BUILTIN


def _names_files(function: object, rootdir: str) -> bool:
    code: object = getattr(function, "__code__", None)
    names: Mapping[str, object] = getattr(function, "__globals__", {})
    return isinstance(code, CodeType) and any(
        name == "__file__" or _is_path(names.get(name), rootdir) for name in _all_names(code)
    )


def _all_names(code: CodeType) -> set[str]:
    names = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            names |= _all_names(inner)
    return names


def _is_path(value: object, rootdir: str) -> bool:
    from pathlib import PurePath

    return isinstance(value, str | PurePath) and str(value).startswith(rootdir)
