"""Where a task waits: the chain of awaits from its first coroutine to the innermost."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
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


def where_loop_waits(frame: FrameType | None, runner: FrameType) -> tuple[Frame, ...]:
    """The user's frames of the first task of the loop that waits in `frame`: the one that `runner` started it for."""
    loop = None
    while loop is None and frame is not None and frame is not runner:
        owner = frame.f_locals.get("self")
        loop = owner if isinstance(owner, asyncio.AbstractEventLoop) else None
        frame = frame.f_back
    if loop is None:  # it is a hub that waits, for many loops
        return ()
    tasks = sorted(asyncio.all_tasks(loop), key=lambda task: (len(task.get_name()), task.get_name()))
    return where_waits(tasks[0]) if tasks else ()


def _look_into(waiting: object) -> tuple[FrameType | None, CodeType | None, object]:
    if isinstance(waiting, CoroutineType):
        return waiting.cr_frame, waiting.cr_code, waiting.cr_await
    if isinstance(waiting, GeneratorType):
        generator = cast("GeneratorType[object, object, object]", waiting)
        return generator.gi_frame, generator.gi_code, generator.gi_yieldfrom
    if isinstance(waiting, AsyncGeneratorType):
        return waiting.ag_frame, waiting.ag_code, waiting.ag_await
    return None, None, _wrapped(waiting)


def _wrapped(waiting: object) -> object:
    """What an awaitable of Python's own drives, such as that of `anext`; only the garbage collector knows."""
    import gc

    return next((one for one in gc.get_referents(waiting) if isinstance(one, _FOLLOWED)), None)


async def _nothing() -> AsyncGenerator[None, None]:
    yield


def _type_of(step: Coroutine[Any, Any, None]) -> type:
    step.close()  # or it would complain that it was never awaited
    return type(step)


_FOLLOWED = (
    CoroutineType,
    GeneratorType,
    AsyncGeneratorType,
    _type_of(_nothing().__anext__()),
    _type_of(_nothing().athrow(GeneratorExit)),
)
