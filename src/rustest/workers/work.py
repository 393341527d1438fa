"""What is the same for all workers of a run, and what a worker and the run tell each other."""

from rustest.model.plan import Lane, Plan
from rustest.model.properties import Property
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings
from rustest.output.routing import Routing


class Assignment(NamedTuple):
    """What a worker that collects and plans for itself must be told."""

    settings: Settings
    began: float
    """When the session did, by `time.monotonic`, which is the same in all processes of a machine."""
    run_began: float
    measures: str
    """The folder for what is measured of the coverage."""
    folder: str = ""
    """The current one of the run, for workers that do not inherit it."""


class Work(NamedTuple):
    """The run that workers share."""

    plan: Plan
    routing: Routing
    assignment: Assignment


class Stretch(NamedTuple):
    """Tests of one window, by their node ids."""

    lane: Lane
    title: str
    ids: tuple[str, ...]


class Task(NamedTuple):
    """Tells a worker what to run next."""

    stretches: tuple[Stretch, ...]
    forgone: tuple[str, ...] = ()
    """Tests that share fixtures with these, and that have run elsewhere."""


class Farewell(NamedTuple):
    """Tells the run that a worker has done all that it had to, teardowns included."""

    properties: tuple[Property, ...]
