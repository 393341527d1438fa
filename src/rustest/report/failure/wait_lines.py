"""Where the tasks of a test waited when its time was up, innermost line first."""

from collections.abc import Iterator

from rustest.model.choices import Traceback
from rustest.model.failure import Failure, TaskWait
from rustest.model.frames import main_frame
from rustest.report.failure.traceback_lines import frame_lines, place_of
from rustest.report.lines import Line, Role, shifted
from rustest.report.messages import enumerated


def wait_lines(failure: Failure, rootdir: str, style: Traceback) -> Iterator[Line]:
    """The test's own task in detail, then the others; those that wait in the same way are told once."""
    own, *others = failure.tasks
    yield from _wait("it", own, rootdir, in_detail=style is not Traceback.SHORT)
    alike: dict[object, list[TaskWait]] = {}
    for other in others:
        places = tuple((frame.file, frame.line) for frame in other.frames)
        alike.setdefault((places, other.waits_for, other.created), []).append(other)
    for group in alike.values():
        yield from _wait(_names(group), group[0], rootdir, in_detail=False)


def _wait(who: str, wait: TaskWait, rootdir: str, *, in_detail: bool) -> Iterator[Line]:
    yield Line(f"{who} {_doing(wait)}", Role.DETAIL)
    main = len(wait.frames) - 1 - main_frame(wait.frames[::-1])
    for position, frame in enumerate(wait.frames):
        yield from shifted(frame_lines(frame, rootdir, in_detail=in_detail and position == main))
    if wait.created is not None:
        yield Line(f"  created at {place_of(wait.created, rootdir)}", Role.PLACE)


def _names(tasks: list[TaskWait]) -> str:
    return f"{'task' if len(tasks) == 1 else 'tasks'} {enumerated([repr(task.name) for task in tasks])}"


def _doing(wait: TaskWait) -> str:
    if wait.waits_for:
        return f"waited for {wait.waits_for}"
    return "was at" if wait.frames else "was not in your code"
