"""A test counts the records of a logger with a handler of its own; another one logs to the same logger."""

import asyncio
import logging

logger = logging.getLogger("gallery.shop")


class Counter(logging.Handler):
    count = 0

    def emit(self, record):
        self.count += 1


async def test_counts():
    counter = Counter()
    logger.addHandler(counter)
    await asyncio.sleep(0.01)
    logger.warning("mine")
    logger.removeHandler(counter)
    assert counter.count == 1


async def test_logs():
    for _ in range(4):
        await asyncio.sleep(0.001)
        logger.warning("not yours")
