"""One test in flight: an attempt on its loop, from take-off to landing."""

from collections.abc import Callable, Coroutine
from contextlib import suppress

from rustest.model.failure import Frame
from rustest.model.hints import Any
from rustest.model.outcome import Outcome
from rustest.run.attempt import Attempt
from rustest.run.closing import Done
from rustest.run.driver import TaskDriver, do_nothing
from rustest.run.tenant import TENANT

Landed = Callable[["Flight"], None]
CloseOwn = Callable[[bool, Done], None]


class Flight:
    """Takes an attempt through its loop, and hears when it is over, cannot be ended, or has lost its loop."""

    is_stuck = False
    """Whether it had to be given up."""
    _is_over = False

    def __init__(self, attempt: Attempt, driver: TaskDriver, landed: Landed, close: CloseOwn | None = None) -> None:
        self.attempt = attempt
        self.driver = driver
        self.close = close
        """Closes what it has for itself to live on; told whether it is stuck there. None where it has nothing."""
        self._landed = landed
        self._coroutine: Coroutine[Any, Any, None] = attempt.run()
        driver.give_up = self._give_up
        driver.come_down = self._come_down

    def take_off(self) -> None:
        """Begin, between steps: the sync fixtures that come first are set up at once."""
        self.driver.context.run(TENANT.set, self.attempt)
        try:
            self.driver.context.run(self._coroutine.send, None)
        except StopIteration:
            self._land()
        else:
            self._go_on_in_task()

    def _go_on_in_task(self) -> None:
        self.driver.go_on(self._coroutine, self.attempt.name, self._task_ended)

    def _task_ended(self, error: BaseException | None) -> None:
        if error is not None:  # the attempt takes what its parts raise; this is what is left
            self.attempt.escaped(error)
        self._land()

    def _give_up(self) -> None:
        if self._is_over:
            return
        self.is_stuck = True
        self.attempt.give_up()
        self._coroutine = self.attempt.tear_down_async()
        self._go_on_in_task()

    def _come_down(self) -> None:
        """Land without a loop; what still waits there is closed now, and not some day by the garbage collector."""
        self._land()
        self.driver.forsake()
        with suppress(RuntimeError):  # its code goes on waiting as it is closed
            self.driver.context.run(self._coroutine.close)

    def _land(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.driver.inside = False
        self.driver.give_up = self.driver.come_down = do_nothing
        self._landed(self)

    def where(self) -> tuple[Frame, ...]:
        """Where the test waits, outermost first: in its own code, or else in the fixture that it waits for."""
        elsewhere = self.attempt.elsewhere
        own, _ = self.driver.where()
        return own or (elsewhere()[0] if elsewhere is not None else ())

    def judge(self) -> Outcome:
        """Do the sync teardowns that are left, and say how the test went."""
        return self.driver.context.run(self.attempt.finish)
