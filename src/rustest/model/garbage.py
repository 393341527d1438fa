"""Python's garbage collector, kept from looking again and again at what is there for the whole run."""

import gc

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
        """Collect what has become garbage since the beginning, where code of somebody else's was run: or it would stay.

        A class that was made anew with slots, for one, would have both of them among its base's subclasses.
        """
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
