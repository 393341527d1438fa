"""The processors that there are to use."""

import os


def usable_processors() -> int:
    """How many of the machine's processors this process may use."""
    if "sched_getaffinity" in vars(os):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
