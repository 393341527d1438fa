"""A thread of the test is still running when the test has ended."""

import threading
import time


def test_leaves_one():
    threading.Thread(target=time.sleep, args=(0.05,)).start()


async def test_leaves_another():
    threading.Thread(target=time.sleep, args=(0.05,)).start()
