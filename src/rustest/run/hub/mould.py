"""The mould: asyncio makes one loop, and all others are copies of it, at a small part of the price.

asyncio's constructor asks for the clock's resolution and the environment, and makes collections that hardly any test
uses. What it has left in that one loop is the same in every other: values that nobody changes in place, and
collections, empty each time. What is costly to make is left out, and made when something asks for it.
"""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import os
from collections import deque
from collections.abc import Callable, Mapping
from types import NoneType

from rustest.model.hints import TYPE_CHECKING, cast
from rustest.run.hub.loop import MADE_LATER, HubLoop

if TYPE_CHECKING:
    from rustest.run.hub.hub import Hub

_COLLECTIONS: tuple[Callable[[], object], ...] = (deque, list, dict, set)
_VALUES = (NoneType, bool, int, float, str)
_ENVIRONMENT = cast("Mapping[object, object]", vars(os.environ)["_data"])
_DEBUG = os.environ.encodekey("PYTHONASYNCIODEBUG")


class Mould:
    """Makes the loops of one hub."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._debugged = _ENVIRONMENT.get(_DEBUG)
        model = HubLoop(hub)
        self._kept = {name: value for name, value in vars(model).items() if name not in MADE_LATER}
        self._collections = [(name, kind) for name, value in self._kept.items() if (kind := _kind_of(value))]
        self._fits = all(map(self._is_known, self._kept.values()))
        model.close()

    def _is_known(self, value: object) -> bool:
        return type(value) in _VALUES or _kind_of(value) is not None or value is self._hub or value is self._hub.waker

    def make(self) -> HubLoop:
        """A new loop; by asyncio's constructor where that has left something unknown, or might decide otherwise now."""
        if not self._fits or _ENVIRONMENT.get(_DEBUG) is not self._debugged:
            return HubLoop(self._hub)
        loop = HubLoop.__new__(HubLoop)
        loop.__dict__ = made = self._kept.copy()
        for name, kind in self._collections:
            made[name] = kind()
        return loop


def _kind_of(value: object) -> Callable[[], object] | None:
    """What makes an empty collection of that kind; None for what is none of those that loops have."""
    return next((kind for kind in _COLLECTIONS if kind is type(value)), None)
