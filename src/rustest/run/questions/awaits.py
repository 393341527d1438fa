"""Where tasks wait: the chain of awaits from a task's first coroutine to the innermost, and what that waits for."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator, Sequence
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType

from rustest.model.failure import HOME, Frame, TaskWait, detail_kept
from rustest.model.frames import Waiting, frames_at, is_users, stands
from rustest.model.hints import Any, cast
from rustest.run.hub.awaited import awaited_by, gathered_by
from rustest.run.hub.failed_tasks import created_at
from rustest.run.hub.watched import AnyTask

_NAMED = 3
"""How many parts of an `asyncio.gather` are named."""


def whereabouts(own: AnyTask | None, others: Iterable[AnyTask]) -> Waiting:
    """The user's frames in which a suspended task waits, outermost first, and where it and all others do."""
    waits = _waits(own, others)
    return (waits[0].frames[::-1] if own is not None else ()), waits


def _waits(own: AnyTask | None, others: Iterable[AnyTask]) -> tuple[TaskWait, ...]:
    rest = sorted(set(others) - {own}, key=_order)
    if own is None and rest:
        own = rest.pop(0)
    return () if own is None else (_wait_of(own, is_main=True), *(_wait_of(task, is_main=False) for task in rest))


def _order(task: AnyTask) -> tuple[bool, int, str]:
    """Tasks that nobody named first, by the numbers that asyncio gives them."""
    name = task.get_name()
    return not name.startswith("Task-"), len(name), name


def whereabouts_of_loop(frame: FrameType | None, runner: FrameType, stack: tuple[Frame, ...]) -> Waiting:
    """The same of the loop that waits in `frame`; below its first task stands the stack of `runner`, who started it."""
    loop = _loop_waiting_in(frame, runner)
    if loop is None:  # it is a hub that waits, for many loops
        return stack, ()
    first, *others = _waits(None, asyncio.all_tasks(loop)) or (TaskWait("", ()),)
    frames = (*stack, *reversed(first.frames))
    return frames, (first._replace(frames=frames[::-1]), *others)


def _loop_waiting_in(frame: FrameType | None, runner: FrameType) -> asyncio.AbstractEventLoop | None:
    while frame is not None and frame is not runner:
        owner = frame.f_locals.get("self")
        if isinstance(owner, asyncio.AbstractEventLoop):
            return owner
        frame = frame.f_back
    return None


def _wait_of(task: AnyTask, *, is_main: bool) -> TaskWait:
    chain = [*_chain(task)]
    users = [frame for frame in chain if is_users(frame.f_code)]
    frames = frames_at([stands(frame) for frame in users], detail_kept(), with_values=is_main)
    beyond = chain[chain.index(users[-1]) + 1 :] if users else chain
    return TaskWait(task.get_name(), frames[::-1], _waits_for(task, beyond), created_at(task))


def _waits_for(task: AnyTask, beyond: Sequence[FrameType]) -> str:
    """What the user's innermost line awaits: something of asyncio's, or a future."""
    called = next((frame for frame in beyond if not frame.f_code.co_filename.startswith(HOME)), None)
    if called is not None:
        return _name_of_call(called)
    future = None if beyond else awaited_by(task)
    return "" if future is None else _name_of_future(future)


def _name_of_call(frame: FrameType) -> str:
    """As users call it: `asyncio.sleep`, `Queue.get`, or `Lock` for what an `async with` does."""
    owner, method = frame.f_locals.get("self"), frame.f_code.co_name
    if owner is None:
        return f"asyncio.{method}"
    kind = type(owner).__name__
    return kind if method.startswith("__") else f"{kind}.{method}"


def _name_of_future(future: "asyncio.Future[Any]") -> str:
    if isinstance(future, asyncio.Task):
        return f"task {future.get_name()!r}"
    if parts := gathered_by(future):
        named = ", ".join(_name_of_future(part) for part in parts[:_NAMED])
        return f"asyncio.gather of {named}" + (f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else "")
    return "a future"


# --- the chain ------------------------------------------------------------------------------------------------


def _chain(task: AnyTask | None) -> Iterator[FrameType]:
    """All frames of a suspended task, outermost first."""
    waiting: object = task.get_coro() if task is not None else None
    while waiting is not None:
        frame, waiting = _look_into(waiting)
        if frame is not None:
            yield frame


def _look_into(waiting: object) -> tuple[FrameType | None, object]:
    if isinstance(waiting, CoroutineType):
        return waiting.cr_frame, waiting.cr_await
    if isinstance(waiting, GeneratorType):
        generator = cast("GeneratorType[object, object, object]", waiting)
        return generator.gi_frame, generator.gi_yieldfrom
    if isinstance(waiting, AsyncGeneratorType):
        return waiting.ag_frame, waiting.ag_await
    return None, _wrapped(waiting)


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
