"""The table of the modules inside pytest: most of their names are pytest's own, found where projects look for them."""

from collections.abc import Mapping

from rustest.compat.answers import Answer

_INNER = {
    "_pytest.cacheprovider": ("Cache",),
    "_pytest.capture": ("CaptureFixture",),
    "_pytest.config": ("Config", "ExitCode", "UsageError", "hookimpl", "hookspec", "PytestPluginManager", "main"),
    "_pytest.fixtures": ("FixtureDef", "FixtureLookupError", "FixtureRequest", "fixture", "yield_fixture"),
    "_pytest.logging": ("LogCaptureFixture",),
    "_pytest.main": ("Session",),
    "_pytest.mark": ("MARK_GEN", "Mark", "MarkDecorator", "MarkGenerator", "ParameterSet", "param"),
    "_pytest.mark.structures": ("Mark", "MarkDecorator", "MarkGenerator", "ParameterSet"),
    "_pytest.monkeypatch": ("MonkeyPatch",),
    "_pytest.nodes": ("Collector", "File", "Item"),
    "_pytest.outcomes": ("exit", "fail", "importorskip", "skip", "xfail"),
    "_pytest.python": ("Class", "Function", "Metafunc", "Module", "Package"),
    "_pytest.python_api": ("approx", "raises"),
    "_pytest.recwarn": ("WarningsRecorder", "deprecated_call", "warns"),
    "_pytest.tmpdir": ("TempPathFactory",),
}
"""By module the names that it shares with pytest."""

_OTHER_NAMES = {"MARK_GEN": "mark"}


def inner_modules(pytest: Mapping[str, Answer]) -> dict[str, Mapping[str, Answer]]:
    """The modules inside pytest, answered as pytest's own names are."""
    inner = {module: {name: pytest[_OTHER_NAMES.get(name, name)] for name in names} for module, names in _INNER.items()}
    return {"_pytest": {}, **inner}
