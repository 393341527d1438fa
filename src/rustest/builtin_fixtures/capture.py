"""`capsys`, `capfd` and their binary twins: what a test prints, for the test to look at."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import AnyStr, Generic, NamedTuple, Protocol

from rustest.authoring.fixture import fixture
from rustest.model.request import Request


@fixture
def capsys(request: Request) -> Generator["CaptureFixture[str]"]:
    """What the test writes to `sys.stdout` and `sys.stderr`, as text; tests that use it overlap."""
    with _only_capture(request):
        yield from _capture_streams(_decode)


@fixture
def capsysbinary(request: Request) -> Generator["CaptureFixture[bytes]"]:
    """What the test writes to `sys.stdout` and `sys.stderr`, as bytes; tests that use it overlap."""
    with _only_capture(request):
        yield from _capture_streams(bytes)


@fixture
def capteesys(request: Request) -> Generator["CaptureFixture[str]"]:
    """What the test writes to `sys.stdout` and `sys.stderr`, as text, which also goes where it would go without."""
    from rustest.builtin_fixtures.stream_capture import StreamTee, capture_streams

    with _only_capture(request), capture_streams(StreamTee) as capture:
        yield CaptureFixture(capture, _decode)


@fixture
def capfd(request: Request) -> Generator["CaptureFixture[str]"]:
    """What the process writes to the descriptors 1 and 2, as text; its test runs alone."""
    with _only_capture(request), _only_test(request):
        yield from _capture_descriptors(_decode)


@fixture
def capfdbinary(request: Request) -> Generator["CaptureFixture[bytes]"]:
    """What the process writes to the descriptors 1 and 2, as bytes; its test runs alone."""
    with _only_capture(request), _only_test(request):
        yield from _capture_descriptors(bytes)


class CaptureResult(NamedTuple, Generic[AnyStr]):
    """What was written since it was last read."""

    out: AnyStr
    err: AnyStr


class Capture(Protocol):
    """What takes the output away from where it would go."""

    def read(self) -> tuple[bytes, bytes]:
        """What was written to stdout and stderr since the last time."""
        ...

    def suspend(self) -> None:
        """Let output go where it would go."""
        ...

    def resume(self) -> None:
        """Take it again."""
        ...


class CaptureFixture(Generic[AnyStr]):
    """What a test gets as `capsys`, `capfd`, `capsysbinary` and `capfdbinary`."""

    def __init__(self, capture: Capture, convert: Callable[[bytes], AnyStr]) -> None:
        self._capture = capture
        self._convert: Callable[[bytes], AnyStr] = convert

    def readouterr(self) -> CaptureResult[AnyStr]:
        """What was written since the last call, or since the set-up."""
        out, err = self._capture.read()
        return CaptureResult(self._convert(out), self._convert(err))

    @contextmanager
    def disabled(self) -> Generator[None]:
        """Let output go where it would go without this fixture, for the time of the block."""
        self._capture.suspend()
        try:
            yield
        finally:
            self._capture.resume()


def _capture_streams(convert: Callable[[bytes], AnyStr]) -> Generator[CaptureFixture[AnyStr]]:
    from rustest.builtin_fixtures.stream_capture import StreamCapture, capture_streams

    with capture_streams(StreamCapture) as capture:
        yield CaptureFixture(capture, convert)


def _capture_descriptors(convert: Callable[[bytes], AnyStr]) -> Generator[CaptureFixture[AnyStr]]:
    from rustest.builtin_fixtures.descriptor_capture import capture_descriptors

    with capture_descriptors() as capture:
        yield CaptureFixture(capture, convert)


def _decode(written: bytes) -> str:
    return written.decode("utf-8", "replace")


_CAPTURING = object()
"""The key in a test's stash under which the name of the fixture that captures its output stands."""


@contextmanager
def _only_capture(request: Request) -> Generator[None]:
    """Raise RuntimeError where another fixture captures the test's output already: each would miss something."""
    other = request.node.stash.setdefault(_CAPTURING, request.fixturename)
    if other != request.fixturename:
        raise RuntimeError(f"cannot use {request.fixturename} and {other} at the same time: use one of them")
    try:
        yield
    finally:
        del request.node.stash[_CAPTURING]


_CAPTURING_RUNS: set[int] = set()
"""The runs in which a test captures the descriptors at this moment, by their configs."""


@contextmanager
def _only_test(request: Request) -> Generator[None]:
    """Raise RuntimeError where a neighbour captures them: whoever ends last would put back a closed stream.

    The plan sees no fixture that is asked for by `getfixturevalue` alone. One that fails here is run once more, alone.
    """
    run = id(request.config)
    if run in _CAPTURING_RUNS:
        raise RuntimeError(
            f"a test in flight captures the descriptors already: have this one ask for {request.fixturename} by a "
            "parameter or mark.usefixtures, so that it runs alone"
        )
    _CAPTURING_RUNS.add(run)
    try:
        yield
    finally:
        _CAPTURING_RUNS.discard(run)
