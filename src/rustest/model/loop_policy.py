"""A user's event loop policy, as what makes loops: it is in force while one of them runs."""

from collections.abc import Callable
from functools import cache

from rustest.model.fixtures import EVENT_LOOP_POLICY
from rustest.model.hints import cast


class PolicyFactory:
    """Makes loops by a policy, for which it asks once."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = cache(ask)

    @property
    def policy(self) -> object:
        """The policy itself."""
        return self._ask()

    def __call__(self) -> object:
        """Make a loop; raises TypeError where the fixture has given no policy."""
        new_event_loop = getattr(self.policy, "new_event_loop", None)
        if not callable(new_event_loop):
            made = self.policy
            raise TypeError(
                f"the fixture {EVENT_LOOP_POLICY} must return an event loop policy, and it returned {made!r}"
            )
        return cast("Callable[[], object]", new_event_loop)()
