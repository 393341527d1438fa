"""The output of a test for reports that hold it as one text."""

from collections.abc import Collection, Iterable, Iterator

from rustest.model.events import WarningIssued
from rustest.model.output import Output, Stream


def sections(output: Iterable[Output], streams: Collection[Stream]) -> Iterator[str]:
    """What went to those streams, each piece below a line that says where and when it was written."""
    for piece in output:
        if piece.stream in streams and piece.text:
            yield f"--- {piece.stream.value} ({piece.phase.value}) ---\n{piece.text}"


def warning_line(warning: WarningIssued) -> str:
    """A warning as Python prints it."""
    return f"{warning.file}:{warning.line}: {warning.category}: {warning.message}"
