"""Fixtures in modules, classes and conftest files."""

from types import ModuleType

from rustest.collect.discover import is_below, node_path
from rustest.collect.errors import CollectError, RefusedTestError
from rustest.collect.members import Member, class_members, member_of, module_members
from rustest.collect.parameters import METHOD_WITHOUT_SELF, arguments_of, attributes_of, origin_of, takes_nothing
from rustest.model.calls import kind_of
from rustest.model.fixtures import BUILTIN_PACKAGE, FixtureDeclaration, FixtureDef
from rustest.model.hooks import NameValue
from rustest.model.marks import FIXTURE_ATTRIBUTE, CaseIds, ParameterSet
from rustest.model.scope import Scope


def declaration_of(member: Member) -> FixtureDeclaration | None:
    """What `@fixture` left on it, if anything; nothing for one that rustest brings along, as all see that anyway."""
    declaration = attributes_of(member.bare).get(FIXTURE_ATTRIBUTE)
    return declaration if isinstance(declaration, FixtureDeclaration) and not _is_built_in(member) else None


def _is_built_in(member: Member) -> bool:
    """Whether it is a built-in fixture by its own name, which somebody has imported."""
    origin = origin_of(member.bare)
    return origin is not None and origin.__name__ == member.name and origin.__module__.startswith(f"{BUILTIN_PACKAGE}.")


def define_fixture(
    member: Member, declaration: FixtureDeclaration, place: str, rootdir: str, name_value: NameValue | None = None
) -> FixtureDef:
    """The fixture as seen from that place; raises CollectError where its parameters or ids cannot be read.

    `name_value` has a word on the names of its params.
    """
    origin = origin_of(member.bare)
    name = declaration.name or member.name
    if name == "request":
        raise CollectError("'request' is what fixtures ask the run with, and no fixture can have that name: rename it")
    if member.bound and origin and takes_nothing(origin):
        raise RefusedTestError(METHOD_WITHOUT_SELF)
    return FixtureDef(
        name=name,
        place=place,
        func=member.func,
        kind=kind_of(member.bare),
        scope=declaration.scope if isinstance(declaration.scope, Scope) else Scope.FUNCTION,
        arguments=arguments_of(member.bare, bound=member.bound),
        autouse=declaration.autouse,
        params=_read_params(name, declaration.params, declaration.ids, name_value),
        ids=declaration.ids,
        serial=declaration.serial,
        cls=member.cls,
        file=shown_path(origin.__code__.co_filename, rootdir) if origin else place,
        line=origin.__code__.co_firstlineno if origin else 0,
        loop_scope=declaration.loop_scope,
        limit=declaration.limit,
        is_pytests=declaration.is_pytests,
        choose_scope=None if isinstance(declaration.scope, Scope) else declaration.scope,
    )


def fixtures_in(
    holder: ModuleType | type, place: str, rootdir: str, name_value: NameValue | None = None
) -> tuple[FixtureDef, ...]:
    """The fixtures of a conftest, or of what else may hold some; raises CollectError for one that cannot be read."""
    found: dict[str, FixtureDef] = {}
    owner = holder if isinstance(holder, type) else None
    for name, thing in module_members(holder) if isinstance(holder, ModuleType) else class_members(holder):
        member = member_of(name, thing, owner)
        if declaration := declaration_of(member):
            fixture = define_fixture(member, declaration, place, rootdir, name_value)
            found[fixture.name] = fixture
    return tuple(found.values())


def _read_params(
    name: str, params: tuple[object, ...] | None, ids: CaseIds, name_value: NameValue | None
) -> tuple[ParameterSet, ...] | None:
    """The params, each with the id that it has in node ids."""
    if params is None:
        return None
    from rustest.collect.case_ids import name_cases, stand_in

    sets = [param if isinstance(param, ParameterSet) else ParameterSet((param,)) for param in params]
    for index, case in enumerate(sets):
        if len(case.values) != 1:
            raise CollectError(
                f"param {index} of fixture {name!r} has {len(case.values)} values: give it one, or a tuple"
            )
    sets = sets or [stand_in((name,))]
    names = name_cases((name,), sets, ids, name_value)
    return tuple(case._replace(id=case_id) for case, case_id in zip(sets, names, strict=True))


def shown_path(path: str, rootdir: str) -> str:
    """A file as messages name it: by its path below the root folder where it stands there."""
    return node_path(path, rootdir) if is_below(path, rootdir) else path
