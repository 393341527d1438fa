"""The table of options: one row for each way to decide a setting.

The command line's parser, the check of `[tool.rustest]`, the check of `rustest.run`'s keywords and docs/settings.md
all come from it.
"""

from collections.abc import Iterable, Mapping

from rustest.cli.coverage_options import COVERAGE_OPTIONS
from rustest.cli.kinds import (
    CAPTURE,
    COUNT,
    DEBUGGER,
    FACTORY,
    FILTERS,
    IGNORED,
    LIMIT,
    MODE,
    NO_FAILURES,
    REPEATED,
    SCOPE,
    SCRATCH,
    SECONDS,
    SHARED_FIXTURES,
    STEPS,
    STRICT,
    SWITCH,
    TEXT,
    TEXTS,
    WIDTH,
)
from rustest.cli.listing_options import LISTING_OPTIONS
from rustest.cli.looks_options import LOOKS_OPTIONS
from rustest.cli.option import Option
from rustest.cli.pytest_like_options import PYTEST_LIKE_OPTIONS
from rustest.cli.sharing_options import SHARING_OPTIONS
from rustest.model.choices import Capture
from rustest.model.errors import UsageError
from rustest.model.settings import Settings

OPTIONS = (
    Option("paths", TEXTS, "files, folders and node ids to run", ("paths",), "PATH", once=True),
    Option("keyword", TEXT, "run tests whose names match, as in 'http and not slow'", ("-k",), "EXPR", once=True),
    Option("markexpr", TEXT, "run tests whose marks match, as in 'not slow'", ("-m",), "EXPR"),
    Option("maxfail", COUNT, "stop at the first failure", ("-x", "--exitfirst"), const=1),
    Option("maxfail", COUNT, "stop after so many failures; 0 never stops", ("--maxfail",), "N"),
    Option("verbosity", STEPS, "say more; may be repeated", ("-v", "--verbose"), const=1),
    Option("verbosity", STEPS, "say less; may be repeated", ("-q", "--quiet"), const=-1),
    *SHARING_OPTIONS,
    Option("concurrency", WIDTH, "how many async tests may overlap; 1 runs in file order", ("--concurrency",), "N"),
    Option("shared_state", TEXTS, "names whose use puts a test alone, or with '!' in front does not"),
    Option("shared_fixtures", SHARED_FIXTURES, "whether tests that share a fixture overlap, or keep their order"),
    Option("timeout", LIMIT, "limit of each test that sets none; 0 is no limit", ("--timeout",), "SECONDS"),
    Option("timeout_grace", SECONDS, "what a cancelled test has left to end", ("--timeout-grace",), "SECONDS"),
    Option("sigterm_grace", SECONDS, "what teardowns have left after SIGTERM", ("--sigterm-grace",), "SECONDS"),
    Option(
        "slow_callback",
        SECONDS,
        "tell of steps that block the loop longer; 0 tells of none",
        ("--slow-callback",),
        "SECONDS",
    ),
    Option("block_limit", LIMIT, "fail tests that block the loop longer; 0 is no limit", ("--block-limit",), "SECONDS"),
    Option("retries", COUNT, "try a test that fails so often again, where no mark says", ("--retries",), "N"),
    Option("fail_flaky", SWITCH, "fail tests that pass only on a later attempt", ("--fail-flaky",), const=True),
    Option("repeat", WIDTH, "run each test so many times", ("--repeat",), "N", once=True),
    Option("stress", COUNT, "run so many copies of each test at once, in no order", ("--stress",), "N", once=True),
    Option(
        "until_fail",
        COUNT,
        "run all again until something fails, or so many times; 0 or none is no bound",
        ("--until-fail",),
        "[N]",
        once=True,
        bare="0",
    ),
    Option("asyncio_mode", MODE, "'strict' asks async tests for @mark.asyncio", ("--asyncio-mode",), "MODE"),
    Option("asyncio_default_test_loop_scope", SCOPE, "the loop_scope of tests that name none"),
    Option("asyncio_default_fixture_loop_scope", SCOPE, "the loop_scope of async fixtures that name none"),
    Option("asyncio_debug", SWITCH, "run event loops in debug mode", ("--asyncio-debug",), const=True),
    Option("loop_factory", FACTORY, "what makes event loops", ("--loop-factory",), "NAME"),
    Option("strict", STRICT, "what each check means that is made at the end of a test: 'error', 'warn' or 'ignore'"),
    Option(
        "max_reruns",
        COUNT,
        "how many tests that failed beside others may fail again alone before no more are run again; 0 runs none again",
        ("--max-reruns",),
        "N",
    ),
    Option(
        "strict_overlap",
        SWITCH,
        "fail tests that pass only when no other is in flight",
        ("--strict-overlap",),
        const=True,
    ),
    Option("xfail_strict", SWITCH, "whether an xfail test that passes is a failure"),
    Option(
        "lf",
        SWITCH,
        "run only what failed last time; all, if nothing did",
        ("--lf", "--last-failed"),
        const=True,
        once=True,
    ),
    Option(
        "lf_or_nothing",
        NO_FAILURES,
        "what --lf runs if nothing failed",
        ("--lfnf", "--last-failed-no-failures"),
        "WHAT",
        once=True,
    ),
    Option("ff", SWITCH, "run what failed last time first", ("--ff", "--failed-first"), const=True, once=True),
    Option(
        "nf",
        SWITCH,
        "run new tests first, then those of files changed last",
        ("--nf", "--new-first"),
        const=True,
        once=True,
    ),
    Option(
        "sw", SWITCH, "stop at a failure, and go on from there next time", ("--sw", "--stepwise"), const=True, once=True
    ),
    Option("deselect", REPEATED, "leave out tests whose node ids begin so; may be repeated", ("--deselect",), "ID"),
    Option(
        "ignore",
        IGNORED,
        "leave out a file or folder, or a pattern of such; may be repeated",
        ("--ignore", "--ignore-glob"),
        "PATH",
    ),
    Option(
        "randomize",
        COUNT,
        "shuffle files, classes and tests; the same seed gives the same order, 0 or none picks one",
        ("--randomize",),
        "[SEED]",
        once=True,
        bare="0",
    ),
    Option(
        "cache_dir",
        TEXT,
        "where runs leave what the next ones need; empty to remember nothing",
        ("--cache-dir",),
        "DIR",
    ),
    Option(
        "cache_clear", SWITCH, "forget first what earlier runs have left", ("--cache-clear",), const=True, once=True
    ),
    Option(
        "pdb", SWITCH, "open the debugger where a test fails; its neighbours wait", ("--pdb",), const=True, once=True
    ),
    Option("pdbcls", DEBUGGER, "the class of the debugger that opens then", ("--pdbcls",), "CLASS", once=True),
    *LOOKS_OPTIONS,
    Option("assert_packages", TEXTS, "packages beside the tests whose asserts explain themselves"),
    Option("capture", CAPTURE, "what happens to the output of tests", ("--capture",), "HOW"),
    Option("capture", CAPTURE, "let the output of tests go where it goes", ("-s",), const=Capture.NO),
    Option(
        "filterwarnings",
        FILTERS,
        "a warning filter, as Python's -W has it, the last wins; may be repeated",
        ("-W",),
        "FILTER",
    ),
    Option("log_level", TEXT, "keep log records from that level on", ("--log-level",), "LEVEL"),
    Option("report_jsonl", TEXT, "write every event as a line of JSON", ("--report-jsonl",), "FILE", once=True),
    Option("llm", SWITCH, "print the failures only, one JSON object a line", ("--llm",), const=True, once=True),
    Option("junit_xml", TEXT, "write a JUnit report", ("--junit-xml", "--junitxml"), "FILE", once=True),
    Option(
        "junit_prefix",
        TEXT,
        "what class names begin with in it",
        ("--junit-prefix", "--junitprefix"),
        "TEXT",
        once=True,
    ),
    Option("basetemp", SCRATCH, "where tmp_path makes folders; it is emptied first", ("--basetemp",), "DIR", once=True),
    *COVERAGE_OPTIONS,
    Option("tmp_path_retention_count", COUNT, "how many runs' temporary folders are kept"),
    *LISTING_OPTIONS,
    Option("explain", TEXT, "print all that is planned for one test, and why", ("--explain",), "ID", once=True),
    Option(
        "isolate",
        TEXT,
        "run one test alone, then beside each neighbour, to name the one that breaks it",
        ("--isolate",),
        "ID",
        once=True,
    ),
    Option("rootdir", TEXT, "the folder that node ids start from", ("--rootdir",), "DIR", once=True),
    Option("testpaths", TEXTS, "where to look for tests when no path is given"),
    Option("pythonpath", TEXTS, "folders to put in front of sys.path, below the root folder"),
    Option("norecursedirs", TEXTS, "patterns of folders not to look into"),
    Option("python_files", TEXTS, "patterns of files that hold tests"),
    *PYTEST_LIKE_OPTIONS,
)

_BY_KEY = {option.key: option for option in OPTIONS}


def default_of(key: str) -> object:
    """What the setting is where nobody decides it."""
    return Settings._field_defaults[key]


def check_values(values: Mapping[str, object], where: str, *, from_file: bool = False) -> dict[str, object]:
    """The values as Settings holds them; raises UsageError, which begins with `where`, for the first that cannot be."""
    return {key: _check_value(key, value, where, from_file) for key, value in values.items()}


def _check_value(key: str, value: object, where: str, from_file: bool) -> object:
    option = _BY_KEY.get(key)
    if option is None:
        hint = _ADDOPTS if key == "addopts" else nearest(key, _BY_KEY)
        raise UsageError(f"{where}: there is no setting {key!r}{hint}")
    if from_file and option.once:
        raise UsageError(f"{where}: {key!r} belongs to a single run: give it on the command line")
    try:
        return option.kind.check(value)
    except ValueError:
        raise UsageError(f"{where}: {key} is {value!r}, expected {option.kind.expected}") from None


_ADDOPTS = "; each option has a key of its own here, as `verbosity = 1` stands for -v"
_TELLING = 3
"""How many letters say something by being part of a name."""
_LIKE = 0.7
"""How like a name has to be, from 0 to 1: by difflib's own 0.6, `--no-such-option` is like `--no-looptime`."""


def nearest(word: str, words: Iterable[str]) -> str:
    """The sentence that names the nearest of the words, first of those that hold it; or nothing where none is near."""
    from difflib import get_close_matches

    words = list(words)
    bare = word.lstrip("-")
    holding = [each for each in words if bare in each] if len(bare) >= _TELLING else []
    close = get_close_matches(word, holding, n=1, cutoff=0.0) or get_close_matches(word, words, n=1, cutoff=_LIKE)
    return f"; did you mean {close[0]!r}?" if close else ""
