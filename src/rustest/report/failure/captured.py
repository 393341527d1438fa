"""What tests printed and logged, as lines beneath their failures, and what belongs to no test, by itself."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rustest.model.events import StrayOutput
from rustest.model.output import Output
from rustest.report.lines import Line, Role


def captured_lines(output: Sequence[Output]) -> Iterator[Line]:
    """The sections in the order in which they were written, each beneath its phase and stream."""
    for phase, stream, text in output:
        yield Line(f"{stream.value} of the {phase.value}:", Role.HEADING)
        yield from _beneath(text)


def stray_lines(stray: Sequence[StrayOutput]) -> Iterator[Line]:
    """What no test's report has; each piece beneath its stream, and beneath whose code wrote it where that is known."""
    if stray:
        yield Line("OUTPUT that belongs to no test", Role.HEADING)
    for (stream, origin), group in groupby(stray, key=lambda one: (one.stream, one.origin)):
        yield Line(f"  {stream.value}{f' of {origin}' if origin else ''}:", Role.HEADING)
        for line in _beneath("".join(one.text for one in group)):
            yield Line(f"  {line.text}", line.role)


def _beneath(text: str) -> Iterator[Line]:
    return (Line(f"  {line}".rstrip(), Role.VALUE) for line in text.removesuffix("\n").split("\n"))
