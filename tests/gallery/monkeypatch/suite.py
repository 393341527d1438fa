"""Two tests set the same variable with `monkeypatch`, each to a value of its own."""

import asyncio
import os


async def test_one(monkeypatch):
    monkeypatch.setenv("GALLERY_USER", "one")
    await asyncio.sleep(0.002)
    assert os.environ["GALLERY_USER"] == "one"


async def test_other(monkeypatch):
    monkeypatch.setenv("GALLERY_USER", "other")
    await asyncio.sleep(0.002)
    assert os.environ["GALLERY_USER"] == "other"


async def test_nobody():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert "GALLERY_USER" not in os.environ
