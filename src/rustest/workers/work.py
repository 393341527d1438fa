"""What is the same for all workers of a run, and what a worker and the run tell each other."""

from typing import NamedTuple

from rustest.model.plan import Lane, Plan
from rustest.model.properties import Property
from rustest.model.settings import Settings
from rustest.output.routing import Routing


class Work(NamedTuple):
    """The run that workers share."""

    plan: Plan
    settings: Settings
    routing: Routing
    began: float
    """When the session did, by `time.monotonic`."""
    run_began: float


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


def worker_id(number: int) -> str:
    """What tests know a worker by; the one that takes the place of a dead one has the same."""
    return f"gw{number}"
