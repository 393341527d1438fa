"""What the user wishes by a second Ctrl-C: noted at once, and heeded when nothing is half done."""

from rustest.model.events import Interrupted
from rustest.model.report import ExitStatus
from rustest.run.stops.emergency import EmergencyExit


class Wishes:
    """What was wished since the run was asked to end."""

    def __init__(self, way_out: EmergencyExit) -> None:
        self.way_out = way_out
        self.leave: Interrupted | None = None
        """What the run is to leave for without waiting for teardowns."""

    def take(self, ending: Interrupted) -> None:
        """Hear of the second Ctrl-C."""
        self.leave = ending

    def leave_now(self, status: ExitStatus) -> None:
        """Heed the third one at once."""
        self.way_out.leave_now(status)
