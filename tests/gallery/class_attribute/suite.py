"""Tests of one class count on an attribute of the class, which each of them sets."""

import asyncio


class TestAccount:
    balance = 0

    async def test_one(self):
        TestAccount.balance = 1
        await asyncio.sleep(0.002)
        assert TestAccount.balance == 1

    async def test_other(self):
        type(self).balance = 2
        await asyncio.sleep(0.002)
        assert self.balance == 2
