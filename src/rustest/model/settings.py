"""Settings: everything that the command line, pyproject.toml or a caller of `rustest.run` can decide."""

import enum
from typing import NamedTuple


class AsyncioMode(enum.Enum):
    """Which `async def` tests are async tests: all of them, or only those with the mark."""

    AUTO = "auto"
    STRICT = "strict"


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
    asyncio_mode: AsyncioMode = AsyncioMode.AUTO
    concurrency: int = 100
    timeout: float | None = None
    timeout_grace: float = 1.0
    """How long a cancelled test may take to end before the next rung of the ladder."""
    xfail_strict: bool = False
    keyword: str = ""
    """The expression of `-k`."""
    markexpr: str = ""
    """The expression of `-m`."""
    maxfail: int = 0
    """Stop after so many failures; 0 never stops."""
    verbosity: int = 0
    junit_xml: str | None = None
    plan: bool = False
    """Print the plan and run nothing."""
