"""The catalogue of built-in fixtures: all that planning needs to know, without importing what implements them."""

from collections.abc import Callable
from importlib import import_module

from rustest.model.calls import CallKind
from rustest.model.fixtures import ANYIO_BACKEND, BUILTIN, BUILTIN_PACKAGE, FixtureDef
from rustest.model.hints import cast
from rustest.model.marks import ParameterSet
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope


class Entry(NamedTuple):
    """One built-in fixture: the module of this package that holds its function, and what that function declares."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    kind: CallKind = CallKind.PLAIN
    scope: Scope = Scope.FUNCTION


ENTRIES = (
    Entry("anyio_backend", "anyio_backend", scope=Scope.SESSION),
    Entry("anyio_backend_name", "anyio_backend", ("anyio_backend",)),
    Entry("anyio_backend_options", "anyio_backend", ("anyio_backend",)),
    Entry("autojump_clock", "trio_fixtures", (), CallKind.COROUTINE),
    Entry("cache", "cache", ("request",), scope=Scope.SESSION),
    Entry("capfd", "capture", ("request",), CallKind.GENERATOR),
    Entry("capfdbinary", "capture", ("request",), CallKind.GENERATOR),
    Entry("caplog", "logs", ("request",), CallKind.GENERATOR),
    Entry("capsys", "capture", ("request",), CallKind.GENERATOR),
    Entry("capsysbinary", "capture", ("request",), CallKind.GENERATOR),
    Entry("capteesys", "capture", ("request",), CallKind.GENERATOR),
    Entry("doctest_namespace", "doctest_namespace", scope=Scope.SESSION),
    Entry("free_tcp_port", "ports", ("free_tcp_port_factory",)),
    Entry("free_tcp_port_factory", "ports", scope=Scope.SESSION),
    Entry("free_udp_port", "ports", ("free_udp_port_factory",)),
    Entry("free_udp_port_factory", "ports", scope=Scope.SESSION),
    Entry("mock_clock", "trio_fixtures", (), CallKind.COROUTINE),
    Entry("monkeypatch", "monkeypatch", (), CallKind.GENERATOR),
    Entry("nursery", "trio_fixtures", (), CallKind.ASYNC_GENERATOR),
    Entry("pytestconfig", "pytestconfig", ("request",), scope=Scope.SESSION),
    Entry("record_property", "properties", ("request",)),
    Entry("record_testsuite_property", "properties", ("request",), scope=Scope.SESSION),
    Entry("record_xml_attribute", "properties", ("request",)),
    Entry("recwarn", "recwarn", (), CallKind.GENERATOR),
    Entry("subtests", "subtests", ("request",)),
    Entry("tmp_path", "temp_folders", ("request", "tmp_path_factory")),
    Entry("tmp_path_factory", "temp_folders", ("request",), CallKind.GENERATOR, Scope.SESSION),
    Entry("tmpdir", "tmpdir", ("tmp_path",)),
    Entry("tmpdir_factory", "tmpdir", ("tmp_path_factory",), scope=Scope.SESSION),
    Entry("unused_tcp_port", "ports", ("unused_tcp_port_factory",)),
    Entry("unused_tcp_port_factory", "ports", scope=Scope.SESSION),
    Entry("unused_udp_port", "ports", ("unused_udp_port_factory",)),
    Entry("unused_udp_port_factory", "ports", scope=Scope.SESSION),
    Entry("worker_id", "worker", scope=Scope.SESSION),
)


class Deferred:
    """A fixture function whose module is imported when it is first called, or asked what it wraps."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    @property
    def __wrapped__(self) -> Callable[..., object]:
        """The function itself."""
        return cast("Callable[..., object]", getattr(import_module(self._module), self._name))

    def __call__(self, **arguments: object) -> object:
        """Call the function."""
        return self.__wrapped__(**arguments)


def builtin_definitions(*, for_pytest: bool = False) -> tuple[FixtureDef, ...]:
    """The definitions of all built-in fixtures, at a place further out than any of a user's own.

    `for_pytest`, they are as suites written for pytest and its plugins know them.
    """
    definitions = tuple(map(_define, ENTRIES))
    return (*definitions, _each_backend()) if for_pytest else definitions


def _each_backend() -> FixtureDef:
    """`anyio_backend` as anyio's plugin has it, with a param for each backend that is installed."""
    from importlib.util import find_spec

    backends = ("asyncio", "trio") if find_spec("trio") else ("asyncio",)
    entry = Entry("each_anyio_backend", "anyio_backend", ("request",), scope=Scope.MODULE)
    params = tuple(ParameterSet((name,), name) for name in backends)
    return _define(entry)._replace(name=ANYIO_BACKEND, params=params)


def _define(entry: Entry) -> FixtureDef:
    return FixtureDef(
        name=entry.name,
        place=BUILTIN,
        func=Deferred(f"{BUILTIN_PACKAGE}.{entry.module}", entry.name),
        kind=entry.kind,
        scope=entry.scope,
        arguments=entry.arguments,
        autouse=False,
        params=None,
        ids=None,
        serial=(),
        cls=None,
        file=f"{BUILTIN_PACKAGE.replace('.', '/')}/{entry.module}.py",
        line=1,
    )
