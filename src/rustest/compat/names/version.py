"""The version of pytest that rustest stands in for: what suites and their settings may rely on."""

PYTEST_VERSION = "9.0.0"

VERSION_TUPLE = tuple(map(int, PYTEST_VERSION.split(".")))
"""The same in numbers."""
PYTEST_ASYNCIO_VERSION = "1.3.0"
