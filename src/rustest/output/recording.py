"""What of a run's output, logs and failures is kept, and what leads past that, as the settings say."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from rustest.model.choices import Capture, Traceback
from rustest.model.failure import Detail, keeping
from rustest.model.hints import TextIO
from rustest.model.settings import Settings
from rustest.output.debugger_terminal import DebuggerTerminal
from rustest.output.routing import Routing


@contextmanager
def recording(settings: Settings) -> Generator[Routing]:
    """Keep output, logs and failures of the tests while the block runs; raises UsageError for an unknown log level."""
    routing = Routing(keeps=settings.capture is not Capture.NO, descends=settings.capture is Capture.FD)
    with keeping(_detail(settings)), _logging_from(settings.log_level), routing.open(), DebuggerTerminal():
        yield routing


def outside(settings: Settings, stream: TextIO | None) -> AbstractContextManager[TextIO | None]:
    """What leads where the stream does, and will when the settings have its descriptor captured."""
    if stream is None or settings.capture is not Capture.FD:
        return nullcontext(stream)
    from rustest.output.descriptors import copied

    return copied(stream.fileno())


def _detail(settings: Settings) -> Detail:
    return Detail(settings.showlocals, settings.full_trace, settings.tb is Traceback.NATIVE)


def _logging_from(level: str | None) -> AbstractContextManager[None]:
    """What lets log records of that level be kept."""
    if level is None:
        return nullcontext()
    from rustest.output.log_level import lowered_root

    return lowered_root(level)
