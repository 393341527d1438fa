"""An application with settings that a function of its own overrides."""

from contextlib import contextmanager

settings = {"colour": "blue"}


@contextmanager
def override(**changes):
    before = dict(settings)
    settings.update(changes)
    try:
        yield
    finally:
        settings.clear()
        settings.update(before)
