"""Where a task waits: the chain of awaits from its first coroutine to the innermost."""

import asyncio
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any, cast

from rustest.model.failure import Frame, frame_of, is_users


def where_waits(task: "asyncio.Task[Any] | None") -> tuple[Frame, ...]:
    """The user's frames of a suspended task, outermost first."""
    frames: list[Frame] = []
    waiting: object = task.get_coro() if task is not None else None
    while waiting is not None:
        frame, code, waiting = _look_into(waiting)
        if frame is not None and code is not None and is_users(code):
            frames.append(frame_of(code, frame.f_lineno))
    return tuple(frames)


def _look_into(waiting: object) -> tuple[FrameType | None, CodeType | None, object]:
    if isinstance(waiting, CoroutineType):
        return waiting.cr_frame, waiting.cr_code, waiting.cr_await
    if isinstance(waiting, GeneratorType):
        generator = cast("GeneratorType[object, object, object]", waiting)
        return generator.gi_frame, generator.gi_code, generator.gi_yieldfrom
    if isinstance(waiting, AsyncGeneratorType):
        return waiting.ag_frame, waiting.ag_code, waiting.ag_await
    return None, None, None
