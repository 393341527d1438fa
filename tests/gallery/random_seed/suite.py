"""Two tests seed the random numbers, and count on the same ones after they have awaited."""

import asyncio
import random


async def draw(seed):
    random.seed(seed)
    first = random.random()
    random.seed(seed)
    await asyncio.sleep(0.001)
    assert random.random() == first


async def test_one():
    await draw(1)


async def test_other():
    await draw(2)
