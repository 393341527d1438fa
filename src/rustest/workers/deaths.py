"""What is said of a worker that has died, and of the test that it died by."""

import signal

from rustest.model.events import TestFinished
from rustest.model.failure import Failure, Phase, problem
from rustest.model.outcome import Outcome, Verdict
from rustest.model.output import Output, Stream
from rustest.workers.recorder import Record


def crashed(node_id: str, status: int, record: Record, number: int, times: tuple[float, float]) -> TestFinished:
    """The verdict of a test by which its worker died; `times` are when it did, and after how long."""
    failure = problem(Phase.CALL, f"{how_it_died(status)} while this test was running")
    outcome = Outcome(Verdict.CRASHED, failures=(failure,))
    return TestFinished(node_id, outcome, *times, tuple(_output(record, number)))


def died_idle(worker: str, status: int, record: Record) -> Failure:
    """What is wrong where a worker has died by no test's step."""
    faults = f"\n{record.faults.rstrip()}" if record.faults else ""
    return problem(Phase.TEARDOWN, f"{how_it_died(status)} while no test was running{faults}")


def how_it_died(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"the process ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"the process was ended by {name}"


def _output(record: Record, number: int) -> list[Output]:
    written: list[Output] = []
    for whose, is_stderr, data in record.output:
        if whose == number:
            stream = Stream.STDERR if is_stderr else Stream.STDOUT
            written.append(Output(Phase.CALL, stream, data.decode("utf-8", "backslashreplace")))
    if record.faults:
        written.append(Output(Phase.CALL, Stream.STDERR, record.faults))
    return written
