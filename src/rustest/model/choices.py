"""What settings choose between, and how a suite is cut: the kinds of values that are rustest's own."""

import enum

from rustest.model.record import NamedTuple


class AsyncioMode(enum.Enum):
    """Which `async def` tests are async tests: all of them, or only those with the mark."""

    AUTO = "auto"
    STRICT = "strict"


class Listing(enum.Enum):
    """What to print of a run in place of running it."""

    PLAN = "plan"
    FIXTURES = "fixtures"
    FIXTURES_PER_TEST = "fixtures-per-test"
    TESTS = "tests"
    TESTS_JSON = "tests-json"
    MARKS = "marks"


class Traceback(enum.Enum):
    """How failures are told; the names are those of pytest's `--tb`."""

    AUTO = "auto"
    SHORT = "short"
    LINE = "line"
    NATIVE = "native"
    NO = "no"


class Capture(enum.Enum):
    """What happens to the output of tests: it goes to the test's report, or straight where it goes."""

    SYS = "sys"
    """What Python code writes."""
    FD = "fd"
    """What child processes and code written in C print, too."""
    NO = "no"


class ShowCapture(enum.Enum):
    """Which of a failed test's output is shown beneath its failure."""

    ALL = "all"
    NO = "no"
    STDOUT = "stdout"
    STDERR = "stderr"
    LOG = "log"


class Color(enum.Enum):
    """Whether the output is coloured; `auto` looks at the terminal and at the environment."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


class WorkerStart(enum.Enum):
    """How workers come into being: forked from the process that has collected the tests, or each from scratch."""

    AUTO = "auto"
    """Forked, unless collecting has started threads."""
    FORK = "fork"
    SPAWN = "spawn"


class PytestCompat(enum.Enum):
    """When suites written for pytest find its names, settings and options: `auto` looks at what test files import."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class SharedFixtures(enum.Enum):
    """How the users of a fixture that outlives them stand to each other."""

    ORDERED = "ordered"
    OVERLAP = "overlap"


class ImportMode(enum.Enum):
    """How test files are imported; all but `apart` are pytest's."""

    APART = "apart"
    """From the first of `sys.path`; a second file of one name gets a name of its own."""
    PREPEND = "prepend"
    """From the first of `sys.path`; a second file of one name is an error."""
    APPEND = "append"
    """From the last of `sys.path`; a second file of one name is an error."""
    IMPORTLIB = "importlib"
    """`sys.path` stays as it is, and each file is called by its path."""


class EmptyParameters(enum.Enum):
    """What becomes of a test that is parametrized with no values at all."""

    SKIP = "skip"
    XFAIL = "xfail"
    FAIL_AT_COLLECT = "fail_at_collect"


class Shard(NamedTuple):
    """Which part of how many."""

    number: int
    """From 1 on."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """The shard of `2/5`; raises ValueError for anything else."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise ValueError(text)
    return Shard(int(number), int(of))
