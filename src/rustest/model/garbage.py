"""Python's garbage collector, kept from looking again and again at what is there for the whole run."""

import gc
import sys

_MAKERS = {"attr", "dataclasses"}
"""Modules that make classes anew."""
_PYTHONS_OWN = 700
_YOUNG = 2000
"""How many young objects there are before they are looked through; Python 3.13 begins with as many."""


class GarbageHeld:
    """A context that begins with no collecting, while much is made that is to stay, and passes over that later."""

    def __enter__(self) -> "GarbageHeld":
        self._was_on = gc.isenabled()
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.freeze()
        return self

    def sweep(self) -> None:
        """Collect what has become garbage since the beginning, where it may be of a kind that the user would find.

        Of a class that is made anew with slots, the first one would stay among its base's subclasses.
        """
        if not _MAKERS.isdisjoint(sys.modules):
            gc.collect()

    def let_go(self) -> None:
        """Collect from now on what is made from now on."""
        gc.freeze()
        young, *older = self._thresholds
        if young == _PYTHONS_OWN:  # nobody has chosen another number
            gc.set_threshold(_YOUNG, *older)
        if self._was_on:
            gc.enable()

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        if self._was_on:
            gc.enable()
