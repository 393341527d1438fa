"""Loops of uvloop's: the one kind of loop, beside rustest's own, that tests may have for themselves in company."""

import sys

from rustest.model.loop_policy import PolicyFactory


def new_uvloop() -> object:
    """A loop of uvloop's, if that is installed."""
    import uvloop

    return uvloop.new_event_loop()


def makes_uvloops(factory: object) -> bool:
    """Whether a loop factory is uvloop's own function, class or policy; what others return only the run shows."""
    if isinstance(factory, PolicyFactory):
        return "uvloop" in sys.modules and _is_uvloops(_kind_of_policy(factory))
    return factory is new_uvloop or _is_uvloops(factory)


def _kind_of_policy(factory: PolicyFactory) -> type | None:
    try:
        return type(factory.policy)
    except Exception:  # of the user's fixture, which is told when a test wants the loop
        return None


def _is_uvloops(maker: object) -> bool:
    return getattr(maker, "__module__", None) == "uvloop"
