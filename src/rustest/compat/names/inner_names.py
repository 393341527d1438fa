"""The table of the modules inside pytest: most of their names are pytest's own, found where projects look for them."""

from collections.abc import Mapping

from rustest.compat.names.answers import Absent, Answer, Ours, Partial
from rustest.compat.names.fixture_names import FIXTURES

_TRACEBACK = "read the exception's own __traceback__, with the module traceback"
_PATHS = "use pathlib, os.path and shutil"
_RUNNING = "rustest runs tests by itself"
_ERRORS = "catch OSError"

_SHARED = {
    "_pytest._code": ("ExceptionInfo",),
    "_pytest._code.code": ("ExceptionInfo",),
    "_pytest.approx": ("Approx", "approx"),
    "_pytest.cacheprovider": ("Cache",),
    "_pytest.capture": ("CaptureFixture",),
    "_pytest.config": (
        "Config",
        "ExitCode",
        "PytestPluginManager",
        "UsageError",
        "cmdline",
        "console_main",
        "hookimpl",
        "hookspec",
        "main",
    ),
    "_pytest.config.argparsing": ("OptionGroup", "Parser"),
    "_pytest.config.exceptions": ("UsageError",),
    "_pytest.doctest": ("DoctestItem",),
    "_pytest.fixtures": ("FixtureDef", "FixtureLookupError", "FixtureRequest", "fixture", "yield_fixture"),
    "_pytest.freeze_support": ("freeze_includes",),
    "_pytest.legacypath": ("TempdirFactory", "Testdir"),
    "_pytest.logging": ("LogCaptureFixture",),
    "_pytest.main": ("Dir", "ExitCode", "Session"),
    "_pytest.mark": ("HIDDEN_PARAM", "Mark", "MarkDecorator", "MarkGenerator", "ParameterSet", "param"),
    "_pytest.mark.structures": ("HIDDEN_PARAM", "Mark", "MarkDecorator", "MarkGenerator", "ParameterSet"),
    "_pytest.monkeypatch": ("MonkeyPatch",),
    "_pytest.nodes": ("Collector", "Directory", "File", "Item"),
    "_pytest.outcomes": ("exit", "fail", "importorskip", "skip", "xfail"),
    "_pytest.pytester": ("HookRecorder", "LineMatcher", "Pytester", "RecordedHookCall", "RunResult"),
    "_pytest.python": ("Class", "Function", "Metafunc", "Module", "Package"),
    "_pytest.python_api": ("approx", "raises"),
    "_pytest.raises": ("RaisesExc", "RaisesGroup", "raises"),
    "_pytest.recwarn": ("WarningsRecorder", "deprecated_call", "warns"),
    "_pytest.reports": ("CollectReport", "TestReport"),
    "_pytest.runner": ("CallInfo",),
    "_pytest.scope": ("ScopeName",),
    "_pytest.stash": ("Stash", "StashKey"),
    "_pytest.subtests": ("SubtestReport", "Subtests"),
    "_pytest.terminal": ("TerminalReporter", "TestShortLogReport"),
    "_pytest.tmpdir": ("TempPathFactory",),
    "_pytest.warning_types": (
        "PytestApproxDecimalToleranceWarning",
        "PytestAssertRewriteWarning",
        "PytestCacheWarning",
        "PytestCollectionWarning",
        "PytestConfigWarning",
        "PytestDeprecationWarning",
        "PytestExperimentalApiWarning",
        "PytestFDWarning",
        "PytestRemovedIn10Warning",
        "PytestReturnNotNoneWarning",
        "PytestUnhandledThreadExceptionWarning",
        "PytestUnknownMarkWarning",
        "PytestUnraisableExceptionWarning",
        "PytestWarning",
    ),
}
"""By module the names that it shares with pytest."""

_ANNOTATION = "for annotations only: nothing is an instance of it"
_LOCAL = Partial(
    "rustest.model.local_path:LocalPath",
    "what pathlib and shutil do better is not there; errors are OSErrors",
)
_NOTSET = Ours("rustest.builtin_fixtures.monkeypatch:NOTSET")
_TOLD_PLAINLY = "for plugins that make reports of their own: what is told is the message"
_HOOKSPEC = Partial("rustest.compat.hooks.table:BY_NAME", "for plugins that look whether it is there")
_UNUSED = "for plugins that change it: rustest does not use it"
_WRITER = Partial("rustest.compat.hooks.terminal_writer:TerminalWriter", "it writes without colours")

_OWN: Mapping[str, Mapping[str, Answer]] = {
    "_pytest": {"__version__": Partial("rustest.compat.names.version:PYTEST_VERSION", "pytest's, not rustest's")},
    "_pytest._code": dict.fromkeys(("Code", "Frame", "Source", "Traceback", "TracebackEntry"), Absent(_TRACEBACK)),
    "_pytest._code.code": {
        "TerminalRepr": Ours("rustest.compat.names.types:TerminalRepr"),
        "Traceback": Partial("rustest.compat.names.types:Traceback", _ANNOTATION),
        "TracebackEntry": Absent(_TRACEBACK),
        **{
            name: Partial(f"rustest.compat.hooks.representations:{name}", _TOLD_PLAINLY)
            for name in ("ExceptionChainRepr", "ReprEntry", "ReprFileLocation", "ReprTraceback")
        },
    },
    "_pytest._io": {"TerminalWriter": _WRITER},
    "_pytest._io.pprint": {"PrettyPrinter": Partial("rustest.compat.plugins.insides:PrettyPrinter", _UNUSED)},
    "_pytest._io.saferepr": {"saferepr": Ours("rustest.compat.plugins.insides:saferepr")},
    "_pytest._io.terminalwriter": {"TerminalWriter": _WRITER},
    "_pytest.assertion.rewrite": {
        "AssertionRewritingHook": Partial(
            "rustest.compat.names.rewriting:AssertionRewritingHook",
            "a loader, and no finder: name packages in the setting assert_packages",
        ),
        "_read_pyc": Partial("rustest.compat.plugins.insides:read_pyc", _UNUSED),
    },
    "_pytest.assertion.util": {
        "_compare_eq_any": Partial("rustest.compat.plugins.insides:compare_eq_any", "rustest says what differs"),
    },
    "_pytest.compat": {
        "NOTSET": _NOTSET,
        "NotSetType": Ours("rustest.builtin_fixtures.monkeypatch:NotSetType"),
        "assert_never": Ours("typing:assert_never"),
        "get_real_func": Absent("use inspect.unwrap"),
        "LEGACY_PATH": _LOCAL,
        "legacy_path": _LOCAL,
        "is_async_function": Absent("use inspect.iscoroutinefunction"),
    },
    "_pytest.config": {
        "create_terminal_writer": Partial(
            "rustest.compat.hooks.terminal_writer:create_terminal_writer", "it writes without colours"
        ),
    },
    "_pytest.doctest": {
        "DoctestModule": Ours("rustest.compat.hooks.python_nodes:DoctestModule"),
        "DoctestTextfile": Ours("rustest.compat.hooks.python_nodes:DoctestTextfile"),
    },
    "_pytest.fixtures": {
        "FixtureManager": Absent(_RUNNING),
        "FuncFixtureInfo": Ours("rustest.compat.hooks.known_fixtures:FuncFixtureInfo"),
        "getfixturemarker": Partial(
            "rustest.compat.names.fixture:getfixturemarker", "gives rustest's own record of the fixture"
        ),
        "SubRequest": Ours("rustest.run.fixtures.request:FixtureRequest"),
        "TopRequest": Partial(
            "rustest.compat.hooks.top_request:TopRequest", "for tests of a hook's own making, from their setup on"
        ),
    },
    "_pytest.hookspec": {"pytest_warning_recorded": _HOOKSPEC},
    "_pytest.legacypath": {"LEGACY_PATH": _LOCAL, "legacy_path": _LOCAL},
    "_pytest.logging": {
        "LogCaptureHandler": Ours("rustest.builtin_fixtures.logs:LogCaptureHandler"),
        "LoggingPlugin": Absent("use the fixture caplog"),
        "_remove_ansi_escape_sequences": Ours("rustest.compat.plugins.insides:without_colours"),
    },
    "_pytest.mark": {"MARK_GEN": Ours("rustest.compat.names.marks:mark")},
    "_pytest.mark.expression": {"Expression": Ours("rustest.compat.plugins.insides:Expression")},
    "_pytest.mark.structures": {
        "MARK_GEN": Ours("rustest.compat.names.marks:mark"),
        "get_unpacked_marks": Absent("use request.node.iter_markers()"),
    },
    "_pytest.monkeypatch": {"NOTSET": _NOTSET, "notset": _NOTSET},
    "_pytest.nodes": {"Node": Ours("rustest.compat.hooks.nodes:Node")},
    "_pytest.outcomes": {
        "Exit": Ours("rustest.model.errors:Exit"),
        "Failed": Ours("rustest.model.errors:Failed"),
        "OutcomeException": Ours("rustest.model.errors:OutcomeException"),
        "Skipped": Ours("rustest.model.errors:Skipped"),
        "XFailed": Ours("rustest.model.errors:XFailed"),
    },
    "_pytest.pathlib": {
        "Path": Ours("pathlib:Path"),
        "absolutepath": Absent(_PATHS),
        "bestrelpath": Absent(_PATHS),
        "import_path": Partial("rustest.compat.plugins.insides:import_path", "test files are imported as ever"),
        "rm_rf": Absent(_PATHS),
    },
    "_pytest.python_api": {"RaisesContext": Ours("rustest.authoring.raises:RaisesExc")},
    "_pytest.python": {
        "CallSpec": Ours("rustest.compat.hooks.functions:CallSpec"),
        "CallSpec2": Ours("rustest.compat.hooks.functions:CallSpec"),
        "PyCollector": Ours("rustest.compat.hooks.python_nodes:PyCollector"),
    },
    "_pytest.runner": {"runtestprotocol": Absent(_RUNNING)},
    "_pytest.scope": {"Scope": Ours("rustest.model.scope:Scope")},
    "_pytest.skipping": {
        "evaluate_xfail_marks": Partial("rustest.compat.hooks.test_reports:xfail_of", "while a test runs"),
        "xfailed_key": Ours("rustest.compat.hooks.test_reports:XFAILED"),
    },
    "_pytest.timing": {
        "perf_counter": Ours("time:perf_counter"),
        "sleep": Ours("time:sleep"),
        "time": Ours("time:time"),
    },
    "_pytest.unittest": {
        "TestCaseFunction": Partial(
            "rustest.compat.names.types:TestCaseFunction",
            "what is put in its place has no effect: unittest runs its tests",
        ),
        "UnitTestCase": Absent(_RUNNING),
    },
    "_pytest._py.path": {"LocalPath": _LOCAL, "local": _LOCAL},
    "py": {},
    "py.path": {"local": _LOCAL},
    "py.error": dict.fromkeys(("EACCES", "EEXIST", "ENOENT", "ENOTDIR", "Error"), Absent(_ERRORS)),
}


def inner_modules(pytest: Mapping[str, Answer]) -> dict[str, Mapping[str, Answer]]:
    """The modules inside pytest, answered as pytest's own names are."""
    named = {*_SHARED, *_OWN, *(module for module in FIXTURES if module.startswith("_pytest."))}
    names = sorted(named | {name.rpartition(".")[0] for name in named if "." in name})
    return {module: {**_shared(module, pytest), **_OWN.get(module, {}), **FIXTURES.get(module, {})} for module in names}


def _shared(module: str, pytest: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: pytest[name] for name in _SHARED.get(module, ())}
