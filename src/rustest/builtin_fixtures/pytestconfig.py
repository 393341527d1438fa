"""`pytestconfig`: the settings of the run, as `request.config`."""

from rustest.authoring.fixture import fixture
from rustest.model.request import Config, Request


@fixture(scope="session")
def pytestconfig(request: Request) -> Config:
    """The settings of the run."""
    return request.config
