"""How an attempt gets into a task: it suspends outside, and whoever drives it makes the task that resumes it."""

from collections.abc import Coroutine, Generator
from types import coroutine

from rustest.model.hints import Any, TypeVar, cast

_T = TypeVar("_T")


class Entry:
    """Awaited outside a loop, it suspends the coroutine; the task that is then made of it resumes it inside."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@coroutine
def resume(suspended: Coroutine[object, object, _T]) -> Generator[object, object, _T]:
    """Go on with a coroutine that has been suspended before, which a plain `await` would refuse."""
    allowed = cast("Generator[Any, Any, _T]", suspended)  # in here, and in no other generator
    return (yield from allowed)
