"""Two tests log, and each asserts what `caplog` has caught."""

import asyncio
import logging

logger = logging.getLogger("gallery.caplog")


async def log_and_look(caplog, text):
    logger.warning(text)
    await asyncio.sleep(0.002)
    logger.warning(text)
    assert caplog.messages == [text, text]


async def test_one(caplog):
    await log_and_look(caplog, "one")


async def test_other(caplog):
    await log_and_look(caplog, "other")
