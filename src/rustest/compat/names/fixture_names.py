"""The table of the fixtures that stand in modules of pytest's and pytest-asyncio's, where suites import them from."""

from collections.abc import Mapping

from rustest.builtin_fixtures.catalog import ENTRIES
from rustest.compat.names.answers import Ours
from rustest.model.fixtures import BUILTIN_PACKAGE

_NAMES = {
    "_pytest.cacheprovider": ("cache",),
    "_pytest.capture": ("capfd", "capfdbinary", "capsys", "capsysbinary", "capteesys"),
    "_pytest.doctest": ("doctest_namespace",),
    "_pytest.fixtures": ("pytestconfig",),
    "_pytest.junitxml": ("record_property", "record_testsuite_property", "record_xml_attribute"),
    "_pytest.logging": ("caplog",),
    "_pytest.monkeypatch": ("monkeypatch",),
    "_pytest.recwarn": ("recwarn",),
    "_pytest.subtests": ("subtests",),
    "_pytest.tmpdir": ("tmp_path", "tmp_path_factory"),
    "pytest_asyncio.plugin": (
        "unused_tcp_port",
        "unused_tcp_port_factory",
        "unused_udp_port",
        "unused_udp_port_factory",
    ),
}
_BUILT_IN = {entry.name: Ours(f"{BUILTIN_PACKAGE}.{entry.module}:{entry.name}") for entry in ENTRIES}

FIXTURES: Mapping[str, Mapping[str, Ours]] = {
    module: {name: _BUILT_IN[name] for name in names} for module, names in _NAMES.items()
}
"""By module its fixtures: importing one makes no other of it."""
