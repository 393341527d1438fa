"""What can be neither ended nor closed stays until the process is gone."""

from _thread import allocate_lock, start_new_thread


def keep_for_good(*things: object) -> None:
    """Never let these be destroyed: a coroutine that catches everything would hold up the interpreter's end for ever.

    Modules are emptied at that end, and with them any list; what a thread holds is left alone.
    """
    start_new_thread(_hold, things)


def _hold(*_: object) -> None:
    lock = allocate_lock()
    lock.acquire()
    lock.acquire()
