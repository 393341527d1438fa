"""Which run of trio a test lives in: one of its own, or that of the scope whose fixture it shares."""

from collections.abc import Mapping
from contextvars import Context

from rustest.model.scope import Scope, ScopeInstance
from rustest.run.closing import Done
from rustest.run.guest.trio_run import RunRefusedError, TrioRun
from rustest.run.hub.hub import Hub
from rustest.run.tenant import TENANT


class TrioRuns:
    """Starts the runs of trio that tests need, and ends each with the test or scope that it was started for."""

    def __init__(self, hub: Hub, grace: float) -> None:
        self._hub = hub
        self._grace = grace
        self._runs: dict[ScopeInstance, TrioRun] = {}

    def run_for(self, user: ScopeInstance, options: Mapping[str, object], context: Context) -> TrioRun:
        """The run of that test, whose context it is, or scope; raises RunRefusedError where trio cannot have it."""
        run = self._runs.get(user)
        if run is None or run.is_over:
            run = self._runs[user] = self._start(user, options, context)
        elif dict(run.options) != dict(options):
            raise RunRefusedError(
                f"the tests of this {user.scope.label} share one run of trio, and that goes on with other options: "
                f"{dict(run.options)!r} and not {dict(options)!r}"
            )
        return run

    def _start(self, user: ScopeInstance, options: Mapping[str, object], context: Context) -> TrioRun:
        tenant = context[TENANT] if user.scope is Scope.FUNCTION else None
        try:
            return TrioRun(self._hub, options, tenant, self._grace)
        except (RuntimeError, TypeError) as error:  # this thread is in another run, or there is no such option
            raise RunRefusedError(f"trio cannot run here: {error}") from error

    def give_up(self, user: ScopeInstance) -> None:
        """End the run of a test without waiting for it, as one of its tasks does not end."""
        run = self._runs.pop(user, None)
        if run is not None:
            run.forsake()

    def release(self, user: ScopeInstance, done: Done) -> None:
        """A test or scope has ended, and its run with it."""
        run = self._runs.pop(user, None)
        if run is None:
            done()
        else:
            run.finish(done)
