"""The look at a test's loop when the test has ended, before anything on it is cancelled or closed."""

import asyncio
from functools import partial

from rustest.run.closing import Done
from rustest.run.hub.hub import Hub
from rustest.run.hub.loop import HubLoop
from rustest.run.tenant import Tenant

_GRACE_TURNS = 4
"""How many turns of the loop tasks that were cancelled have to end, each in the one after that which it waited for."""


def look_for_leaks(hub: Hub, loop: asyncio.AbstractEventLoop, tenant: Tenant, done: Done) -> None:
    """File what the test has left on its loop, and call back."""
    if isinstance(loop, HubLoop) and loop.may_have_left:
        _look(hub, loop, tenant, done, _GRACE_TURNS)
    else:
        done()


def _look(hub: Hub, loop: HubLoop, tenant: Tenant, done: Done, turns: int) -> None:
    if turns and not loop.is_closed() and loop.has_pending(tenant):
        hub.call_soon(partial(_look, hub, loop, tenant, done, turns - 1))
        return
    loop.file_what_is_left(tenant)
    done()
