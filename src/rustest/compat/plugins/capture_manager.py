"""`capturemanager`: what plugins ask to let output through that a run would take for its reports."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from rustest.output.owner import OWNER
from rustest.output.routing import current_routing


class CaptureManager:
    """Lets output go where it would go without rustest: that of the test which runs, or else the whole run's."""

    _global_capturing = None
    """As in pytest before it captures: plugins look here whether there is something to suspend."""

    def __init__(self) -> None:
        self._suspended = ExitStack()

    def suspend_global_capture(self, in_: bool = False) -> None:
        """Let output through until it is resumed; what is read from the keyboard comes through anyway."""
        self.resume_global_capture()
        self._suspended.enter_context(self.global_and_fixture_disabled())

    def resume_global_capture(self) -> None:
        """Have it kept again."""
        self._suspended.close()

    @contextmanager
    def global_and_fixture_disabled(self) -> Generator[None]:
        """Let it through, for the time of the block."""
        owner = OWNER.get()
        if owner is not None:
            was_aside, owner.is_aside = owner.is_aside, True
            try:
                yield
            finally:
                owner.is_aside = was_aside
        else:
            with current_routing().put_aside():
                yield

    global_disabled = global_and_fixture_disabled
