"""A function keeps its results; one test asks while the price is high, and clears the cache when it is done."""

import asyncio
from functools import lru_cache

prices = {"apple": 1}


@lru_cache
def price_of(name):
    return prices[name]


async def test_when_it_is_high():
    price_of.cache_clear()
    prices["apple"] = 9
    assert price_of("apple") == 9
    await asyncio.sleep(0.002)
    prices["apple"] = 1
    price_of.cache_clear()


async def test_as_usual():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert price_of("apple") == 1
