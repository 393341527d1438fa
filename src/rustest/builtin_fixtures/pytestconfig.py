"""`pytestconfig`: the settings of the run, as `request.config`."""

from rustest.authoring.fixture import fixture
from rustest.model.node import RunConfig
from rustest.model.request import Request


@fixture(scope="session")
def pytestconfig(request: Request) -> RunConfig:
    """The settings of the run."""
    return request.config
