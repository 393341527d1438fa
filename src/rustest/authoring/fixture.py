"""`@fixture`: declares how a test's argument is made."""

from collections.abc import Callable, Iterable, Sequence

from rustest.authoring.arguments import read_count, read_flag, read_ids, read_names, read_values, refuse_unknown
from rustest.model.calls import kind_of
from rustest.model.fixtures import ChooseScope, FixtureDeclaration
from rustest.model.hints import TypedDict, Unpack, overload
from rustest.model.marks import FIXTURE_ATTRIBUTE, Target, marks_of
from rustest.model.scope import Scope, ScopeName, parse_scope


class FixtureOptions(TypedDict, total=False):
    """The keywords of `@fixture`."""

    scope: ScopeName | ChooseScope
    """How long a value lives: function (the default), class, module, package or session; or a function that says so
    for the run, called as `choose(fixture_name=..., config=...)`."""
    name: str | None
    """What tests ask for, if not the function's own name."""
    autouse: bool
    """Whether every test that can see it uses it, unasked."""
    params: Iterable[object] | None
    """Each test that uses it runs once for each of these: the fixture finds its own as `request.param`."""
    ids: Iterable[object] | Callable[[object], object] | None
    """The params' names in node ids: one for each, or a function of a param."""
    serial: str | Sequence[str]
    """Keys: two tests that hold the same key, by a fixture or by `@mark.serial`, never run at once."""
    limit: int | None
    """How many tests that use it may run at once, at most."""
    loop_scope: ScopeName | None
    """For async fixtures: the event loop that it shares with its users is at least that wide; by default as wide as
    they need."""


@overload
def fixture(func: Target, /) -> Target: ...
@overload
def fixture(**options: Unpack[FixtureOptions]) -> Callable[[Target], Target]: ...
def fixture(func: Target | None = None, /, **options: Unpack[FixtureOptions]) -> Target | Callable[[Target], Target]:
    """Make the function a fixture, which tests and other fixtures ask for by naming an argument like it.

    It may be `def` or `async def`, and either may `yield` its value once: what follows the `yield` is the teardown.
    Bare or called; the function comes back unchanged. Raises TypeError or ValueError for options that cannot be.
    """
    declaration = _declare(options)
    if func is not None:
        return _attach(declaration, func)
    return lambda target: _attach(declaration, target)


def _declare(options: FixtureOptions) -> FixtureDeclaration:
    refuse_unknown(options, FixtureOptions.__annotations__, "@fixture")
    params = options.get("params")
    values = None if params is None else read_values(params, "params of @fixture")
    scope = _read_scope(options.get("scope", "function"))
    return FixtureDeclaration(
        scope,
        _read_name(options.get("name")),
        read_flag(options.get("autouse", False), "autouse of @fixture"),
        values,
        read_ids(options.get("ids"), len(values or ()), "@fixture"),
        read_names(options.get("serial", ()), "serial keys of @fixture"),
        _read_loop_scope(options.get("loop_scope"), scope),
        None if (limit := options.get("limit")) is None else read_count(limit, "limit of @fixture", least=1),
    )


def _read_scope(written: object) -> Scope | ChooseScope:
    return written if callable(written) else parse_scope(written, "scope of @fixture")


def _read_loop_scope(written: object, scope: Scope | ChooseScope) -> Scope | None:
    if written is None:
        return None
    loop_scope = parse_scope(written, "loop_scope of @fixture")
    if isinstance(scope, Scope) and loop_scope < scope:
        raise ValueError(
            f"loop_scope of @fixture is {loop_scope.label!r}, and its scope {scope.label!r} is wider: "
            "the loop would be closed before the fixture is torn down"
        )
    return loop_scope


def _read_name(written: object) -> str | None:
    if written is None or (isinstance(written, str) and written.isidentifier()):
        return written
    raise ValueError(f"name of @fixture must be a name that an argument can have, not {written!r}")


def _attach(declaration: FixtureDeclaration, target: Target) -> Target:
    func: object = getattr(target, "__func__", target)  # what a staticmethod or classmethod wraps
    if isinstance(func, type) or not callable(func):
        raise TypeError(f"@fixture goes on a function, not on {func!r}")
    name = getattr(func, "__qualname__", repr(func))
    if FIXTURE_ATTRIBUTE in vars(func):
        raise TypeError(f"{name} has @fixture twice; keep one")
    if marks := marks_of(func):
        raise TypeError(f"{name} is a fixture, on which mark.{marks[0].name} has no effect; mark the tests instead")
    if declaration.loop_scope is not None and not kind_of(func).is_async:
        raise TypeError(f"{name} is not async, and loop_scope is for fixtures that are: leave it out")
    setattr(func, FIXTURE_ATTRIBUTE, declaration)
    return target
