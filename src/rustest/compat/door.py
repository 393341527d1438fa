"""The pytest door: while it is there, `import pytest` finds rustest's own answers, whatever is installed.

Nothing is loaded for it before somebody imports one of the names.
"""

import os
import sys
from _frozen_importlib_external import PathFinder  # importlib.machinery has it too
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType

from rustest.model.choices import PytestCompat
from rustest.model.plan import Plan
from rustest.model.settings import Settings
from rustest.model.strictness import CHECKS, Strictness

ROOTS = frozenset(("pytest", "_pytest", "pytest_asyncio", "py"))
"""The packages for which the door answers."""

_NOTE = "pytest's names, imported by {file}, are rustest's own here; --pytest-compat=off leaves them to pytest"
_BETWEEN = (os.path.dirname(__file__), "<frozen importlib", import_module.__code__.co_filename)
"""Where the frames between an import statement and the door are at home."""


class Door:
    """Finds pytest's modules, and knows whether the tests have asked for one."""

    def __init__(self, settings: Settings) -> None:
        self._rootdir = os.path.join(settings.rootdir, "")
        self._settings = settings
        self._opened_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the run is a pytest suite's: the settings say so, or one of its own files has imported pytest."""
        match self._settings.pytest_compat:
            case PytestCompat.ON:
                return True
            case PytestCompat.OFF:
                return False
            case PytestCompat.AUTO:
                return self._settings.pytest is not None or self._opened_by is not None

    def noted(self, plan: Plan) -> Plan:
        """The plan, which says so where the tests have opened the door by themselves."""
        return plan if self._opened_by is None else plan.noting(_NOTE.format(file=self._opened_by))

    def settle(self, settings: Settings) -> Settings:
        """The settings, which no longer leave open whether this is a pytest suite.

        What passes under pytest passes here: of what only rustest looks for, the run warns where nobody has decided.
        """
        if not self.is_open:
            return settings._replace(pytest_compat=PytestCompat.OFF)
        lenient = {check.name: Strictness.WARN for check in CHECKS if check.default is Strictness.ERROR}
        return settings._replace(pytest_compat=PytestCompat.ON, strict={**lenient, **settings.strict})

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module of pytest's; raises ModuleNotFoundError, with advice, for one that is not offered."""
        root = fullname.partition(".")[0]
        if root not in ROOTS or (root == "py" and _is_installed_apart()):
            return None
        from rustest.compat.names.modules import spec_of

        return spec_of(fullname, self._notice)

    def _notice(self) -> None:
        """Keep the name of the file that imports the first of pytest's modules, if it is one of the project's own."""
        if self._opened_by is None and self._settings.pytest_compat is PytestCompat.AUTO:
            file = _importing_file()
            if file.startswith(self._rootdir) and "site-packages" not in file:
                self._opened_by = file.removeprefix(self._rootdir)


def _is_installed_apart() -> bool:
    """Whether there is a `py` beside the one file that pytest brings along."""
    spec = PathFinder.find_spec("py")
    return spec is not None and spec.submodule_search_locations is not None


@contextmanager
def pytest_door(settings: Settings) -> Generator[Door]:
    """Answer imports of pytest while the block runs, and leave `sys.modules` as it was."""
    door = Door(settings)
    if settings.pytest_compat is PytestCompat.OFF:
        yield door
        return
    hidden = _take_out()
    sys.meta_path.insert(0, door)
    try:
        yield door
    finally:
        if door in sys.meta_path:
            sys.meta_path.remove(door)
        _take_out()
        sys.modules.update(hidden)


def _take_out() -> Mapping[str, ModuleType]:
    """Forget all modules by those names, and say which they were."""
    names = [name for name in sys.modules if name.partition(".")[0] in ROOTS]
    return {name: sys.modules.pop(name) for name in names}


def _importing_file() -> str:
    """The file whose import statement is running."""
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] # inspect takes long to import
    while frame and frame.f_code.co_filename.startswith(_BETWEEN):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""
