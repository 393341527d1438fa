"""SIGUSR1: a question from outside, what runs now."""

import os
import signal
from collections.abc import Callable
from types import FrameType

from rustest.model.hints import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rustest.run.questions.keyboard import Keyboard

Answer = Callable[[FrameType | None], None]
"""Tells what runs now; the argument is what the main thread is in the middle of."""


def listening(terminal: TextIO, answer: Answer) -> "Keyboard":
    """A context in which the user may ask by a key of that terminal."""
    from rustest.run.questions.keyboard import Keyboard

    return Keyboard(terminal, answer)


class Inquiry:
    """A context in which SIGUSR1 asks what runs.

    Outside the main thread it does nothing, nor where somebody else handles that signal.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._process = os.getpid()

    def __enter__(self) -> None:
        if "SIGUSR1" in vars(signal) and signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL:
            try:
                signal.signal(signal.SIGUSR1, self._handle)
            except ValueError:  # off the main thread Python hears of no signal
                return
            signal.siginterrupt(signal.SIGUSR1, False)  # pyright: ignore[reportUnreachable]

    def __exit__(self, *_: object) -> None:
        if "SIGUSR1" in vars(signal) and signal.getsignal(signal.SIGUSR1) == self._handle:
            signal.signal(signal.SIGUSR1, signal.SIG_DFL)

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        if os.getpid() == self._process:
            self._answer(frame)
        else:  # a forked child, which knows nothing of the run: the signal does there what it did before
            signal.signal(signum, signal.SIG_DFL)
            os.kill(os.getpid(), signum)
