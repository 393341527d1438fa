"""Run tests inside this process and look at the `Report`: for tools, and for tests of tests.

    report = run_project(tmp_path, {"test_sum.py": "def test_sum(): assert 1 + 1 == 3"})
    assert report.ids(Verdict.FAILED) == ("test_sum.py::test_sum",)

One run at a time: `sys.path`, `sys.modules` and the current folder belong to the whole process. Each run leaves them
as it found them.
"""

import os
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TextIO

from rustest.cli.options import check_values
from rustest.cli.settings import make_settings
from rustest.model.errors import UsageError
from rustest.model.failure import HOME
from rustest.model.outcome import Verdict
from rustest.model.plan import Plan
from rustest.model.report import Report
from rustest.model.settings import Settings
from rustest.planning import plan_session
from rustest.report.fanout import NamedReporter
from rustest.session import run_session

__all__ = ["Report", "UsageError", "Verdict", "plan", "plan_project", "run", "run_project", "write_project"]

StrPath = str | os.PathLike[str]


def run(
    *paths: StrPath, stream: TextIO | None = None, reporters: Sequence[NamedReporter] = (), **settings: object
) -> Report:
    """Run the tests of these files, folders and node ids, of the current folder where there are none.

    The settings are those of docs/settings.md, by key. `stream` takes what the command would print; without it,
    nothing is printed. `reporters` are told every event. Raises UsageError for settings and paths that cannot be.
    """
    return _run(_settle(paths, settings), stream, reporters)


def plan(*paths: StrPath, **settings: object) -> Plan:
    """What `run` would do with the same arguments; the test files are imported, and no test runs."""
    return _plan(_settle(paths, settings))


def run_project(
    folder: StrPath, files: Mapping[str, str], *, stream: TextIO | None = None, **settings: object
) -> Report:
    """Write the files into the folder, make it the root folder, and run its tests as `run` does."""
    write_project(folder, files)
    return _run(_settle([folder], {"rootdir": os.fspath(folder), **settings}), stream, ())


def plan_project(folder: StrPath, files: Mapping[str, str], **settings: object) -> Plan:
    """Write the files into the folder, make it the root folder, and plan its run."""
    write_project(folder, files)
    return _plan(_settle([folder], {"rootdir": os.fspath(folder), **settings}))


def write_project(folder: StrPath, files: Mapping[str, str]) -> None:
    """Write the sources, dedented, by their paths below the folder; missing folders are made."""
    from importlib import invalidate_caches
    from textwrap import dedent

    for name, source in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(dedent(source))
    invalidate_caches()


def _settle(paths: Sequence[StrPath], settings: Mapping[str, object]) -> Settings:
    given = {"paths": [os.fspath(path) for path in paths], **settings}
    return make_settings(check_values(given, "rustest.run"))


def _run(settings: Settings, stream: TextIO | None, reporters: Sequence[NamedReporter]) -> Report:
    with _leaving_no_trace(settings.rootdir):
        return run_session(settings, reporters, stream=stream)


def _plan(settings: Settings) -> Plan:
    with _leaving_no_trace(settings.rootdir):
        return plan_session(settings).plan


@contextmanager
def _leaving_no_trace(rootdir: str) -> Generator[None]:
    """Give back the process as it was: search path, current folder, and no module of the project more than before."""
    path, modules, folder, bytecode = sys.path[:], dict(sys.modules), os.getcwd(), sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # a file rewritten within a second, to the same length, would pass for the old one
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, bytecode
        os.chdir(folder)
        for name, module in list(sys.modules.items()):
            if modules.get(name) is not module and _belongs(module, rootdir):
                _restore(name, modules.get(name))


def _restore(name: str, module: ModuleType | None) -> None:
    if module is None:
        del sys.modules[name]
    else:
        sys.modules[name] = module


def _belongs(module: ModuleType, rootdir: str) -> bool:
    """Whether it is the project's own code, and not something installed in a virtual environment there, or rustest."""
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
    if not isinstance(file, str) or file.startswith(HOME):
        return False
    return file.startswith(os.path.join(rootdir, "")) and "site-packages" not in file
