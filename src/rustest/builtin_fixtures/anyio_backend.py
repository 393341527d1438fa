"""The fixtures by which tests written for anyio choose their backend: here it is asyncio.

`anyio_backend` lives for the session, though anyio's own lives for a module: its value never differs, and users of a
module's fixtures would not overlap with those of another module's. Through the pytest door it is anyio's own.
"""

from typing import cast

from rustest.authoring.fixture import fixture
from rustest.model.request import Request

Backend = str | tuple[str, dict[str, object]]
"""As anyio has it: the backend's name, or the name and the options for it."""


@fixture(scope="session")
def anyio_backend() -> Backend:
    """The backend of anyio on which tests run, "asyncio"; define it anew to give the backend options."""
    return "asyncio"


def each_anyio_backend(request: Request) -> Backend:
    """The backend of anyio on which tests run: each that is installed, one after another.

    It takes the place of `anyio_backend` in suites of pytest's, with the params that the catalogue gives it.
    """
    return cast("Backend", request.param)


@fixture
def anyio_backend_name(anyio_backend: Backend) -> str:
    """The name of the backend, without its options."""
    return anyio_backend if isinstance(anyio_backend, str) else anyio_backend[0]


@fixture
def anyio_backend_options(anyio_backend: Backend) -> dict[str, object]:
    """The options of the backend; none unless `anyio_backend` is defined anew."""
    return {} if isinstance(anyio_backend, str) else anyio_backend[1]
