"""Settings: everything that the command line, pyproject.toml or a caller of `rustest.run` can decide."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from rustest.model.cache_folder import CACHE_FOLDER
from rustest.model.choices import (
    AsyncioMode,
    Capture,
    Color,
    EmptyParameters,
    ImportMode,
    Listing,
    PytestCompat,
    Shard,
    SharedFixtures,
    ShowCapture,
    Traceback,
    WorkerStart,
)
from rustest.model.hints import TYPE_CHECKING
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.model.strictness import Strictness

if TYPE_CHECKING:
    from rustest.model.pytest_settings import PytestSettings


class Settings(NamedTuple):
    """One run's settings; times are in seconds, paths below `rootdir` use forward slashes."""

    rootdir: str = "."
    """The absolute path of the folder that node ids start from."""
    paths: tuple[str, ...] = ()
    """Files, folders and node ids to run, as given; none means `testpaths`, and without those the current folder."""
    testpaths: tuple[str, ...] = ()
    pythonpath: tuple[str, ...] = ()
    """Folders below the root folder to put in front of `sys.path`."""
    norecursedirs: tuple[str, ...] = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    python_classes: tuple[str, ...] = ("Test",)
    """Beginnings, or patterns, of the names of classes that hold tests."""
    python_functions: tuple[str, ...] = ("test",)
    """Beginnings, or patterns, of the names of functions and methods that are tests."""
    doctest_modules: bool = False
    """Whether the examples in the docstrings of all Python files are tests, too."""
    doctest_glob: tuple[str, ...] = ("test*.txt",)
    """Patterns of text files whose examples are tests."""
    doctest_optionflags: tuple[str, ...] = ("ELLIPSIS",)
    collect_imported_tests: bool = True
    """Whether tests that a file has imported count as its own."""
    import_mode: ImportMode = ImportMode.APART
    consider_namespace_packages: bool = False
    """Whether folders without `__init__.py` may be part of the name under which a file is imported."""
    noconftest: bool = False
    confcutdir: str | None = None
    """The folder above which no conftest counts; None stands for `rootdir`."""
    markers: tuple[str, ...] = ()
    """The marks that tests may have, beside those that rustest knows: `name: what it says`."""
    strict_markers: bool = False
    """Whether any other mark is an error."""
    usefixtures: tuple[str, ...] = ()
    """Fixtures that each test uses."""
    empty_parameter_set_mark: EmptyParameters = EmptyParameters.SKIP
    pytest_compat: PytestCompat = PytestCompat.AUTO
    pytest: "PytestSettings | None" = None
    """What pytest's own files and options say; None where they do not count."""
    asyncio_mode: AsyncioMode = AsyncioMode.AUTO
    asyncio_default_test_loop_scope: Scope = Scope.FUNCTION
    """The `loop_scope` of tests that name none."""
    asyncio_default_fixture_loop_scope: Scope | None = None
    """The `loop_scope` of async fixtures that name none; None leaves it to their own scope."""
    asyncio_debug: bool = False
    """Whether loops run in asyncio's debug mode, where no mark says otherwise."""
    loop_factory: str | Callable[[], object] | None = None
    """What makes the loops, where no mark says otherwise: a function, or `package.module:function`."""
    shared_state: tuple[str, ...] = ()
    """Dotted names of what tests share unseen, whose users are alone; with `!` in front, of what they do not share."""
    workers: int | None = None
    """How many processes share the run; 0 runs it in this one, and so does None, where nobody has decided."""
    worker_start: WorkerStart = WorkerStart.AUTO
    dask: str | None = None
    """The address of the scheduler of a Dask cluster, whose machines run the workers."""
    shard: Shard | None = None
    """Which part of the suite to run; None runs all."""
    durations_from: str | None = None
    """The file, below `rootdir` where it is relative, that says how long tests took elsewhere."""
    durations_to: str | None = None
    shared_fixtures: SharedFixtures | None = None
    """Whether the users of a shared fixture may overlap; None lets them, unless the suite is pytest's."""
    concurrency: int = 100
    timeout: float | None = None
    timeout_grace: float = 1.0
    """How long a cancelled test may take to end before the next rung of the ladder."""
    sigterm_grace: float = 5.0
    """How long teardowns may take after SIGTERM before the process is left with what has been told."""
    slow_callback: float = 0.1
    """How long a step of an async test may hold the loop before it is told; 0 tells of none."""
    block_limit: float | None = None
    """How long it may before the test fails."""
    retries: int = 0
    """How often a test that fails is tried again, where no mark says otherwise."""
    fail_flaky: bool = False
    """Whether a test that passes on a later attempt is a failure."""
    repeat: int = 1
    """How many copies of each test there are."""
    stress: int = 0
    """How many copies of each test overlap, whatever they hand to each other; 0 for a usual run."""
    until_fail: int | None = None
    """How many rounds to run unless one fails; 0 is no bound, None is one round and no more."""
    xfail_strict: bool = False
    runxfail: bool = False
    """Whether xfail marks count for nothing."""
    log_level: str | None = None
    """The level from which on log records are kept; None leaves it to the loggers."""
    strict: Mapping[str, Strictness] = MappingProxyType({})
    """What is not as usual of the checks of `model/strictness.py`, by their names."""
    keyword: str = ""
    """The expression of `-k`."""
    markexpr: str = ""
    """The expression of `-m`."""
    lf: bool = False
    """Run only what failed last time."""
    lf_or_nothing: bool = False
    ff: bool = False
    """Run what failed last time first."""
    nf: bool = False
    """Run what was not there last time first."""
    sw: bool = False
    """Stop at a failure, and go on from there next time."""
    deselect: tuple[str, ...] = ()
    """Node ids, or beginnings of such, to leave out."""
    ignore: tuple[str, ...] = ()
    """Files and folders, below `rootdir` where they are relative, or patterns of such, to leave out."""
    randomize: int | None = None
    """The seed of a shuffled order; 0 has one picked, None keeps the order of the files."""
    cache_dir: str = CACHE_FOLDER
    """The folder, below `rootdir`, in which runs leave what the next ones need; empty where nothing is remembered."""
    cache_clear: bool = False
    """Whether to forget what is in it first."""
    pdb: bool = False
    pdbcls: str | Callable[[], object] | None = None
    """The class of the debugger, `package.module:Class`; None stands for pdb's own."""
    tb: Traceback = Traceback.AUTO
    showlocals: bool = False
    full_trace: bool = False
    """Whether failures show the frames of rustest and asyncio."""
    show_capture: ShowCapture = ShowCapture.ALL
    report_chars: str = ""
    """The letters of what the ending lists, as pytest's `-r` has them; empty leaves it to the verbosity."""
    no_header: bool = False
    no_summary: bool = False
    disable_warnings: bool = False
    max_warnings: int | None = None
    """How many warnings a run may have that is else green; None for any number."""
    assert_packages: tuple[str, ...] = ()
    """Packages whose asserts are rewritten as those of test files are."""
    capture: Capture = Capture.SYS
    filterwarnings: tuple[str, ...] = ()
    """Warning filters as Python's `-W` has them; the last that matches a warning wins."""
    color: Color = Color.AUTO
    durations: int = 0
    """How many of the slowest tests to list."""
    durations_min: float = 0.0
    """How long a test must have taken to be listed."""
    report_jsonl: str | None = None
    llm: bool = False
    """Whether to print only failures, as lines of JSON."""
    maxfail: int = 0
    """Stop after so many failures; 0 never stops."""
    max_reruns: int = 20
    """How many tests that failed beside others may fail again alone before no more are run again; 0 runs none."""
    strict_overlap: bool = False
    """Whether a test fails that passes only when it is alone."""
    verbosity: int = 0
    junit_xml: str | None = None
    junit_prefix: str = ""
    """What class names begin with in it."""
    basetemp: str | None = None
    """The base folder of temporary folders, emptied first; None stands for a new one of this run's own."""
    cov: tuple[str, ...] = ()
    """Folders and packages whose coverage is measured; an empty text stands for what coverage.py's settings name."""
    cov_report: tuple[str, ...] = ("term",)
    """How coverage is reported: the kind, and after a colon where to."""
    cov_config: str = ""
    """The file of coverage.py's settings; where it is empty, coverage.py looks for one."""
    cov_branch: bool = False
    cov_fail_under: float | None = None
    """The percentage below which the run fails; None leaves it to coverage.py's settings."""
    cov_append: bool = False
    no_cov: bool = False
    """Whether nothing is measured, whatever `cov` says."""
    tmp_path_retention_count: int = 3
    """How many runs' temporary folders are kept."""
    setup_show: bool = False
    """Whether reporters are told of each set-up and teardown of a fixture."""
    setup_only: bool = False
    setup_plan: bool = False
    explain: str | None = None
    """The node id of a test of which to print all that is planned, and run nothing."""
    isolate: str | None = None
    """The node id of a test to run alone, and then beside each of its neighbours."""
    cache_show: str | None = None
    listing: Listing | None = None
    """What to print and run nothing; None runs the tests."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether fixtures are set up, or only told, and no test is run."""
        return self.setup_only or self.setup_plan

    @property
    def keeps_users_in_order(self) -> bool:
        """Whether tests that share a fixture run one after another, in the order of the files."""
        if self.shared_fixtures is None:
            return self.pytest_compat is PytestCompat.ON
        return self.shared_fixtures is SharedFixtures.ORDERED
