"""Output: what tests print and log, as text, with the phase and stream that it belongs to."""

import enum

from rustest.model.failure import Phase
from rustest.model.record import NamedTuple


class Stream(enum.Enum):
    """Where something was written to; the value is the word that users read."""

    STDOUT = "stdout"
    STDERR = "stderr"
    LOG = "log"


class Output(NamedTuple):
    """What one test wrote to one stream in one phase, in the order in which it did."""

    phase: Phase
    stream: Stream
    text: str
