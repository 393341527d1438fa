"""The table of pytest's names: what each is here, where it is not quite the same, and what to do without it."""

from collections.abc import Mapping

from rustest.compat.names.answers import Absent, Answer, Ours, Partial
from rustest.compat.names.fixture_names import FIXTURES
from rustest.compat.names.inner_names import inner_modules

_BUILTIN = "rustest.builtin_fixtures"
_AUTHORING = "rustest.authoring"
_ANNOTATION = "for annotations only: nothing is an instance of it"
_RUN = "call rustest.run(), or rustest.testing.run_project() in tests of tests"
_TESTS_OF_PLUGINS = "tests that look inside pytest need pytest itself: run them with pytest"
_IN_A_PROCESS = "runs pytest in a process of its own, and cannot look inside"
_REPORTS = "rustest tells what happens as events: see docs/reports.md"


def _warnings(*names: str) -> dict[str, Answer]:
    return {
        name: Partial(f"rustest.compat.names.warning_types:{name}", "rustest itself never warns so") for name in names
    }


PYTEST: Mapping[str, Answer] = {
    "Approx": Ours(f"{_AUTHORING}.approx:Approx"),
    "Cache": Ours(f"{_BUILTIN}.cache:Cache"),
    "CallInfo": Ours("rustest.compat.hooks.test_reports:CallInfo"),
    "CaptureFixture": Ours(f"{_BUILTIN}.capture:CaptureFixture"),
    "Class": Ours("rustest.compat.hooks.python_nodes:Class"),
    "CollectReport": Partial("rustest.compat.names.types:CollectReport", _ANNOTATION),
    "Collector": Ours("rustest.compat.hooks.nodes:Collector"),
    "Config": Ours("rustest.compat.config:Config"),
    "Dir": Ours("rustest.compat.hooks.nodes:Dir"),
    "Directory": Ours("rustest.compat.hooks.nodes:Directory"),
    "DoctestItem": Ours("rustest.compat.hooks.functions:DoctestItem"),
    "ExceptionInfo": Partial(f"{_AUTHORING}.exception_info:ExceptionInfo", "tracebacks are lists of plain entries"),
    "ExitCode": Ours("rustest.compat.names.exit_code:ExitCode"),
    "File": Ours("rustest.compat.hooks.nodes:File"),
    "FixtureDef": Partial("rustest.compat.names.types:FixtureDef", _ANNOTATION),
    "FixtureLookupError": Ours("rustest.model.errors:FixtureLookupError"),
    "FixtureRequest": Ours("rustest.run.fixtures.request:FixtureRequest"),
    "Function": Ours("rustest.compat.hooks.functions:Function"),
    "HIDDEN_PARAM": Ours("rustest.model.marks:HIDDEN_PARAM"),
    "HookRecorder": Absent(_TESTS_OF_PLUGINS),
    "Item": Ours("rustest.compat.hooks.items:Item"),
    "LineMatcher": Ours("rustest.compat.plugins.line_matcher:LineMatcher"),
    "LogCaptureFixture": Ours(f"{_BUILTIN}.logs:LogCaptureFixture"),
    "Mark": Ours("rustest.model.marks:Mark"),
    "MarkDecorator": Ours("rustest.compat.names.marks:PytestMark"),
    "MarkGenerator": Ours("rustest.compat.names.marks:PytestMarks"),
    "Metafunc": Ours("rustest.compat.hooks.metafunc:Metafunc"),
    "Module": Ours("rustest.compat.hooks.python_nodes:Module"),
    "MonkeyPatch": Ours(f"{_BUILTIN}.monkeypatch:MonkeyPatch"),
    "OptionGroup": Ours("rustest.compat.settings.option_parser:OptionGroup"),
    "Package": Ours("rustest.compat.hooks.nodes:Package"),
    "ParameterSet": Ours("rustest.model.marks:ParameterSet"),
    "Parser": Ours("rustest.compat.settings.option_parser:Parser"),
    **_warnings(
        "PytestApproxDecimalToleranceWarning",
        "PytestAssertRewriteWarning",
        "PytestCacheWarning",
        "PytestCollectionWarning",
        "PytestConfigWarning",
        "PytestDeprecationWarning",
        "PytestExperimentalApiWarning",
        "PytestFDWarning",
    ),
    "PytestPluginManager": Ours("rustest.compat.plugins.registry:Plugins"),
    **_warnings(
        "PytestRemovedIn10Warning",
        "PytestReturnNotNoneWarning",
        "PytestUnhandledThreadExceptionWarning",
        "PytestUnknownMarkWarning",
        "PytestUnraisableExceptionWarning",
        "PytestWarning",
    ),
    "Pytester": Partial("rustest.compat.plugins.pytester:Pytester", _IN_A_PROCESS),
    "RaisesExc": Ours(f"{_AUTHORING}.raises:RaisesExc"),
    "RaisesGroup": Ours(f"{_AUTHORING}.raises_group:RaisesGroup"),
    "RecordedHookCall": Absent(_TESTS_OF_PLUGINS),
    "RunResult": Ours("rustest.compat.plugins.run_result:RunResult"),
    "ScopeName": Ours("rustest.compat.names.types:ScopeName"),
    "Session": Ours("rustest.compat.hooks.nodes:Session"),
    "Stash": Ours("rustest.compat.names.types:Stash"),
    "StashKey": Ours("rustest.compat.names.types:StashKey"),
    "SubtestReport": Absent(_REPORTS),
    "Subtests": Ours(f"{_BUILTIN}.subtests:Subtests"),
    "TempPathFactory": Ours(f"{_BUILTIN}.temp_folders:TempPathFactory"),
    "TempdirFactory": Ours(f"{_BUILTIN}.tmpdir:TempdirFactory"),
    "TerminalReporter": Partial(
        "rustest.compat.hooks.terminal:TerminalReporter", "what pytest_terminal_summary writes with"
    ),
    "TestReport": Ours("rustest.compat.hooks.test_reports:TestReport"),
    "TestShortLogReport": Absent(_REPORTS),
    "Testdir": Partial("rustest.compat.plugins.pytester:Testdir", _IN_A_PROCESS),
    "UsageError": Ours("rustest.model.errors:UsageError"),
    "WarningsRecorder": Ours(f"{_AUTHORING}.warnings_recorder:WarningsRecorder"),
    "__version__": Partial(
        "rustest.compat.names.version:PYTEST_VERSION", "the version of pytest that the answers follow"
    ),
    "approx": Ours(f"{_AUTHORING}.approx:approx"),
    "cmdline": Absent(_RUN),
    "console_main": Absent(_RUN),
    "deprecated_call": Ours(f"{_AUTHORING}.warns:deprecated_call"),
    "exit": Ours("rustest.compat.names.outcomes:exit"),
    "fail": Ours("rustest.compat.names.outcomes:fail"),
    "fixture": Ours("rustest.compat.names.fixture:fixture"),
    "freeze_includes": Absent("rustest is not made to be frozen"),
    "hookimpl": Ours("rustest.compat.hooks.markers:hookimpl"),
    "hookspec": Ours("rustest.compat.hooks.markers:hookspec"),
    "importorskip": Ours("rustest.compat.names.outcomes:importorskip"),
    "main": Absent(_RUN),
    "mark": Ours("rustest.compat.names.marks:mark"),
    "param": Ours(f"{_AUTHORING}.parametrize:param"),
    "raises": Ours(f"{_AUTHORING}.raises:raises"),
    "register_assert_rewrite": Ours("rustest.assertion.hook:rewrite_also"),
    "register_fixture": Absent("write it with @pytest.fixture in a conftest.py"),
    "set_trace": Ours("builtins:breakpoint"),
    "skip": Ours("rustest.compat.names.outcomes:skip"),
    "version_tuple": Partial(
        "rustest.compat.names.version:VERSION_TUPLE", "the version of pytest that the answers follow"
    ),
    "warns": Ours(f"{_AUTHORING}.warns:warns"),
    "xfail": Ours("rustest.compat.names.outcomes:xfail"),
    "yield_fixture": Ours("rustest.compat.names.fixture:fixture"),
}

PYTEST_ASYNCIO: Mapping[str, Answer] = {
    "fixture": Ours("rustest.compat.names.fixture:asyncio_fixture"),
    "is_async_test": Ours("rustest.compat.names.asyncio_tests:is_async_test"),
}

MODULES: Mapping[str, Mapping[str, Answer]] = {
    "pytest": PYTEST,
    "pytest_asyncio": {
        **PYTEST_ASYNCIO,
        "__version__": Partial(
            "rustest.compat.names.version:PYTEST_ASYNCIO_VERSION",
            "the version of pytest-asyncio that the answers follow",
        ),
    },
    "pytest_asyncio.plugin": {**PYTEST_ASYNCIO, **FIXTURES["pytest_asyncio.plugin"]},
    **inner_modules(PYTEST),
}
"""Every module that the door answers for, with its names."""
