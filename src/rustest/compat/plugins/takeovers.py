"""The table of pytest plugins that rustest does not load: those whose part it plays itself, and those it cannot serve.

Every other plugin is loaded, as a source of fixtures and of the hooks that run. docs/pytest-hooks.md shows the table.
"""

import enum
from typing import NamedTuple


class Fate(enum.Enum):
    """What becomes of a plugin; the value is the word that users read."""

    REPLACED = "replaced"
    """rustest does what it does, or the nearest that it has."""
    REFUSED = "not used"
    """It reaches into pytest so deeply that nothing of it would work."""


class PluginOption(NamedTuple):
    """An option of a plugin that rustest takes in its place."""

    flag: str
    takes_value: bool = True
    note: str = ""
    """What is to be said where it is given and has no effect."""

    @property
    def name(self) -> str:
        """The name for `config.getoption`."""
        return self.flag.lstrip("-").replace("-", "_")


class Takeover(NamedTuple):
    """A plugin that is not loaded."""

    project: str
    """Its name on the package index; of a part of pytest, that part's name."""
    names: tuple[str, ...]
    """The names of its entry points and modules, by which it is asked for."""
    fate: Fate
    note: str
    """What stands in for it, or what to do without."""
    options: tuple[PluginOption, ...] = ()
    is_told: bool = False
    """Whether a run in which it is installed says so."""
    marks: tuple[str, ...] = ()
    """The marks that are registered by its being installed, each as a line of the setting `markers`."""
    loads: str = ""
    """A plugin of rustest's that is loaded in its place."""
    imports: str = ""
    """A module that is there in every suite that has the plugin, so that tests use it without importing it."""


_ORDER = "files keep their order, and `random` is not seeded; --randomize shuffles, and --randomly-seed means that here"
_WITH_PYTEST = "run its tests with pytest"
_LOOKS = "what a run prints is rustest's own"
_NO_EFFECT = "has no effect here"

TAKEOVERS = (
    Takeover(
        "pytest-asyncio",
        ("asyncio", "pytest_asyncio", "pytest_asyncio.plugin"),
        Fate.REPLACED,
        "async tests and fixtures are rustest's own: its marks, loop scopes and settings count",
    ),
    Takeover(
        "anyio",
        ("anyio", "anyio.pytest_plugin"),
        Fate.REPLACED,
        "its marks, `anyio_backend` and settings count",
    ),
    Takeover(
        "pytest-trio",
        ("trio", "pytest_trio", "pytest_trio.plugin"),
        Fate.REPLACED,
        "its marks, fixtures and settings count",
        imports="trio.testing",
    ),
    Takeover(
        "pytest-timeout",
        ("timeout", "pytest_timeout"),
        Fate.REPLACED,
        "the mark, the option and the setting count; `method` and `func_only` do not: the clock of a test covers its "
        "body, and each fixture has one of its own",
    ),
    Takeover(
        "pytest-rerunfailures",
        ("rerunfailures", "pytest_rerunfailures"),
        Fate.REPLACED,
        "`mark.flaky(reruns=..., reruns_delay=..., only_rerun=...)` and `--reruns` are retries",
        (
            PluginOption("--reruns"),
            PluginOption("--reruns-delay", note=_NO_EFFECT),
            PluginOption("--only-rerun"),
            PluginOption("--rerun-except"),
            PluginOption("--rerun-show-tracebacks", False),
        ),
    ),
    Takeover(
        "pytest-retry",
        ("pytest-retry", "pytest_retry", "pytest_retry.retry_plugin"),
        Fate.REPLACED,
        "`mark.flaky(retries=..., delay=..., only_on=...)` and `--retries` are retries",
        (
            PluginOption("--retry-delay", note=_NO_EFFECT),
            PluginOption("--cumulative-timing", note=_NO_EFFECT),
            PluginOption("--retry-outcome", note=_NO_EFFECT),
        ),
    ),
    Takeover(
        "flaky",
        ("flaky", "flaky.flaky_pytest_plugin"),
        Fate.REPLACED,
        "`mark.flaky(max_runs=...)` is retries; `min_passes`, and the decorator of that name, have no effect here",
        (
            PluginOption("--force-flaky", False, _NO_EFFECT),
            PluginOption("--max-runs", note=_NO_EFFECT),
            PluginOption("--min-passes", note=_NO_EFFECT),
            PluginOption("--no-flaky-report", False),
            PluginOption("--no-success-flaky-report", False),
        ),
    ),
    Takeover(
        "pytest-randomly",
        ("randomly", "pytest_randomly"),
        Fate.REPLACED,
        _ORDER,
        (
            PluginOption("--randomly-seed"),
            PluginOption("--randomly-dont-reset-seed", False),
            PluginOption("--randomly-dont-reorganize", False),
        ),
        is_told=True,
    ),
    Takeover(
        "pytest-xdist",
        ("xdist", "xdist.plugin", "xdist.looponfail"),
        Fate.REPLACED,
        "`-n` starts rustest's own workers; `worker_id` and the environment's variables are there",
        marks=("xdist_group(name): of pytest-xdist; has no effect here",),
    ),
    Takeover(
        "pytest-cov",
        ("pytest_cov", "pytest_cov.plugin"),
        Fate.REPLACED,
        "its options are rustest's own",
        marks=("no_cover: of pytest-cov; has no effect here",),
    ),
    Takeover(
        "pytest-sugar",
        ("sugar", "pytest_sugar"),
        Fate.REPLACED,
        _LOOKS,
        (PluginOption("--old-summary", False), PluginOption("--force-sugar", False)),
    ),
    Takeover(
        "pytest-instafail",
        ("instafail", "pytest_instafail"),
        Fate.REPLACED,
        "a failure is told in a line as it comes, and in full at the end",
        (PluginOption("--instafail", False),),
    ),
    Takeover("pytest-pretty", ("pretty", "pytest_pretty"), Fate.REPLACED, _LOOKS),
    Takeover(
        "hypothesis",
        ("hypothesispytest", "_hypothesis_pytestplugin"),
        Fate.REPLACED,
        "tests with `@given` run as they are, async ones too; `--hypothesis-profile` and `--hypothesis-seed` count",
        (
            PluginOption("--hypothesis-profile"),
            PluginOption("--hypothesis-seed"),
            PluginOption("--hypothesis-verbosity", note=_NO_EFFECT),
            PluginOption("--hypothesis-show-statistics", False, _NO_EFFECT),
            PluginOption("--hypothesis-explain", False, _NO_EFFECT),
        ),
        marks=("hypothesis: a test to which hypothesis gives inputs",),
    ),
    Takeover(
        "pytester",
        ("pytester", "_pytest.pytester"),
        Fate.REPLACED,
        "`runpytest` runs pytest itself, in a process of its own; `inline_run` and what else looks inside is not there",
        (PluginOption("--runpytest", note="pytest runs in a process of its own, always"),),
        loads="rustest.compat.plugins.pytester",
    ),
    Takeover(
        "pytest-asyncio-cooperative",
        ("asyncio-cooperative", "pytest_asyncio_cooperative.plugin"),
        Fate.REFUSED,
        "async tests overlap without it: mark them `asyncio` in place of `asyncio_cooperative`",
    ),
    Takeover(
        "pytest-bdd",
        ("pytest-bdd", "pytest_bdd", "pytest_bdd.plugin"),
        Fate.REFUSED,
        f"it makes fixtures inside pytest while tests run: {_WITH_PYTEST}",
    ),
    Takeover(
        "pytest-cases",
        ("cases", "pytest_cases", "pytest_cases.plugin"),
        Fate.REFUSED,
        f"it rebuilds how pytest collects: {_WITH_PYTEST}",
    ),
    Takeover(
        "pytest-deadfixtures",
        ("deadfixtures", "pytest_deadfixtures"),
        Fate.REFUSED,
        "`rustest --fixtures -v` lists fixtures with their users",
    ),
    Takeover(
        "pytest-factoryboy",
        ("pytest-factoryboy", "pytest_factoryboy", "pytest_factoryboy.plugin"),
        Fate.REFUSED,
        f"it makes fixtures inside pytest while tests run: {_WITH_PYTEST}",
    ),
    Takeover(
        "pytest-lazy-fixture",
        ("lazy-fixture",),
        Fate.REFUSED,
        "it does not work with pytest 8 and later either: use pytest-lazy-fixtures",
    ),
    Takeover(
        "looptime",
        ("looptime_plugin", "looptime._internal.plugin"),
        Fate.REFUSED,
        f"it exchanges loops inside fixtures of pytest-asyncio's: {_WITH_PYTEST}",
        (PluginOption("--looptime", False, _NO_EFFECT), PluginOption("--no-looptime", False)),
        is_told=True,
    ),
)

# fmt: off
PARTS_OF_PYTEST = frozenset((
    "mark", "main", "runner", "fixtures", "helpconfig", "python", "terminal", "debugging", "unittest",
    "capture", "skipping", "legacypath", "tmpdir", "monkeypatch", "recwarn", "pastebin", "assertion",
    "junitxml", "doctest", "cacheprovider", "stepwise", "setuponly", "setupplan", "warnings", "logging",
    "reports", "unraisableexception", "threadexception", "faulthandler", "subtests",
))
# fmt: on
"""What pytest itself is made of: never loaded, for rustest has its own."""

_BY_NAME = {name: takeover for takeover in TAKEOVERS for name in takeover.names}


def takeover_of(name: str) -> Takeover | None:
    """The row of that plugin, by any of its names; None for one that is to be loaded."""
    return _BY_NAME.get(name)


def is_part_of_pytest(name: str) -> bool:
    """Whether it is one of the plugins that pytest is made of."""
    return name.removeprefix("_pytest.") in PARTS_OF_PYTEST
