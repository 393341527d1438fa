"""How many tests may be in flight that have loops of uvloop's or runs of trio, by the descriptors that these take.

Each takes about five: a selector, and what wakes it. On systems that let a process have 256, a hundred of them do not
fit, while the hub's loops have one at most.
"""

from collections.abc import Iterable

from rustest.model.plan import RunStep

_EACH = 8
"""What a test is taken to need, with a few sockets of its own."""
_OTHERS = 100
"""What the process needs beside its tests."""
_AT_LEAST = 4


def fitting_width(steps: Iterable[RunStep], width: int) -> int:
    """So many of these tests at once, and no more than `width`."""
    if width == 1 or not any(step.loop and (step.loop.trio is not None or step.loop.factory) for step in steps):
        return width
    return min(width, max(_AT_LEAST, (_most_descriptors(width) - _OTHERS) // _EACH))


def _most_descriptors(width: int) -> int:
    """How many the system allows; enough for `width` tests where it does not say."""
    unlimited = width * _EACH + _OTHERS
    try:
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit
    except ImportError:  # on Windows
        return unlimited
    allowed, _ = getrlimit(RLIMIT_NOFILE)
    return unlimited if allowed == RLIM_INFINITY else allowed
