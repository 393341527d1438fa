"""A call made in a fork of this process, so that nothing of what it does stays here."""

import os
from collections.abc import Callable

CAN_FORK = "fork" in vars(os)
"""Whether the platform can."""


def call_in_child(call: Callable[[], bytes]) -> bytes:
    """What the call gives; nothing where the child has died, or the call has raised."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(receiver)
            told = call()
            with open(sender, "wb") as answer:
                answer.write(told)
        finally:
            os._exit(0)
    os.close(sender)
    with open(receiver, "rb") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told
