"""The answer to the question what runs now, in lines."""

from collections.abc import Iterator

from rustest.model.events import Standing, Whereabouts
from rustest.model.failure import Phase
from rustest.model.frames import main_frame
from rustest.report.failure.traceback_lines import place_of
from rustest.report.lines import Line, Role
from rustest.report.messages import duration, place, standing
from rustest.report.places import source_of


def standing_lines(event: Standing, rootdir: str) -> Iterator[Line]:
    """Each test that runs, oldest first, with the lines in which it waits or works, innermost first."""
    yield Line(standing(event), Role.HEADING)
    for running in event.running:
        yield from _where(running, rootdir)


def _where(running: Whereabouts, rootdir: str) -> Iterator[Line]:
    phase = "" if running.phase is Phase.CALL else f", {running.phase.value}"
    yield Line(f"  {running.name}  ({duration(running.age)}{phase})", Role.HEADING)
    if not running.frames:
        yield Line("    in no code of yours just now", Role.PLAIN)
    for frame in running.frames:
        yield Line(f"    {place_of(frame, rootdir)}", Role.PLACE)
        if source := source_of(frame):
            yield Line(f"      {source}", Role.SOURCE)


def standing_place(running: Whereabouts, rootdir: str) -> str:
    """Where a test stands, in words to follow its name: the line that matters; empty in none of the user's code."""
    if not running.frames:
        return ""
    outermost_first = running.frames[::-1]
    frame = outermost_first[main_frame(outermost_first)]
    source = source_of(frame)
    return f"  at {place(frame.file, frame.line, rootdir)}" + (f": {source}" if source else "")
