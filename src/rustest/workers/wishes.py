"""What the user wishes by a second Ctrl-C: noted at once, and heeded when nothing is half done."""

from functools import partial
from types import FrameType

from rustest.model.events import Interrupted
from rustest.model.report import ExitStatus
from rustest.run.stops.emergency import EmergencyExit
from rustest.workers.survey import Survey


class Wishes:
    """What was wished since the run was asked to end."""

    def __init__(self, way_out: EmergencyExit, survey: Survey) -> None:
        self.way_out = way_out
        self._survey = survey
        self.leave: Interrupted | None = None
        """What the process is to be left for, without waiting for teardowns."""

    def take(self, ending: Interrupted) -> None:
        """Hear of the second Ctrl-C."""
        self.leave = ending

    def run_out(self, ending: Interrupted) -> None:
        """Hear that teardowns have taken too long, and have it told where they are before the process is left."""
        self._survey.afterwards = partial(self.way_out.run_out, ending)
        self._survey.ask(None)

    def fall(self, frame: FrameType) -> None:
        """Nothing: no test runs in the run's own process."""

    def leave_now(self, status: ExitStatus) -> None:
        """Heed the third one at once."""
        self.way_out.leave_now(status)
