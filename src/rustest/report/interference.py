"""What the summary says of tests that failed beside others and passed alone: who was there, and what to do."""

from collections.abc import Iterator

from rustest.model.events import TestFinished
from rustest.model.outcome import Interference, Note
from rustest.model.report import Report
from rustest.report.failure.failures import failure_line
from rustest.report.lines import Line, Role, shifted
from rustest.report.messages import count, listing


def interference_lines(report: Report) -> Iterator[Line]:
    """A paragraph on all tests that interfered, by id; nothing where none did."""
    tests = sorted((one for one in report.unusual if one.outcome.interference), key=lambda one: one.id)
    if not tests:
        return
    what = "failed beside other tests and passed alone"
    yield Line(f"{count(len(tests), 'test')} {what}:", Role.HEADING)
    for finished in tests:
        yield from shifted(_told(finished))
    yield Line("to mend it, have each test keep its changes to itself, or mark the one that cannot with @mark.serial")


def _told(finished: TestFinished) -> Iterator[Line]:
    interference = finished.outcome.interference
    if interference is None:
        return
    yield Line(finished.id)
    yield Line(f"  {failure_line(interference.failures)}", Role.ERROR)
    yield from shifted(_neighbours(interference))


def _neighbours(interference: Interference) -> Iterator[Line]:
    yield Line("in flight with it:")
    yield from shifted(Line(name) for name in listing(interference.neighbours))


def left_out_lines(report: Report, cap: int) -> Iterator[Line]:
    """How many failures might be no more than interference, for they were not run again; nothing where none was."""
    left = sum(Note.UNCONFIRMED in finished.outcome.notes for finished in report.unusual)
    if left:
        tests, was = count(left, "failed test"), "was" if left == 1 else "were"
        yield Line(f"{tests} {was} not run again alone: {count(cap, 'other')} failed there too (max_reruns)")
