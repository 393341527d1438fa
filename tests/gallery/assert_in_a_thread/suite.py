"""An assert stands in a thread, where its failure ends the thread and not the test."""

import threading


def check():
    assert 1 == 2


def test_in_a_thread():
    thread = threading.Thread(target=check)
    thread.start()
    thread.join()


async def test_in_a_thread_of_an_async_test():
    thread = threading.Thread(target=check)
    thread.start()
    thread.join()
