"""Failures as lines: what went wrong first, then the lines of the user's code that led there."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from rustest.model.choices import Traceback
from rustest.model.failure import Failure, Phase
from rustest.report.lines import Line, Role, shifted
from rustest.report.messages import first_line


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
    return _one_liner(failures[0]) + more


def failure_text(failure: Failure, rootdir: str, style: Traceback = Traceback.AUTO) -> str:
    """The whole failure as plain text, in lines without an end."""
    return "\n".join(line.text for line in failure_lines(failure, rootdir, style))


def failure_lines(failure: Failure, rootdir: str, style: Traceback = Traceback.AUTO) -> Iterator[Line]:
    """The whole failure: headline, the rest of the message, notes, frames, members of a group, what came before."""
    match style:
        case Traceback.NO:
            yield from _headlines(failure)
        case Traceback.LINE:
            yield _one_line(failure, rootdir)
        case Traceback.NATIVE if failure.native:
            yield from (Line(line) for line in failure.native.split("\n"))
        case Traceback.AUTO | Traceback.SHORT | Traceback.NATIVE:
            yield from _whole(failure, rootdir, style)
        case _:
            assert_never(style)


def _whole(failure: Failure, rootdir: str, style: Traceback) -> Iterator[Line]:
    from rustest.report.failure.exception_tree import member_lines
    from rustest.report.failure.traceback_lines import place_of, traceback_lines
    from rustest.report.failure.wait_lines import wait_lines

    yield from _headlines(failure)
    if failure.task:
        created = f", created at {place_of(failure.task.created, rootdir)}" if failure.task.created else ""
        yield Line(f"in task {failure.task.name!r}{created}", Role.DETAIL)
    if failure.tasks:
        yield from shifted(wait_lines(failure, rootdir, style))
    else:
        yield from shifted(traceback_lines(failure.frames, rootdir, style))
    yield from member_lines(failure, lambda member: _whole(member, rootdir, style))
    if failure.cause:
        first, *rest = _whole(failure.cause, rootdir, style)
        yield Line(f"{failure.link.value} {first.text}", first.role)
        yield from rest


def _one_liner(failure: Failure) -> str:
    """The failure on one line; of a group also the first exception in it, which says more than the group does."""
    told = first_line(headline_with_place(failure))
    if not failure.members:
        return told
    while failure.members:
        failure = failure.members[0]
    return f"{told}: {first_line(headline(failure))}"


def _headlines(failure: Failure) -> Iterator[Line]:
    first, *more = headline_with_place(failure).split("\n")
    yield Line(first, Role.ERROR)
    yield from (Line(line, _role_of_detail(line)) for line in more)
    yield from (Line(line, Role.DETAIL) for note in failure.notes for line in note.split("\n"))


def _role_of_detail(line: str) -> Role:
    match line.lstrip()[:2]:
        case "+ ":
            return Role.ADDED
        case "- ":
            return Role.REMOVED
        case _:
            return Role.DETAIL


def _one_line(failure: Failure, rootdir: str) -> Line:
    from rustest.report.failure.traceback_lines import main_place

    place = main_place(failure.frames, rootdir)
    text = _one_liner(failure)
    return Line(f"{place}: {text}" if place else text, Role.ERROR)


def _place(failure: Failure) -> str:
    fixture = f"fixture {failure.subject!r}" if failure.subject else ""
    if failure.phase not in (Phase.SETUP, Phase.TEARDOWN):
        return fixture if failure.phase is Phase.CALL else ""
    return f"{failure.phase.value} of {fixture}" if fixture else failure.phase.value
