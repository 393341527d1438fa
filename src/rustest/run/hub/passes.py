"""How often whoever has a turn may go on with what that has made ready: the hub's loops, uvloop's, and runs of trio.

Most of what a turn costs is spared with a few more passes, and a test that yields often does not feel all others' steps
in between. But the others wait meanwhile.
"""

import time
from collections.abc import Iterator

MOST = 30
LONGEST = 0.01
"""Seconds after which a turn has no further pass."""


def more_passes() -> Iterator[None]:
    """One item for each further pass of a turn."""
    until = time.monotonic() + LONGEST
    for _ in range(MOST):
        yield
        if time.monotonic() > until:
            return
