"""What pytest-asyncio offers to conftest files beside its fixtures."""

from rustest.compat.hooks.items import Item
from rustest.model.choices import AsyncioMode


def is_async_test(item: Item) -> bool:
    """Whether pytest-asyncio would run the test: one that is async, and has the mark where the mode asks for it."""
    if not item.item.is_async:
        return False
    return item.config.settings.asyncio_mode is AsyncioMode.AUTO or item.get_closest_marker("asyncio") is not None
