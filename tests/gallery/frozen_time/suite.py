"""A test stops the clock; another one measures how long it waits."""

import asyncio
import datetime

from freezegun import freeze_time


@freeze_time("2001-02-03", real_asyncio=True)
async def test_in_the_past():
    await asyncio.sleep(0.002)
    assert datetime.date.today().year == 2001


async def test_now():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert datetime.date.today().year > 2001
