"""Steps that block the loop: which test took them, where, and how many others waited meanwhile."""

from rustest.model.failure import Frame, Phase, problem
from rustest.model.hints import TYPE_CHECKING
from rustest.model.outcome import Block, Note, Outcome, Verdict
from rustest.model.settings import Settings
from rustest.run.tenant import Occupancy, Tenant

if TYPE_CHECKING:
    from rustest.run.checks.sampler import Sampler
    from rustest.run.flight import Flight


class Blocking:
    """Notes the long steps of tests in flight, and adds them to their outcomes."""

    def __init__(self, occupancy: Occupancy, settings: Settings, flights: "dict[Flight, None]") -> None:
        self._occupancy = occupancy
        self._flights = flights
        self._limit = settings.block_limit
        self._slow = 0.0 if settings.pdb else settings.slow_callback  # a test in the debugger holds up everybody
        self._blocks: dict[str, dict[Frame | None, Block]] = {}
        self._sampler: Sampler | None = None

    def begin(self) -> None:
        """Notice long steps from now on."""
        limits = [limit for limit in (self._slow, self._limit) if limit]
        if not limits:
            return
        if self._sampler is None:
            from rustest.run.checks.sampler import Sampler

            self._sampler = Sampler(self._occupancy, min(limits))
        self._sampler.resume()
        self._occupancy.long_step, self._occupancy.tell_long_step = min(limits), self._note

    def end(self) -> None:
        """Sync tests come next, and hold up nobody."""
        self._occupancy.long_step = float("inf")
        if self._sampler is not None:
            self._sampler.rest()

    def shut_down(self) -> None:
        """End the thread that looks on."""
        if self._sampler is not None:
            self._sampler.shut_down()
            self._sampler = None

    def _note(self, tenant: Tenant, started: float, seconds: float) -> None:
        flight = next((one for one in self._flights if one.attempt is tenant), None)
        others = len(self._flights) - 1
        if flight is None or self._sampler is None or not (others or flight.attempt.step.item.is_async):
            return
        if self._sampler.was_debugged(started):
            return
        place = self._sampler.place(started)
        blocks = self._blocks.setdefault(tenant.name, {})
        earlier = blocks.get(place)
        if earlier is None or earlier.seconds < seconds:  # of a loop's hundred alike, the longest tells enough
            blocks[place] = Block(seconds, place, others)

    def add_to(self, outcome: Outcome, node_id: str) -> Outcome:
        """The outcome of a test with the long steps that it took, the longest first."""
        taken = self._blocks.pop(node_id, None) if self._blocks else None
        if taken is None or outcome.verdict is Verdict.NOT_RUN:
            return outcome
        blocks = tuple(sorted(taken.values(), key=lambda block: -block.seconds))
        outcome = outcome._replace(notes=outcome.notes | {Note.SLOW}, blocks=blocks)
        if self._limit is None or blocks[0].seconds <= self._limit:
            return outcome
        message = f"blocked the loop for {blocks[0].seconds:.2f} s, and block_limit is {self._limit:g} s"
        failure = problem(Phase.CALL, message, at=blocks[0].frame)
        verdict = outcome.verdict if outcome.verdict.is_bad else Verdict.FAILED
        return outcome._replace(verdict=verdict, failures=(*outcome.failures, failure))
