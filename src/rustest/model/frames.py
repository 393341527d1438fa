"""From Python's frames to records of them: whose they are, which part of the line ran, and what its names stood for."""

import os
from collections.abc import Sequence
from itertools import islice
from types import CodeType, FrameType, TracebackType

from rustest.model.failure import HOME, Detail, Frame, TaskWait
from rustest.model.record import NamedTuple

Waiting = tuple[tuple[Frame, ...], tuple[TaskWait, ...]]
"""What `Clock.expire` takes: frames, outermost first, and where each task waits."""

STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
"""The folder of the standard library."""
_ASYNCIO = os.path.join(STDLIB, "asyncio", "")
_UNITTEST = os.path.join(STDLIB, "unittest", "")
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_ENDS = 10
"""How many frames at each end of a traceback keep their local variables: more are not shown."""


class Place(NamedTuple):
    """A frame with the instruction and the line that it stood at: a traceback's may have gone on since."""

    frame: FrameType
    instruction: int
    line: int | None


def module_of(frame: FrameType) -> str:
    """The name of the module whose code runs there."""
    return str(frame.f_globals.get("__name__", ""))


def package_of(frame: FrameType) -> str:
    """The name of its outermost package."""
    return module_of(frame).partition(".")[0]


def is_users(code: CodeType) -> bool:
    """Whether the code is neither rustest's, asyncio's nor the import system's."""
    return is_users_file(code.co_filename)


def is_users_file(file: str) -> bool:
    """The same of a file."""
    return not (file.startswith((HOME, _ASYNCIO)) or file.startswith("<frozen "))


def is_shown(frame: FrameType) -> bool:
    """Whether a user needs to see it: unittest's own he does not, nor any that marks itself in unittest's way."""
    return is_users(frame.f_code) and not (
        frame.f_code.co_filename.startswith(_UNITTEST) or "__unittest" in frame.f_globals
    )


def main_frame(frames: Sequence[Frame]) -> int:
    """Which of the frames, outermost first, is told in detail: the innermost that is no library's, or the innermost."""
    for position in range(len(frames) - 1, -1, -1):
        if not is_librarys(frames[position].file):
            return position
    return len(frames) - 1


def is_librarys(file: str) -> bool:
    """Whether it is no file of the project.

    So is what was made up from text, as the methods of a data class are: there is no source to show.
    """
    return file.startswith((STDLIB, HOME, "<")) or is_installed(file)


def is_installed(file: str) -> bool:
    """Whether it is that of a library that was installed."""
    return any(folder in file for folder in _INSTALLED)


def user_frames(
    traceback: TracebackType | None, detail: Detail, *, or_all: bool, with_values: bool
) -> tuple[Frame, ...]:
    """The user's frames of a traceback outermost first; with `or_all`, all of them where none is the user's."""
    places: list[Place] = []
    while traceback is not None:
        places.append(Place(traceback.tb_frame, traceback.tb_lasti, traceback.tb_lineno))
        traceback = traceback.tb_next
    if not detail.all_frames:
        places = [place for place in places if is_shown(place.frame)] or (places if or_all else [])
    return frames_at(places, detail, with_values=with_values)


def user_frames_of(exc: BaseException) -> tuple[Frame, ...]:
    """The user's frames that an exception came up through, outermost first, without what else records may keep."""
    return user_frames(exc.__traceback__, Detail(), or_all=False, with_values=False)


def frames_at(places: Sequence[Place], detail: Detail, *, with_values: bool) -> tuple[Frame, ...]:
    """The records of places, outermost first, with the names in the main one, and all local variables if wanted."""
    from rustest.model.names import all_locals, names_in_sight

    frames = [frame_at(place) for place in places]
    if frames and with_values:
        main = main_frame(frames)
        frames[main] = frames[main]._replace(values=names_in_sight(places[main].frame, frames[main]))
    if detail.locals:
        for position, frame in enumerate(frames):
            if position < _ENDS or position >= len(frames) - _ENDS:
                frames[position] = frame._replace(locals=all_locals(places[position].frame))
    return tuple(frames)


def frame_at(place: Place) -> Frame:
    """The record of a place."""
    code = place.frame.f_code
    frame = frame_of(code, place.line)
    line, end_line, column, end_column = next(islice(code.co_positions(), place.instruction // 2, None), _UNKNOWN)
    if line != frame.line or end_line is None or column is None or end_column is None:
        return frame  # compiled without positions, or moved to another line by a debugger
    return frame._replace(end_line=end_line, column=column, end_column=end_column)


_UNKNOWN = (None, None, None, None)


def frame_of(code: CodeType, line: int | None) -> Frame:
    """The record of a line in that code."""
    return Frame(code.co_filename, line or code.co_firstlineno, code.co_qualname, code.co_firstlineno)


def stands(frame: FrameType) -> Place:
    """Where a frame stands now."""
    return Place(frame, frame.f_lasti, frame.f_lineno)


def user_stack(frame: FrameType | None) -> tuple[Frame, ...]:
    """Where running code stands, outermost first: the user's frames, up to the one that rustest called."""
    frames: list[Frame] = []
    while frame is not None and not frame.f_code.co_filename.startswith(HOME):
        if is_shown(frame):
            frames.append(frame_at(stands(frame)))
        frame = frame.f_back
    return tuple(reversed(frames))


def syntax_frame(error: SyntaxError) -> Frame | None:
    """The line that the compiler complains of, where no frame has ever been; None if it was not the compiler."""
    file, line, text = error.filename, error.lineno, error.text
    if not isinstance(file, str) or not isinstance(line, int):
        return None
    frame = Frame(file, line, "<module>", 1, source=text or "")
    begin, end = error.offset or 0, error.end_offset or 0
    if begin < 1 or not frame.source:
        return frame
    end = end if end > begin and error.end_lineno == line else begin + 1
    before, upto = frame.source[: begin - 1], frame.source[: end - 1]
    return frame._replace(end_line=line, column=_bytes(before), end_column=_bytes(upto))


def _bytes(text: str) -> int:
    return len(text.encode(errors="replace"))
