"""`doctest_namespace`: names that the examples of all doctests find, which conftest files fill."""

from rustest.authoring.fixture import fixture


@fixture(scope="session")
def doctest_namespace() -> dict[str, object]:
    """The names, and what they stand for."""
    return {}
