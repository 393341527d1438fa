"""How many examples Hypothesis tries a law with, and which.

By default few, the same ones in each run, so that a run takes its time and no run fails that did not fail before.
RUSTEST_EXAMPLES=20 has twenty times as many tried, other ones each time.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("RUSTEST_EXAMPLES", "0"))


def examples(count: int) -> settings:
    """That many by default; a busy machine, which makes each of them take longer, fails none."""
    kept = count * (TIMES or 1)
    return settings(max_examples=kept, deadline=None, derandomize=not TIMES, suppress_health_check=list(HealthCheck))
