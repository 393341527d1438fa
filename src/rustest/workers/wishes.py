"""What the user wishes by Ctrl-C: noted at once, and heeded when nothing is half done."""

from types import FrameType

from rustest.model.report import ExitStatus
from rustest.run.stops.emergency import EmergencyExit


class Wishes:
    """What was wished since the run began."""

    def __init__(self, way_out: EmergencyExit) -> None:
        self.way_out = way_out
        self.end = False
        """Whether the run is to end."""
        self.leave = False
        """Whether it is not even to wait for teardowns."""

    def note_end(self, frame: FrameType | None, is_held: bool) -> None:
        """Hear of the first Ctrl-C."""
        self.end = True

    def take(self) -> None:
        """Hear of the second one."""
        self.leave = True

    def leave_now(self, status: ExitStatus) -> None:
        """Heed the third one at once."""
        self.way_out.leave_now(status)
