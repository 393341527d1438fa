"""`config`, as hooks and plugins of pytest's know it."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from rustest.compat.names.types import Stash
from rustest.compat.settings.ini_kinds import IniKind, read_ini
from rustest.compat.settings.ini_table import KNOWN_INI
from rustest.compat.settings.option_names import pytest_options
from rustest.compat.settings.option_parser import IniOption, Parser
from rustest.model.local_path import LocalPath
from rustest.model.node import RunConfig
from rustest.model.pytest_settings import PytestSettings
from rustest.model.settings import Settings
from rustest.model.worker_names import Seat

_NOT_GIVEN = object()
_TEXTS = (IniKind.ARGS, IniKind.LINES, IniKind.PATHS)


class InvocationParams(NamedTuple):
    """How the command was called."""

    args: tuple[str, ...]
    plugins: tuple[object, ...]
    dir: Path


class Config(RunConfig):
    """Options and settings by pytest's names; `open_plugins` gives the registry of plugins, if it is asked."""

    def __init__(
        self, settings: Settings, pytest: PytestSettings, parser: Parser, open_plugins: Callable[[], Any]
    ) -> None:
        super().__init__(settings)
        self.option = SimpleNamespace()
        self.stash = Stash()
        self.invocation_params = InvocationParams(pytest.argv, (), Path(pytest.invocation_dir or os.getcwd()))
        self.args: list[str] = []
        self._pytest = pytest
        self._parser = parser
        self._open_plugins = open_plugins
        self._added: dict[str, list[str]] = {}
        self._cleanups: list[Callable[[], object]] = []
        self._store = self.stash
        self._workerinput: dict[str, object] | None = None
        self.asked_for_worker: set[str] = set()
        """The packages of those that have asked for `workerinput` where there was none."""
        self.settle(settings)

    def settle(self, settings: Settings) -> None:
        """Take the options as they are now that more of them are known."""
        self.settings, self._pytest = settings, settings.pytest or self._pytest
        self.args = list(settings.paths or settings.testpaths or (settings.rootdir,))
        values = {**pytest_options(settings), **self._parser.values(self._pytest.options)}
        for name, value in values.items():
            setattr(self.option, name, value)

    @property
    def pluginmanager(self) -> Any:
        """The registry of plugins."""
        return self._open_plugins()

    @property
    def hook(self) -> Any:
        """The hooks, to call them."""
        return self.pluginmanager.hook

    # --- places ---------------------------------------------------------------------------------------------

    @property
    def rootdir(self) -> LocalPath:
        """The root folder, as plugins older than pathlib know it."""
        return LocalPath(self.rootpath)

    @property
    def inipath(self) -> Path | None:
        """The file of pytest's settings."""
        return Path(self._pytest.file) if self._pytest.file else None

    @property
    def inifile(self) -> LocalPath | None:
        """The same, as plugins older than pathlib know it."""
        return None if self.inipath is None else LocalPath(self.inipath)

    @property
    def invocation_dir(self) -> LocalPath:
        """The folder in which the command was called, as they know it."""
        return LocalPath(self.invocation_params.dir)

    # --- options --------------------------------------------------------------------------------------------

    def getoption(self, name: str, default: Any = _NOT_GIVEN, skip: bool = False) -> Any:
        """The value of an option by its name or flag; raises ValueError for an unknown one, if there is no default.

        With `skip`, the test is skipped where it has no value.
        """
        known = self._parser.destinations.get(name) or name.lstrip("-").replace("-", "_")
        if known in self._parser.destinations and not hasattr(self.option, known):
            self._take_defaults()
        value: Any = getattr(self.option, known, _NOT_GIVEN)
        if value is _NOT_GIVEN or (value is None and skip):
            if default is not _NOT_GIVEN:
                return default
            if skip:
                from rustest.authoring.outcomes import skip as skip_test

                skip_test(f"no {name!r} option found")
            return super().getoption(name)
        return value

    def _take_defaults(self) -> None:
        """Take in options of conftest files that came after the command line was read: nobody can have given them."""
        for name, value in self._parser.defaults().items():
            if not hasattr(self.option, name):
                setattr(self.option, name, value)

    getvalue = getoption

    def getvalueorskip(self, name: str) -> Any:
        """The value of an option; the test is skipped where it has none."""
        return self.getoption(name, skip=True)

    def getini(self, name: str) -> Any:
        """The value of one of pytest's settings, or of one that a plugin has declared; raises ValueError for others."""
        option = self._parser.ini.get(name) or _known(name)
        if option is None:
            raise ValueError(f"unknown configuration value: {name!r}")
        value = self._pytest.ini.get(option.name) or self._pytest.ini.get(name)
        if value is None:
            read: Any = option.default
        else:
            read = read_ini(name, value, option.kind, os.path.dirname(self._pytest.file or "") or os.getcwd())
        if option.kind is IniKind.PATHS and isinstance(read, list):
            read = list(map(Path, cast("list[str]", read)))
        return [*(read or ()), *self._added.get(name, ())] if option.kind in _TEXTS else read

    _getini = getini

    def addinivalue_line(self, name: str, line: str) -> None:
        """Add a line to one of pytest's settings that is a list."""
        self._added.setdefault(name, []).append(line)

    def added(self) -> Mapping[str, list[str]]:
        """The lines that hooks have added, by setting."""
        return self._added

    def get_verbosity(self, verbosity_type: str | None = None) -> int:
        """How much is to be printed."""
        return self.settings.verbosity

    @property
    def known_args_namespace(self) -> SimpleNamespace:
        """The options."""
        return self.option

    # --- the run --------------------------------------------------------------------------------------------

    @property
    def cache(self) -> Any:
        """What runs leave for the next ones."""
        from rustest.builtin_fixtures.cache import Cache
        from rustest.model.cache_folder import CACHE_FOLDER

        return Cache(self.rootpath / (self.settings.cache_dir or CACHE_FOLDER))

    @property
    def workerinput(self) -> dict[str, object]:
        """What a worker is told; without one, AttributeError: so plugins of pytest-xdist's time ask where they are."""
        if self._workerinput is None:
            asking: str = sys._getframe(1).f_globals.get("__name__", "")  # pyright: ignore[reportPrivateUsage]
            self.asked_for_worker.add(asking.partition(".")[0])
            raise AttributeError("workerinput")
        return self._workerinput

    def enter_worker(self, seat: Seat) -> None:
        """Be the configuration of a worker from now on."""
        argv = [*self.invocation_params.args]
        self._workerinput = {"workerid": seat.name, "workercount": seat.workers, "mainargv": argv}
        self.workeroutput: dict[str, object] = {}

    def add_cleanup(self, call: Callable[[], object]) -> None:
        """Make a call when the run has ended, the latest first."""
        self._cleanups.append(call)

    def clean_up(self) -> None:
        """Make those calls."""
        while self._cleanups:
            self._cleanups.pop()()

    def issue_config_time_warning(self, warning: Warning, stacklevel: int) -> None:
        """Warn of something before the first test."""
        import warnings

        warnings.warn(warning, stacklevel=stacklevel)


def _known(name: str) -> IniOption | None:
    row = next((row for row in KNOWN_INI if row.name == name), None)
    if row is None:
        return None
    empty: object = [] if row.kind in _TEXTS else {IniKind.TEXT: "", IniKind.BOOL: False}.get(row.kind)
    return IniOption(name, row.kind, empty)
