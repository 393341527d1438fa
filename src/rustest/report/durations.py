"""The slowest tests, for `--durations`."""

from collections.abc import Iterator, Mapping

from rustest.model.events import TestFinished
from rustest.report.messages import count, duration


def slowest(finished: Mapping[str, TestFinished], number: int, least: float = 0.0) -> Iterator[str]:
    """The paragraph that lists so many of the slowest tests, and says what it leaves out; none where nothing ran."""
    ran = sorted((one for one in finished.values() if one.duration), key=lambda one: (-one.took, one.id))
    if not ran:
        return
    listed = [one for one in ran[:number] if one.took >= least]
    rest = ran[len(listed) :]
    if not listed:
        return
    lines = [f"the {count(len(listed), 'slowest test')}:" if len(listed) > 1 else "the slowest test:"]
    lines += [f"{duration(one.took):>12}  {one.id}" for one in listed]
    if rest:
        took = duration(sum(one.took for one in rest))
        lines.append(f"{'':>12}  and {len(rest)} more, which took {took} together")
    yield "\n".join(lines)
