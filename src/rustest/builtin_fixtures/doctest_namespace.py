"""`doctest_namespace`: there so that conftest files which fill it for doctests can be read; no doctest is run."""

from rustest.authoring.fixture import fixture


@fixture(scope="session")
def doctest_namespace() -> dict[str, object]:
    """A mapping that nobody reads: rustest runs no doctests."""
    return {}
