"""`pytester`: small projects on which tests of pytest's plugins run pytest itself, in a process of its own.

Such tests are about pytest with a plugin in it, so nothing but pytest will do. In pytest they mostly run it in their
own process, which here is rustest's; what they could see inside of that is not there.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any, NoReturn

from rustest.authoring.fixture import fixture
from rustest.builtin_fixtures.monkeypatch import MonkeyPatch
from rustest.builtin_fixtures.temp_folders import TempPathFactory
from rustest.compat.plugins.run_result import RunResult
from rustest.model.errors import Failed
from rustest.model.local_path import LocalPath

Content = str | bytes | Sequence[str]
StrPath = str | os.PathLike[str]
_SET = {"PY_COLORS": "0"}
_UNSET = ("PYTEST_ADDOPTS", "TOX_ENV_DIR")
_NO_PYTEST = "No module named pytest"


class Pytester:
    """Writes a project into a folder of its own, which is the current one, and runs pytest there."""

    def __init__(self, name: str, folder: Path, base: Path, monkeypatch: MonkeyPatch) -> None:
        self.path = folder
        self.plugins: list[str] = []
        """The names of plugins that pytest is to load."""
        self._name = name
        self._base = base
        self._monkeypatch = monkeypatch
        self.chdir()
        for variable, value in {**_SET, "HOME": str(folder), "USERPROFILE": str(folder)}.items():
            monkeypatch.setenv(variable, value)
        for variable in _UNSET:
            monkeypatch.delenv(variable, raising=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self.path)!r}>"

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"pytester.{name} is not there: here pytest runs in a process of its own, and what it prints is all that "
            "can be seen of it; run this test with pytest"
        )

    # --- writing --------------------------------------------------------------------------------------------

    def makefile(self, ext: str, *args: Content, **kwargs: Content) -> Any:
        """Write files: by name, or one that is named like the test, of lines; gives the first one."""
        files = {**({self._name: "\n".join(map(_text, args))} if args else {}), **kwargs}
        paths = [self._write(self.path / f"{name}{ext}", content) for name, content in files.items()]
        return self._given(paths[0])

    def makepyfile(self, *args: Content, **kwargs: Content) -> Any:
        """Write Python files."""
        return self.makefile(".py", *args, **kwargs)

    def maketxtfile(self, *args: Content, **kwargs: Content) -> Any:
        """Write text files."""
        return self.makefile(".txt", *args, **kwargs)

    def makeconftest(self, source: Content) -> Any:
        """Write a conftest.py."""
        return self.makepyfile(conftest=source)

    def makeini(self, source: Content) -> Any:
        """Write a tox.ini."""
        return self.makefile(".ini", tox=source)

    def maketoml(self, source: Content) -> Any:
        """Write a pytest.toml."""
        return self.makefile(".toml", pytest=source)

    def makepyprojecttoml(self, source: Content) -> Any:
        """Write a pyproject.toml."""
        return self.makefile(".toml", pyproject=source)

    def mkdir(self, name: StrPath) -> Any:
        """Make a folder."""
        folder = self.path / name
        folder.mkdir()
        return self._given(folder)

    def mkpydir(self, name: StrPath) -> Any:
        """Make a package."""
        folder = self.mkdir(name)
        Path(folder, "__init__.py").touch()
        return folder

    def _write(self, path: Path, content: Content) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(_text(content)).strip(), encoding="utf-8")
        return path

    def _given(self, path: Path) -> Any:
        """The path, as tests get it."""
        return path

    # --- running --------------------------------------------------------------------------------------------

    def runpytest(self, *args: StrPath, syspathinsert: bool = False, timeout: float | None = None) -> RunResult:
        """Run pytest with these words, in a process of its own; raises Failed where pytest is not installed."""
        if syspathinsert:
            self.syspathinsert()
        plugins = [word for name in self.plugins for word in ("-p", name)]
        command = (sys.executable, "-P", "-m", "pytest", f"--basetemp={self._base}", *plugins)
        result = self.run(*command, *args, timeout=timeout)
        if _NO_PYTEST in str(result.stderr):
            raise Failed("tests of pytest's plugins run pytest itself, and it is not installed")
        return result

    runpytest_subprocess = runpytest_inprocess = runpytest

    def runpython(self, script: StrPath) -> RunResult:
        """Run Python on a file."""
        return self.run(sys.executable, script)

    def runpython_c(self, command: str) -> RunResult:
        """Run Python on a text."""
        return self.run(sys.executable, "-c", command)

    def run(self, *cmdargs: StrPath, timeout: float | None = None, stdin: bytes = b"") -> RunResult:
        """Run a command, and print what it prints."""
        began = time.monotonic()
        command = [os.fspath(word) for word in cmdargs]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(  # noqa: S603 -- the test's own words
            command, input=stdin, capture_output=True, check=False, env=environment, timeout=timeout
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        sys.stdout.write(out)
        sys.stderr.write(err)
        return RunResult(done.returncode, out.splitlines(), err.splitlines(), time.monotonic() - began)

    def chdir(self) -> None:
        """Make its folder the current one."""
        self._monkeypatch.chdir(self.path)

    def syspathinsert(self, path: StrPath | None = None) -> None:
        """Have Python find modules in its folder, or in another one."""
        self._monkeypatch.syspath_prepend(str(self.path if path is None else path))


class Testdir(Pytester):
    """The same with paths of the older kind."""

    __test__ = False

    @property
    def tmpdir(self) -> LocalPath:
        """The project's folder."""
        return LocalPath(self.path)

    def _given(self, path: Path) -> LocalPath:
        return LocalPath(path)


def _text(content: Content) -> str:
    if isinstance(content, bytes):
        return content.decode()
    return content if isinstance(content, str) else "\n".join(content)


def _make(kind: Callable[..., Pytester], request: Any, factory: TempPathFactory, patch: MonkeyPatch) -> Pytester:
    name = request.function.__name__
    return kind(name, factory.mktemp(name), factory.mktemp(f"base-{name}"), patch)


@fixture
def pytester(request: Any, tmp_path_factory: TempPathFactory, monkeypatch: MonkeyPatch) -> Pytester:
    """A project of the test's own on which it runs pytest."""
    return _make(Pytester, request, tmp_path_factory, monkeypatch)


@fixture
def testdir(request: Any, tmp_path_factory: TempPathFactory, monkeypatch: MonkeyPatch) -> Pytester:
    """The same, as it was before."""
    return _make(Testdir, request, tmp_path_factory, monkeypatch)
