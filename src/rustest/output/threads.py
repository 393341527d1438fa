"""Threads that a test starts: they are given the owner of their output, and nothing else of its context.

Carrying all of the context would hide bugs of the code under test, which runs without it elsewhere. A thread of a pool
serves one test after another; there, each call that is submitted has the owner that submitted it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from weakref import ref

from rustest.model.hints import TYPE_CHECKING, Any
from rustest.output.owner import OWNER, Owner
from rustest.output.replacement import Replacement
from rustest.output.routing import current_routing

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from threading import ExceptHookArgs, Thread
    from types import TracebackType


_POOLS = ("trio.",)
"""What keeps threads for later calls, besides `concurrent.futures`."""


@contextmanager
def _owned_threads() -> Generator[None]:
    import threading
    from threading import Thread

    start, excepthook = Thread.start, threading.excepthook
    Thread.start = _owning(start)  # type: ignore[method-assign, assignment]
    threading.excepthook = _file_exception
    try:
        yield
    finally:
        Thread.start = start  # type: ignore[method-assign]
        if threading.excepthook is _file_exception:
            threading.excepthook = excepthook


def _owning(start: "Callable[[Thread], None]") -> "Callable[[Thread], None]":
    """What starts a thread as `start` does, and has it run as the code that starts it."""

    def start_owned(thread: "Thread") -> None:
        if (owner := OWNER.get()) is None or _is_pools(thread):
            start(thread)
            return
        own = vars(thread).get("run")
        thread.run = partial(_run_as, owner, thread, thread.run, own)  # type: ignore[method-assign]
        try:
            start(thread)
        except BaseException:
            _put_back(thread, own)
            raise
        owner.threads = [*owner.threads, ref(thread)]

    return start_owned


def _file_exception(args: "ExceptHookArgs") -> None:
    """Have what ends a thread told with its test, or else print it as Python does."""
    import threading

    is_told = False
    if args.exc_value is not None and args.thread is not None:
        routing = current_routing()
        is_told = routing.take_thread_failure(routing.owner, args.exc_value, args.thread.name)
    if not is_told:
        _leave_out_own_frame(args.exc_traceback)
        threading.__excepthook__(args)


def _is_pools(thread: "Thread") -> bool:
    """Whether it outlives the test, and is told with each call whose that is."""
    return str(getattr(vars(thread).get("_target"), "__module__", "")).startswith(_POOLS)


def _run_as(owner: Owner, thread: "Thread", run: Callable[[], None], own: object) -> None:
    OWNER.set(owner)
    _put_back(thread, own)
    run()


def _leave_out_own_frame(traceback: "TracebackType | None") -> None:
    while traceback is not None:
        if (after := traceback.tb_next) is not None and after.tb_frame.f_code is _run_as.__code__:
            traceback.tb_next = after.tb_next
        traceback = traceback.tb_next


def _put_back(thread: "Thread", own: object) -> None:
    """Leave the thread as it was, which may have had a `run` of its own."""
    if own is None:
        vars(thread).pop("run", None)
    else:
        vars(thread)["run"] = own


@contextmanager
def _owned_calls() -> Generator[None]:
    from concurrent.futures import ThreadPoolExecutor

    submit = ThreadPoolExecutor.submit

    def submit_owned(
        pool: "ThreadPoolExecutor", call: Callable[..., Any], /, *args: object, **kwargs: object
    ) -> "Future[Any]":
        owner = OWNER.get()
        token = OWNER.set(None)  # a thread that the pool starts now is the pool's, and outlives the test with it
        try:
            return submit(pool, partial(_call_as, owner, call), *args, **kwargs)
        finally:
            OWNER.reset(token)

    ThreadPoolExecutor.submit = submit_owned  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ThreadPoolExecutor.submit = submit  # type: ignore[method-assign]


def _call_as(owner: Owner | None, call: Callable[..., Any], *args: object, **kwargs: object) -> Any:
    earlier = OWNER.set(owner)
    try:
        return call(*args, **kwargs)
    finally:
        OWNER.reset(earlier)


THREADS = Replacement(_owned_threads)
CALLS = Replacement(_owned_calls)
"""What is submitted to pools of threads."""
