"""The frames of a failure as lines: the one that matters in detail, those around it in short."""

from collections.abc import Iterable, Iterator, Sequence

from rustest.model.choices import Traceback
from rustest.model.failure import Frame, Value
from rustest.model.frames import main_frame
from rustest.report.failure.library_frames import without_the_way
from rustest.report.failure.source_lines import line_of, lines_around
from rustest.report.lines import Line, Role, shifted
from rustest.report.messages import place

SHOWN = 20
"""How many frames of one traceback are shown, after what repeats itself has been folded."""
_PERIOD = 6
"""Of how many frames a cycle may be, at most, for its repetitions to be folded."""
_REPEATS = 3
"""How often something stands in a row before it is folded."""


def traceback_lines(frames: Sequence[Frame], rootdir: str, style: Traceback) -> Iterator[Line]:
    """The frames, outermost first; those of a recursion are told once, and counted."""
    main = main_frame(frames) if style is not Traceback.SHORT else -1
    folded: Iterable[int | str] = _folded(frames, main)
    if style is not Traceback.SHORT:
        folded = without_the_way([*folded], frames, rootdir)
    told = _cut([*folded], main)
    for part in told:
        if isinstance(part, str):
            yield Line(part, Role.PLACE)
        else:
            yield from frame_lines(frames[part], rootdir, in_detail=part == main)


def main_place(frames: Sequence[Frame], rootdir: str) -> str:
    """File and line of the frame that matters; empty where there is none."""
    if not frames:
        return ""
    frame = frames[main_frame(frames)]
    return place(frame.file, frame.line, rootdir)


def frame_lines(frame: Frame, rootdir: str, *, in_detail: bool) -> Iterator[Line]:
    """One frame: place, source, and, as far as they are known, the values of names."""
    yield Line(place_of(frame, rootdir), Role.PLACE)
    yield from shifted(lines_around(frame) if in_detail else line_of(frame))
    if frame.locals:
        yield from shifted(_value_lines(frame.locals))
    elif in_detail:
        yield from shifted(_value_lines(frame.values))


def place_of(frame: Frame, rootdir: str) -> str:
    """File, line and, where it is known, the function."""
    where = place(frame.file, frame.line, rootdir)
    return f"{where} in {frame.function}" if frame.function else where


def _value_lines(values: Sequence[Value]) -> Iterator[Line]:
    return (Line(f"{name} = {text}", Role.VALUE) for name, text in values)


def _cut(told: list[int | str], main: int) -> Iterator[int | str]:
    """The ends of it, and the frame that matters."""
    ends = SHOWN // 2
    middle = told[ends:-ends]
    yield from told[:ends]
    if main in middle:
        position = middle.index(main)
        yield from _left_out(position)
        yield main
        yield from _left_out(len(middle) - position - 1)
    else:
        yield from _left_out(len(middle))
    yield from told[max(ends, len(told) - ends) :]


def _left_out(number: int) -> Iterator[str]:
    if number:
        yield f"... {number} more frames ..."


def _folded(frames: Sequence[Frame], main: int) -> Iterator[int | str]:
    """The numbers of the frames to tell, and a sentence for those that only repeat the ones before."""
    keys = [(frame.file, frame.line, frame.function) for frame in frames]
    position = 0
    while position < len(keys):
        period, times = _repetition(keys, position)
        yield from range(position, position + period)
        position += period * times
        if times > 1:
            yield f"... {'this' if period == 1 else f'these {period} frames'} {times - 1} more times ..."
            if position - period <= main < position:
                yield main


def _repetition(keys: Sequence[object], begin: int) -> tuple[int, int]:
    """How many frames repeat themselves from there on, and how often they stand in a row; 1 and 1 if none do."""
    for period in range(1, _PERIOD + 1):
        times = 1
        block = keys[begin : begin + period]
        while keys[begin + times * period : begin + (times + 1) * period] == block:
            times += 1
        if times >= _REPEATS:
            return period, times
    return 1, 1
