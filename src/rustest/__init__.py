"""rustest: async tests overlap by default, each on an event loop of its own.

What test authors import stands here, and each name loads its module when it is first asked for.
"""

import sys
from types import ModuleType

TYPE_CHECKING = False  # type checkers take it for typing's, whose import costs more than all of this module
if TYPE_CHECKING:
    from rustest.authoring.approx import approx
    from rustest.authoring.exception_info import ExceptionInfo
    from rustest.authoring.fixture import fixture
    from rustest.authoring.importorskip import importorskip
    from rustest.authoring.mark import mark
    from rustest.authoring.outcomes import fail, skip, xfail
    from rustest.authoring.parametrize import param, parametrize
    from rustest.authoring.raises import RaisesExc, raises
    from rustest.authoring.raises_group import RaisesGroup
    from rustest.authoring.warnings_recorder import WarningsRecorder
    from rustest.authoring.warns import deprecated_call, warns
    from rustest.builtin_fixtures.cache import Cache
    from rustest.builtin_fixtures.capture import CaptureFixture
    from rustest.builtin_fixtures.logs import LogCaptureFixture
    from rustest.builtin_fixtures.monkeypatch import MonkeyPatch
    from rustest.builtin_fixtures.temp_folders import TempPathFactory
    from rustest.model.marks import HIDDEN_PARAM
    from rustest.testing import run

    __version__: str

__all__ = [
    "HIDDEN_PARAM",
    "Cache",
    "CaptureFixture",
    "ExceptionInfo",
    "LogCaptureFixture",
    "MonkeyPatch",
    "RaisesExc",
    "RaisesGroup",
    "TempPathFactory",
    "WarningsRecorder",
    "approx",
    "deprecated_call",
    "fail",
    "fixture",
    "importorskip",
    "mark",
    "param",
    "parametrize",
    "raises",
    "run",
    "skip",
    "warns",
    "xfail",
]

_MODULES = {
    "Cache": "rustest.builtin_fixtures.cache",
    "HIDDEN_PARAM": "rustest.model.marks",
    "CaptureFixture": "rustest.builtin_fixtures.capture",
    "ExceptionInfo": "rustest.authoring.exception_info",
    "LogCaptureFixture": "rustest.builtin_fixtures.logs",
    "MonkeyPatch": "rustest.builtin_fixtures.monkeypatch",
    "RaisesExc": "rustest.authoring.raises",
    "RaisesGroup": "rustest.authoring.raises_group",
    "TempPathFactory": "rustest.builtin_fixtures.temp_folders",
    "WarningsRecorder": "rustest.authoring.warnings_recorder",
    "approx": "rustest.authoring.approx",
    "deprecated_call": "rustest.authoring.warns",
    "fail": "rustest.authoring.outcomes",
    "fixture": "rustest.authoring.fixture",
    "importorskip": "rustest.authoring.importorskip",
    "mark": "rustest.authoring.mark",
    "param": "rustest.authoring.parametrize",
    "parametrize": "rustest.authoring.parametrize",
    "raises": "rustest.authoring.raises",
    "run": "rustest.testing",
    "skip": "rustest.authoring.outcomes",
    "warns": "rustest.authoring.warns",
    "xfail": "rustest.authoring.outcomes",
}


def __getattr__(name: str) -> object:
    # Not by importlib, which a test may have patched by now.
    if name == "__version__":
        value: object = __import__("importlib.metadata", fromlist=("version",)).version("rustest")
    elif name in _MODULES:
        value = getattr(__import__(_MODULES[name], fromlist=(name,)), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


class _Package(ModuleType):
    """rustest itself, whose `run` is the function, though the stage `rustest.run` is a package in it.

    On import, Python binds a package to its name in the one around it: here it would shadow the function.
    """

    @property
    def run(self) -> object:
        return __getattr__("run")

    @run.setter
    def run(self, stage: ModuleType) -> None:
        """Leave the name alone; `from rustest.run.x import y` finds the package all the same."""


sys.modules[__name__].__class__ = _Package
