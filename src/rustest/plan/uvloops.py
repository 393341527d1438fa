"""Loops of uvloop's: the one kind of loop, beside rustest's own, that tests may have for themselves in company."""


def new_uvloop() -> object:
    """A loop of uvloop's, if that is installed."""
    import uvloop

    return uvloop.new_event_loop()


def makes_uvloops(factory: object) -> bool:
    """Whether a loop factory is uvloop's own function or class; what others return is not known before the run."""
    return factory is new_uvloop or getattr(factory, "__module__", None) == "uvloop"
