"""Two tests fill and clear the same list of the module, and look at its length after they have awaited."""

import asyncio

basket = []


async def test_one():
    basket.clear()
    basket.append("apple")
    await asyncio.sleep(0.002)
    assert len(basket) == 1


async def test_other():
    basket.clear()
    basket.append("pear")
    basket.append("plum")
    await asyncio.sleep(0.002)
    assert len(basket) == 2
