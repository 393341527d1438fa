"""pytest's options by the names that `config.getoption` and `config.option` know them by, read off the settings."""

from collections.abc import Mapping

from rustest.model.settings import Listing, Settings


def pytest_options(settings: Settings) -> Mapping[str, object]:
    """The value of each option of pytest's that a setting of rustest decides."""
    return {
        "basetemp": settings.basetemp,
        "cacheclear": settings.cache_clear,
        "capture": settings.capture.value,
        "collectonly": settings.listing in (Listing.TESTS, Listing.TESTS_JSON),
        "color": settings.color.value,
        "confcutdir": settings.confcutdir,
        "deselect": list(settings.deselect) or None,
        "durations": settings.durations or None,
        "failedfirst": settings.ff,
        "file_or_dir": list(settings.paths),
        "fulltrace": settings.full_trace,
        "ignore": list(settings.ignore) or None,
        "ignore_glob": None,
        "importmode": settings.import_mode.value,
        "inifilename": None,
        "keyword": settings.keyword,
        "lf": settings.lf,
        "markexpr": settings.markexpr,
        "maxfail": settings.maxfail,
        "newfirst": settings.nf,
        "noconftest": settings.noconftest,
        "no_header": False,
        "no_summary": False,
        "numprocesses": None,
        "override_ini": None,
        "plugins": [],
        "pyargs": False,
        "pythonwarnings": list(settings.filterwarnings) or None,
        "reportchars": "fE",
        "rootdir": settings.rootdir,
        "runxfail": settings.runxfail,
        "setuponly": False,
        "setupplan": False,
        "setupshow": settings.setup_show,
        "showfixtures": settings.listing is Listing.FIXTURES,
        "show_fixtures_per_test": settings.listing is Listing.FIXTURES_PER_TEST,
        "showlocals": settings.showlocals,
        "stepwise": settings.sw,
        "strict_markers": settings.strict_markers,
        "tbstyle": settings.tb.value,
        "trace": False,
        "usepdb": settings.pdb,
        "verbose": settings.verbosity,
        "xmlpath": settings.junit_xml,
        "asyncio_mode": settings.asyncio_mode.value,
        "dist": "no",
        "tx": [],
    }
