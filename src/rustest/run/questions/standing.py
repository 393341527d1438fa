"""What runs now, for how long, and where each test waits or works."""

from collections.abc import Iterator, Mapping
from types import FrameType

from rustest.model.events import Standing, Whereabouts
from rustest.model.failure import Phase
from rustest.model.hints import TYPE_CHECKING
from rustest.run.ledger import Ledger
from rustest.run.stops.stack import waits_in_foreign_loop, where_stands
from rustest.run.tenant import Occupancy, Tenant

if TYPE_CHECKING:
    from rustest.run.flight import Flight


def look_around(
    ledger: Ledger, occupancy: Occupancy, frame: FrameType | None, in_flight: Mapping[str, "Flight"]
) -> Standing:
    """The state of the run, with `frame` what the main thread is in the middle of; any thread may ask."""
    return Standing(ledger.now(), tuple(_find(ledger, occupancy, frame, in_flight)))


def _find(
    ledger: Ledger, occupancy: Occupancy, frame: FrameType | None, in_flight: Mapping[str, "Flight"]
) -> Iterator[Whereabouts]:
    holder = None if waits_in_foreign_loop(frame) else occupancy.occupant
    for node_id, age in ledger.running():
        if holder is not None and holder.name == node_id:
            yield _working(holder, age, frame)
        elif (flight := in_flight.get(node_id)) is not None:
            yield Whereabouts(node_id, age, flight.attempt.phase, flight.where()[::-1])
        else:  # its own part is over, and its loop or what it shared is being closed
            yield Whereabouts(node_id, age, Phase.TEARDOWN, ())
    if holder is not None and holder.name not in dict(ledger.running()):
        yield _working(holder, occupancy.held_for(), frame)


def _working(holder: Tenant, age: float, frame: FrameType | None) -> Whereabouts:
    return Whereabouts(holder.name, age, holder.phase, where_stands(frame)[0][::-1])
