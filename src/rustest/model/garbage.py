"""Python's garbage collector, kept from looking again and again at what is there for the whole run."""

import gc


class GarbageHeld:
    """A context that begins with no collecting, while much is made that is to stay, and passes over that later."""

    def __enter__(self) -> "GarbageHeld":
        self._was_on = gc.isenabled()
        gc.disable()
        return self

    def let_go(self) -> None:
        """Collect from now on what is made from now on."""
        gc.freeze()
        if self._was_on:
            gc.enable()

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        if self._was_on:
            gc.enable()
