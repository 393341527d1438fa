"""How the processes that share a run are called, and where tests find that out."""

import os

from rustest.model.record import NamedTuple

WORKER = "RUSTEST_WORKER"
"""The environment variable that holds a worker's name."""
WORKER_COUNT = "RUSTEST_WORKER_COUNT"
"""The one that holds how many workers there are."""
XDIST_NAMES = {WORKER: "PYTEST_XDIST_WORKER", WORKER_COUNT: "PYTEST_XDIST_WORKER_COUNT"}
"""The names by which pytest's users know them."""
MASTER = "master"
"""The name of the process where it has the run for itself."""


class Seat(NamedTuple):
    """Which worker a process is."""

    name: str
    workers: int
    """How many there are."""

    def tell(self) -> None:
        """Let tests and plugins find it in the environment."""
        for name, value in ((WORKER, self.name), (WORKER_COUNT, str(self.workers))):
            os.environ[name] = os.environ[XDIST_NAMES[name]] = value


def worker_name(number: int) -> str:
    """What tests know a worker by; the one that takes the place of a dead one has the same."""
    return f"gw{number}"
