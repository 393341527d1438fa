"""The modules that stand in for pytest's: made from the table, each name looked up when it is first asked for."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module  # now: when a name is asked for, a test may have patched it
from importlib.machinery import ModuleSpec
from opcode import opmap
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, assert_never

from rustest.compat.names.answers import Absent, Answer, Ours, Partial
from rustest.compat.names.pytest_names import MODULES

if TYPE_CHECKING:
    from importlib.abc import Loader
else:
    Loader = object  # the real one takes longer to import than all other modules of the door

_IMPORT_FROM = opmap["IMPORT_FROM"]
_PAGE = "docs/pytest-names.md lists what there is"


def spec_of(fullname: str, notice: Callable[[], None]) -> ModuleSpec:
    """The spec of the module of that name; raises ModuleNotFoundError, with advice, where the table has none.

    `notice` is called when it is imported.
    """
    names = MODULES.get(fullname)
    if names is None:
        raise ModuleNotFoundError(f"rustest has no {fullname!r} in place of pytest's; {_PAGE}", name=fullname)
    is_package = any(other.startswith(f"{fullname}.") for other in MODULES)
    return ModuleSpec(fullname, _Loader(names, notice), origin="rustest", is_package=is_package)


class _Loader(Loader):
    def __init__(self, names: Mapping[str, Answer], notice: Callable[[], None]) -> None:
        self._names = names
        self._notice = notice

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self._notice()
        return StandIn(spec.name, self._names)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: its names come when they are asked for."""


class StandIn(ModuleType):
    """A module of pytest's, answered from the table."""

    def __init__(self, name: str, names: Mapping[str, Answer]) -> None:
        super().__init__(name, f"rustest's own {name}: {_PAGE}.")
        self.__file__ = __file__  # which some suites read, for a path that is there
        self._rustest_names = names
        self.__all__ = [name for name, answer in names.items() if not isinstance(answer, Absent)]

    def __getattr__(self, name: str) -> object:
        """What the table has; raises AttributeError with its advice, ImportError where `from ... import` asks."""
        answer = self._rustest_names.get(name)
        if answer is None and f"{self.__name__}.{name}" in MODULES:
            return import_module(f"{self.__name__}.{name}")
        match answer:
            case Ours() | Partial():
                value = self.__dict__[name] = find(answer.target)
                return value
            case Absent(advice):
                problem = f"{self.__name__}.{name} is not there under rustest: {advice}"
            case None:
                problem = f"{self.__name__}.{name} is not known to rustest; {_PAGE}"
            case _:
                assert_never(answer)
        # After an AttributeError, `from x import y` makes a message of its own, and the advice would be lost.
        if _is_from_import(sys._getframe(1)):  # pyright: ignore[reportPrivateUsage]
            raise ImportError(problem, name=self.__name__)
        raise AttributeError(problem, name=name, obj=self)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self.__all__})


def find(target: str) -> object:
    """What stands at that place of the table."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name) if name else import_module(module)


def _is_from_import(frame: FrameType) -> bool:
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == _IMPORT_FROM
