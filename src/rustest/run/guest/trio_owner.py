"""The task of trio in which an async fixture of a wider scope lives, from its set-up to its teardown."""

from functools import partial

import trio

from rustest.model.frames import Waiting
from rustest.run.driver import Ended, Life
from rustest.run.guest.trio_driver import TrioDriver
from rustest.run.tenant import Tenant


class TrioOwner:
    """Runs a fixture's life in the run of its users."""

    def __init__(self, tenant: Tenant, life: Life, driver: TrioDriver, died: Ended) -> None:
        self._driver = driver
        self._died = died
        self._ended: Ended | None = None
        self._is_over = False
        self._release = trio.Event()
        driver.inside, driver.give_up = True, partial(self._end, None)
        driver.go_on(life(driver, self._release), tenant.name, self._end)

    def where(self) -> Waiting:
        """Where it waits, and all other tasks of the fixture."""
        return self._driver.where()

    def cancel(self) -> None:
        """End a set-up that nobody waits for any more."""
        self._driver.cancel()

    def rest(self) -> None:
        """Do nothing: its run goes on."""

    def finish(self, ended: Ended) -> None:
        """Have the teardown run, and call back between steps with its error."""
        if self._is_over:
            ended(None)
        else:
            self._ended = ended
            self._driver.signal(self._release)

    def _end(self, error: BaseException | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._ended is None:
            self._died(error)
        else:
            self._ended(error)
