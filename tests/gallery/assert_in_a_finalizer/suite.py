"""An assert stands in a `__del__`, where Python can only print that it failed."""

import asyncio


class Resource:
    is_closed = False

    def __del__(self):
        assert self.is_closed


async def test_forgets_to_close():
    Resource()
    await asyncio.sleep(0)


def test_forgets_to_close_in_sync_code():
    Resource()
