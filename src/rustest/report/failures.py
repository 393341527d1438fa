"""Failures as text: what went wrong first, then the lines of the user's code that led there."""

from collections.abc import Iterator, Sequence

from rustest.model.failure import Failure, Frame, Phase
from rustest.report.messages import first_line, indent, relative

SHOWN = 20
"""How many frames of one traceback are shown: a runaway recursion has a thousand alike."""


def headline(failure: Failure) -> str:
    """The exception as users know it: rustest's own go by their short names, and a timeout is a plain sentence."""
    kind = failure.type.rpartition(".")[2] if failure.type.startswith("rustest.") else failure.type
    if kind == "TestTimedOut" and failure.message:
        return failure.message
    return ": ".join(part for part in (kind, failure.message) if part)


def headline_with_place(failure: Failure) -> str:
    """The headline, behind the phase and fixture where it was not the test's own body."""
    place = _place(failure)
    return f"{place}: {headline(failure)}" if place else headline(failure)


def failure_line(failures: Sequence[Failure]) -> str:
    """The failures of a test in one line: the first, and how many followed."""
    if not failures:
        return ""
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    return first_line(headline_with_place(failures[0])) + more


def failure_text(failure: Failure, rootdir: str) -> str:
    """The whole failure, in lines without an end: headline, notes, frames, members of a group, and what came before."""
    return "\n".join(_parts(failure, rootdir))


def _parts(failure: Failure, rootdir: str) -> Iterator[str]:
    yield headline_with_place(failure)
    yield from failure.notes
    if failure.frames:
        yield indent("\n".join(_frames(failure.frames, rootdir)))
    for number, member in enumerate(failure.members, 1):
        yield indent(f"{number} of {len(failure.members)}: {failure_text(member, rootdir)}")
    if failure.cause:
        yield f"preceded by {failure_text(failure.cause, rootdir)}"


def _place(failure: Failure) -> str:
    fixture = f"fixture {failure.subject!r}" if failure.subject else ""
    if failure.phase not in (Phase.SETUP, Phase.TEARDOWN):
        return fixture if failure.phase is Phase.CALL else ""
    return f"{failure.phase.value} of {fixture}" if fixture else failure.phase.value


def _frames(frames: Sequence[Frame], rootdir: str) -> Iterator[str]:
    left_out = len(frames) - SHOWN
    for position, frame in enumerate(frames):
        if left_out > 0 and SHOWN // 2 <= position < SHOWN // 2 + left_out:
            if position == SHOWN // 2:
                yield f"... {left_out} more frames ..."
        else:
            yield from _frame(frame, rootdir)


def _frame(frame: Frame, rootdir: str) -> Iterator[str]:
    import linecache

    yield f"{relative(frame.file, rootdir)}:{frame.line} in {frame.function}"
    if source := linecache.getline(frame.file, frame.line).strip():
        yield f"  {source}"
