"""The table of pytest's settings: what each becomes here. docs/pytest-settings.md shows it."""

import enum
from typing import NamedTuple

from rustest.compat.settings.ini_kinds import IniKind


class Effect(enum.Enum):
    """What comes of a setting or an option of pytest's."""

    HONOURED = "honoured"
    PASSED_ON = "passed on"
    """To plugins and hooks, which read it."""
    LOOKS = "changes looks only"
    """Accepted without effect: it changes what is printed or written beside the outcomes."""
    TOLD = "not honoured"
    """It would change what tests do, so the run begins with saying so."""
    REFUSED = "refused"
    """A run that ignored it would not be what was asked for."""


class KnownIni(NamedTuple):
    """One of pytest's settings."""

    name: str
    kind: IniKind
    effect: Effect
    key: str = ""
    """The setting of rustest that it decides."""
    note: str = ""
    harmless: object = None
    """The value with which a setting that is not honoured asks for nothing."""
    choices: tuple[str, ...] = ()
    """What a text may be; empty where it may be anything."""


_ARGS, _LINES, _PATHS = IniKind.ARGS, IniKind.LINES, IniKind.PATHS
_BOOL, _TEXT, _COUNT, _NUMBER = IniKind.BOOL, IniKind.TEXT, IniKind.COUNT, IniKind.NUMBER
_HONOURED, _LOOKS, _TOLD = Effect.HONOURED, Effect.LOOKS, Effect.TOLD

KNOWN_INI = (
    KnownIni("addopts", _ARGS, _HONOURED, note="read before the command line, in front of PYTEST_ADDOPTS"),
    KnownIni("testpaths", _ARGS, _HONOURED, "testpaths", "where none of them exists, the root folder"),
    KnownIni("norecursedirs", _ARGS, _HONOURED, "norecursedirs"),
    KnownIni("python_files", _ARGS, _HONOURED, "python_files"),
    KnownIni("python_classes", _ARGS, _HONOURED, "python_classes"),
    KnownIni("python_functions", _ARGS, _HONOURED, "python_functions"),
    KnownIni("collect_imported_tests", _BOOL, _HONOURED, "collect_imported_tests"),
    KnownIni("pythonpath", _PATHS, _HONOURED, "pythonpath"),
    KnownIni("consider_namespace_packages", _BOOL, _HONOURED, "consider_namespace_packages"),
    KnownIni("doctest_optionflags", _ARGS, _HONOURED, "doctest_optionflags"),
    KnownIni("filterwarnings", _LINES, _HONOURED, "filterwarnings", "before `-W`, which wins"),
    KnownIni("max_warnings", _COUNT, _HONOURED, "max_warnings"),
    KnownIni("markers", _LINES, _HONOURED, "markers"),
    KnownIni("strict_markers", _BOOL, _HONOURED, "strict_markers"),
    KnownIni("strict_xfail", _BOOL, _HONOURED, "xfail_strict"),
    KnownIni("xfail_strict", _BOOL, _HONOURED, "xfail_strict", "the older name of `strict_xfail`"),
    KnownIni("strict_config", _BOOL, _HONOURED, note="settings that nobody knows are an error"),
    KnownIni("strict", _BOOL, _HONOURED, note="what `strict_markers`, `strict_xfail` and `strict_config` do not say"),
    KnownIni("minversion", _TEXT, _HONOURED, note="held against the version of pytest that rustest stands in for"),
    KnownIni("required_plugins", _ARGS, _HONOURED, note="must be installed, but for those that rustest stands in for"),
    KnownIni("usefixtures", _ARGS, _HONOURED, "usefixtures"),
    KnownIni("empty_parameter_set_mark", _TEXT, _HONOURED, "empty_parameter_set_mark"),
    KnownIni("cache_dir", _TEXT, _HONOURED, "cache_dir"),
    KnownIni("tmp_path_retention_count", _COUNT, _HONOURED, "tmp_path_retention_count"),
    KnownIni("tmp_path_retention_policy", _TEXT, _LOOKS, harmless="all", choices=("all", "failed", "none")),
    KnownIni("log_level", _TEXT, _HONOURED, "log_level"),
    KnownIni("asyncio_mode", _TEXT, _HONOURED, "asyncio_mode"),
    KnownIni("asyncio_debug", _BOOL, _HONOURED, "asyncio_debug"),
    KnownIni("asyncio_default_test_loop_scope", _TEXT, _HONOURED, "asyncio_default_test_loop_scope"),
    KnownIni("asyncio_default_fixture_loop_scope", _TEXT, _HONOURED, "asyncio_default_fixture_loop_scope"),
    KnownIni("anyio_mode", _TEXT, Effect.PASSED_ON),
    KnownIni("trio_mode", _BOOL, Effect.PASSED_ON),
    KnownIni("timeout", _NUMBER, _HONOURED, "timeout", "seconds; here, set-up and teardown have clocks of their own"),
    KnownIni("timeout_method", _TEXT, _LOOKS),
    KnownIni("timeout_func_only", _BOOL, _LOOKS),
    KnownIni("junit_family", _TEXT, _LOOKS, harmless="xunit2", choices=("legacy", "xunit1", "xunit2")),
    KnownIni("junit_suite_name", _TEXT, _LOOKS),
    KnownIni("junit_logging", _TEXT, _LOOKS, choices=("no", "log", "system-out", "system-err", "out-err", "all")),
    KnownIni("junit_log_passing_tests", _BOOL, _LOOKS),
    KnownIni("junit_duration_report", _TEXT, _LOOKS, choices=("total", "call")),
    KnownIni(
        "console_output_style",
        _TEXT,
        _LOOKS,
        choices=("classic", "progress", "count", "times", "progress-even-when-capture-no"),
    ),
    KnownIni("verbosity_assertions", _TEXT, _LOOKS),
    KnownIni("verbosity_test_cases", _TEXT, _LOOKS),
    KnownIni("verbosity_subtests", _TEXT, _LOOKS),
    KnownIni("truncation_limit_lines", _TEXT, _LOOKS),
    KnownIni("truncation_limit_chars", _TEXT, _LOOKS),
    KnownIni("assertion_text_diff_style", _TEXT, _LOOKS, choices=("ndiff", "block")),
    KnownIni("log_auto_indent", _TEXT, _LOOKS),
    KnownIni("log_format", _TEXT, _LOOKS),
    KnownIni("log_date_format", _TEXT, _LOOKS),
    KnownIni("log_cli", _BOOL, _LOOKS, note="logs are shown with their test, not as they come", harmless=False),
    KnownIni("log_cli_level", _TEXT, _LOOKS),
    KnownIni("log_cli_format", _TEXT, _LOOKS),
    KnownIni("log_cli_date_format", _TEXT, _LOOKS),
    KnownIni("log_file", _TEXT, _LOOKS),
    KnownIni("log_file_mode", _TEXT, _LOOKS),
    KnownIni("log_file_level", _TEXT, _LOOKS),
    KnownIni("log_file_format", _TEXT, _LOOKS),
    KnownIni("log_file_date_format", _TEXT, _LOOKS),
    KnownIni("faulthandler_timeout", _NUMBER, _LOOKS, note="`timeout` ends what hangs, and tells where"),
    KnownIni("faulthandler_exit_on_timeout", _BOOL, _LOOKS),
    KnownIni("doctest_encoding", _TEXT, _TOLD, note="text files are read as UTF-8", harmless="utf-8"),
    KnownIni("strict_parametrization_ids", _BOOL, _TOLD, harmless=False),
    KnownIni("parametrize_long_str_id_strategy", _TEXT, _TOLD, harmless="short"),
    KnownIni("enable_assertion_pass_hook", _BOOL, _TOLD, harmless=False),
    KnownIni("disable_test_id_escaping_and_forfeit_all_rights_to_community_support", _BOOL, _TOLD, harmless=False),
)
