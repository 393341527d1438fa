"""The look at a test's loop when the test has ended, before anything on it is cancelled or closed."""

from functools import partial

from rustest.run.closing import Done
from rustest.run.hub.hub import Hub
from rustest.run.hub.loop import HubLoop
from rustest.run.tenant import Tenant

_GRACE_TURNS = 4
"""How many turns of the loop tasks that were cancelled have to end, each in the one after that which it waited for."""


def look_for_leaks(hub: Hub, loop: HubLoop, tenant: Tenant, done: Done, turns: int = _GRACE_TURNS) -> None:
    """File what the test has left on its loop, and call back."""
    if turns and not loop.is_closed() and loop.has_pending(tenant):
        hub.call_soon(partial(look_for_leaks, hub, loop, tenant, done, turns - 1))
        return
    loop.file_what_is_left(tenant)
    done()
