"""Modules that asyncio brings along and few tests ever reach: they are loaded when somebody asks for one.

They are two fifths of what asyncio takes to load. Python 3.15 has `lazy import` for that; before it, asyncio and what
is loaded with it get a stand-in for each, and nobody else does: whoever imports one of them later gets the module
itself.
"""

import _thread
import sys
from importlib import import_module
from types import ModuleType

from rustest.model.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping
    from types import FrameType

    Load = Callable[[ModuleType], None]
    """Runs a module's code."""

_POSTPONED = ("asyncio.sslproto", "asyncio.staggered", "inspect", "linecache", "locale", "ssl", "traceback", "typing")
_PATCHED = ("socket", "create_connection")
"""What `ssl` takes from `socket` as it is loaded, and keeps, and what tests put fakes in the place of."""
_genuine: dict[str, object] = {}
_users: set[str] = set()
"""The modules that may have a stand-in."""


class StandIn(ModuleType):
    """A module that is not loaded yet, as long as nobody looks into it."""

    def __getattr__(self, name: str) -> object:
        """What the module has of that name; until it is loaded, no socket that asyncio asks about is one of its own."""
        if name == "SSLSocket" and self.__name__ not in sys.modules:
            return StandIn
        if name == "__path__":  # import asks, of whatever something is taken from, and none of these is a package
            raise AttributeError(name)
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


def load_asyncio(load: "Load", module: ModuleType, at_hand: "Container[str]") -> None:
    """Load asyncio with stand-ins for what is at hand when it is needed, but for what is there already.

    With threads that could meet them, it is loaded without any.
    """
    before = frozenset(sys.modules)
    names = () if _thread._count() else [name for name in _POSTPONED if name in at_hand and name not in before]  # pyright: ignore[reportPrivateUsage] -- for those that threading has not started, too
    stand_ins = {name: StandIn(name) for name in names}
    for name, stand_in in stand_ins.items():
        vars(stand_in).update(_AT_ONCE.get(name, {}))
    sys.modules.update(stand_ins)
    try:
        load(module)
    finally:
        _users.update(sys.modules.keys() - before)
        for stand_in in stand_ins.values():
            _withdraw(stand_in)
    _genuine.update((name, vars(sys.modules["socket"])[name]) for name in _PATCHED)


class _Optional:
    """What asyncio's hints take of `typing`, as Python itself writes it: `float | None`."""

    def __class_getitem__(cls, kind: type) -> object:
        return kind | None


def _final(cls: type) -> type:
    """Mark a class as `typing.final` does."""
    cls.__final__ = True  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    return cls


def _extract_stack(frame: "FrameType | None" = None, limit: int | None = None) -> object:
    """The stack of whoever asks, as asyncio notes it in debug mode where a task was made."""
    import traceback

    return traceback.extract_stack(frame or sys._getframe(1), limit)  # pyright: ignore[reportPrivateUsage] -- there is no other way


_AT_ONCE: "Mapping[str, Mapping[str, object]]" = {
    "typing": {"final": _final, "Optional": _Optional, "Type": type},
    "traceback": {"extract_stack": _extract_stack},
}
"""What asyncio takes of these modules while it is loaded."""


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
    """The module itself, which from now on stands wherever the stand-in did."""
    _withdraw(stand_in)
    module = import_module(stand_in.__name__)
    for name in _users & sys.modules.keys():
        user = sys.modules[name]
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
