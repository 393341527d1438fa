"""`worker_id`: which of the processes that share the run this is."""

import os

from rustest.authoring.fixture import fixture
from rustest.model.worker_names import MASTER, WORKER


@fixture(scope="session")
def worker_id() -> str:
    """`gw0`, `gw1` and so on in a run with workers, and `master` in one without."""
    return os.environ.get(WORKER, MASTER)
