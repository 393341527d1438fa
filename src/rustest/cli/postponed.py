"""Modules that asyncio imports and few tests ever reach: they are loaded when somebody asks for one.

They are three tenths of what asyncio takes to load. Python 3.15 has `lazy import` for that; before it, asyncio gets a
stand-in for each, and only asyncio does: whoever else imports one of them gets the module itself.
"""

import _thread
import sys
from importlib import import_module
from types import ModuleType

from rustest.model.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Load = Callable[[ModuleType], None]
    """Runs a module's code."""

POSTPONED = ("ssl", "inspect", "asyncio.sslproto")
_PATCHED = ("socket", "create_connection")
"""What `ssl` takes from `socket` as it is loaded, and keeps, and what tests put fakes in the place of."""
_genuine: dict[str, object] = {}


class StandIn(ModuleType):
    """A module that is not loaded yet, as long as nobody looks into it."""

    def __getattr__(self, name: str) -> object:
        """What the module has of that name; until it is loaded, no socket that asyncio asks about is one of its own."""
        if name == "SSLSocket" and self.__name__ not in sys.modules:
            return StandIn
        return getattr(_load(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        """Change the module itself."""
        setattr(_load(self), name, value)

    def __delattr__(self, name: str) -> None:
        """Change the module itself."""
        delattr(_load(self), name)

    def __dir__(self) -> list[str]:
        """What the module has."""
        return dir(_load(self))


def load_asyncio(load: "Load", module: ModuleType) -> None:
    """Load asyncio with stand-ins, but for what is there already; with threads that could meet them, without any."""
    absent = () if _thread._count() else [name for name in POSTPONED if name not in sys.modules]  # pyright: ignore[reportPrivateUsage] -- for those that threading has not started, too
    stand_ins = {name: StandIn(name) for name in absent}
    sys.modules.update(stand_ins)
    try:
        load(module)
    finally:
        for stand_in in stand_ins.values():
            _withdraw(stand_in)
    _genuine.update((name, vars(sys.modules["socket"])[name]) for name in _PATCHED)


def load_ssl(load: "Load", module: ModuleType) -> None:
    """Load `ssl` on what `socket` held as asyncio was loaded: a fake there is some test's, for as long as that runs."""
    import socket

    replaced = {name: vars(socket)[name] for name in _genuine}
    _put(socket, _genuine)
    try:
        load(module)
    finally:
        _put(socket, replaced)


def _put(module: ModuleType, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(module, name, value)


def _load(stand_in: StandIn) -> ModuleType:
    """The module itself, which from now on stands wherever asyncio had the stand-in."""
    _withdraw(stand_in)
    module = import_module(stand_in.__name__)
    for name, user in tuple(sys.modules.items()):
        if name.partition(".")[0] == "asyncio":
            _put(user, {held: module for held, value in tuple(vars(user).items()) if value is stand_in})
    return module


def _withdraw(stand_in: StandIn) -> None:
    """Have the next import find the module itself; asyncio keeps a submodule as its own, which nobody need import."""
    name = stand_in.__name__
    if sys.modules.get(name) is stand_in:
        del sys.modules[name]
    package, _, submodule = name.rpartition(".")
    if package in sys.modules and submodule not in vars(sys.modules[package]):
        setattr(sys.modules[package], submodule, stand_in)
