"""What is said of a worker that has died, and of the test that it died by."""

import re
import signal
from collections.abc import Iterator
from itertools import groupby

from rustest.model.failure import HOME, Failure, Frame, Phase, problem
from rustest.model.output import Output, Stream
from rustest.output.owner import text_of
from rustest.workers.recorder import Record

_FRAME = re.compile(r'  File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)')
_CURRENT = "Current thread"


def death_of(worker: str, status: int, record: Record, when: str) -> Failure:
    """The failure that the death of a worker is; `when` says what it was in the middle of."""
    notes = tuple(line for line in record.faults.splitlines()[:1] if line)
    message = f"worker {worker} {_ended(status)} {when}"
    return problem(Phase.CALL, message)._replace(frames=tuple(_frames(record.faults))[::-1], notes=notes)


def _ended(status: int) -> str:
    if status >= 0:
        return f"ended its process with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    from_outside = ", which comes from outside, as when memory runs out," if -status == signal.SIGKILL else ""
    return f"was killed by {name}{from_outside}"


def _frames(faults: str) -> Iterator[Frame]:
    """Where the thread was, innermost first, up to the code that had called the test's."""
    _, _, current = faults.partition(_CURRENT)
    for line in current.splitlines()[1:]:
        found = _FRAME.fullmatch(line)
        if found is None or found["file"].startswith(HOME):
            return
        yield Frame(found["file"], int(found["line"]), found["function"])


def last_words(record: Record, number: int) -> tuple[Output, ...]:
    """What the test of that number had printed when its worker died, as far as the record holds it."""
    own = [(is_stderr, data) for whose, is_stderr, data in record.output if whose == number]
    return tuple(
        Output(Phase.CALL, Stream.STDERR if is_stderr else Stream.STDOUT, text_of(b"".join(data for _, data in pieces)))
        for is_stderr, pieces in groupby(own, key=lambda piece: piece[0])
    )
