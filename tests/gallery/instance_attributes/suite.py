"""Tests of one class keep what they work on in `self`."""

import asyncio


class TestAccount:
    async def test_one(self):
        self.balance = 1
        await asyncio.sleep(0.002)
        assert self.balance == 1

    async def test_other(self):
        assert not hasattr(self, "balance")
        self.balance = 2
        await asyncio.sleep(0.002)
        assert self.balance == 2
