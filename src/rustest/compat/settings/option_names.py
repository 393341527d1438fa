"""pytest's options by the names that `config.getoption` and `config.option` know them by, read off the settings."""

from collections.abc import Mapping

from rustest.model.choices import Listing
from rustest.model.settings import Settings

_NOT_GIVEN: Mapping[str, object] = {
    **dict.fromkeys(
        (
            *("collect_in_virtualenv", "continue_on_collection_errors", "disable_plugin_autoload"),
            *("doctest_continue_on_failure", "doctest_ignore_import_errors", "force_short_summary", "help"),
            *("keepduplicates", "markers", "pyargs", "stepwise_reset", "stepwise_skip", "trace", "traceconfig"),
            "xfail_tb",
        ),
        False,
    ),
    **dict.fromkeys(
        (
            *("cacheshow", "debug", "durations_min", "ignore_glob", "inifilename", "junitprefix", "log_auto_indent"),
            *("log_cli_date_format", "log_cli_format", "log_cli_level", "log_date_format", "log_file"),
            *("log_file_date_format", "log_file_format", "log_file_level", "log_file_mode", "log_format", "log_level"),
            *("override_ini", "pastebin", "strict", "strict_config", "usepdb_cls"),
        )
    ),
    "assertmode": "rewrite",
    "code_highlight": "yes",
    "doctestreport": "udiff",
    "fold_skipped": True,
    "logger_disable": (),
    "quiet": 0,
    "version": 0,
}
"""What options are that no setting decides, where they are not given."""


def pytest_options(settings: Settings) -> Mapping[str, object]:
    """The value of each option of pytest's that a setting of rustest decides."""
    return {
        **_NOT_GIVEN,
        "basetemp": settings.basetemp,
        "cacheclear": settings.cache_clear,
        "capture": settings.capture.value,
        "collectonly": settings.listing in (Listing.TESTS, Listing.TESTS_JSON),
        "color": settings.color.value,
        "confcutdir": settings.confcutdir,
        "deselect": list(settings.deselect) or None,
        "doctestglob": list(settings.doctest_glob),
        "doctestmodules": settings.doctest_modules,
        "durations": settings.durations or None,
        "failedfirst": settings.ff,
        "file_or_dir": list(settings.paths),
        "disable_warnings": settings.disable_warnings,
        "fulltrace": settings.full_trace,
        "ignore": list(settings.ignore) or None,
        "importmode": settings.import_mode.value,
        "keyword": settings.keyword,
        "last_failed_no_failures": "none" if settings.lf_or_nothing else "all",
        "lf": settings.lf,
        "markexpr": settings.markexpr,
        "maxfail": settings.maxfail,
        "max_warnings": settings.max_warnings,
        "newfirst": settings.nf,
        "noconftest": settings.noconftest,
        "no_header": settings.no_header,
        "no_summary": settings.no_summary,
        "numprocesses": settings.workers or None,
        "plugins": [],
        "pythonwarnings": list(settings.filterwarnings) or None,
        "reportchars": settings.report_chars or "fE",
        "rootdir": settings.rootdir,
        "runxfail": settings.runxfail,
        "setuponly": settings.setup_only,
        "setupplan": settings.setup_plan,
        "setupshow": settings.setup_show,
        "showfixtures": settings.listing is Listing.FIXTURES,
        "show_fixtures_per_test": settings.listing is Listing.FIXTURES_PER_TEST,
        "showcapture": settings.show_capture.value,
        "showlocals": settings.showlocals,
        "stepwise": settings.sw,
        "strict_markers": settings.strict_markers,
        "tbstyle": settings.tb.value,
        "usepdb": settings.pdb,
        "verbose": settings.verbosity,
        "xmlpath": settings.junit_xml,
        "asyncio_mode": settings.asyncio_mode.value,
        "dist": "load" if settings.workers else "no",
        "tx": ["popen"] * (settings.workers or 0),
        "cov_source": [path or True for path in settings.cov],
        "cov_config": settings.cov_config or ".coveragerc",
        "cov_fail_under": settings.cov_fail_under,
        "cov_append": settings.cov_append,
        "cov_branch": settings.cov_branch or None,
        "no_cov": settings.no_cov,
    }
