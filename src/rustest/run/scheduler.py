"""Which test of a window may start next. Pure bookkeeping: it knows nothing of loops or time."""

from collections import deque
from collections.abc import Sequence

from rustest.model.plan import RunStep


class Scheduler:
    """Hands out the steps of one window, first come, first served, within the rules that the plan has set.

    At most `width` are out at once; none before those that it comes `after` have ended; never two holders of one
    serial key. A step takes all its keys at once or none, so holders cannot wait for each other in a ring. A step that
    was set aside comes once more when all others have ended, or at once while the others are held back, and alone.
    """

    def __init__(self, steps: Sequence[RunStep], width: int) -> None:
        self._width = width
        self._out = 0
        self._left = len(steps)
        self._held: set[str] = set()
        self._startable: deque[RunStep] = deque()
        self._awaiting: dict[str, int] = {}
        self._followers: dict[str, list[RunStep]] = {}
        self._aside: deque[RunStep] = deque()
        self.is_alone = False
        """Whether the step that is out was set aside before, and is to have no company."""
        self.is_held = False
        """Whether only steps that were set aside may come."""
        here = {step.item.id for step in steps} if any(step.after for step in steps) else set[str]()
        for step in steps:
            self._admit(step, here.intersection(step.after))

    def _admit(self, step: RunStep, earlier: set[str]) -> None:
        if not earlier:
            self._startable.append(step)
            return
        self._awaiting[step.item.id] = len(earlier)
        for node_id in earlier:
            self._followers.setdefault(node_id, []).append(step)

    @property
    def is_done(self) -> bool:
        """Whether every step has ended."""
        return self._left == 0

    @property
    def is_idle(self) -> bool:
        """Whether no step is out."""
        return self._out == 0

    def take(self) -> RunStep | None:
        """Take out the first step that may start now; None if there is none until another one ends."""
        if self._out >= self._width or self.is_alone:
            return None
        for position, step in enumerate(() if self.is_held else self._startable):
            if self._held.isdisjoint(step.keys):
                del self._startable[position]
                self._held.update(step.keys)
                self._out += 1
                return step
        return self._take_alone() if self._aside and self.is_idle else None

    def _take_alone(self) -> RunStep:
        self.is_alone = True
        self._out += 1
        return self._aside.popleft()

    @property
    def pending(self) -> int:
        """How many steps have been set aside and not ended."""
        return len(self._aside) + self.is_alone

    def set_aside(self, step: RunStep) -> None:
        """A step that was taken out is to come once more, alone; who waited for it need not wait for that."""
        self._out -= 1
        self._held.difference_update(step.keys)
        self._aside.append(step)
        self._call_up_followers(step)

    def put_back(self, step: RunStep) -> None:
        """A step that was taken out is to begin anew, before all others."""
        self._out -= 1
        self._held.difference_update(step.keys)
        self._startable.appendleft(step)

    def end(self, step: RunStep) -> None:
        """A step that was taken out has ended: its keys are free, and who waited for it may come up."""
        self._out -= 1
        self._left -= 1
        self.is_alone = False
        self._held.difference_update(step.keys)
        self._call_up_followers(step)

    def _call_up_followers(self, step: RunStep) -> None:
        for follower in self._followers.pop(step.item.id, ()):
            self._awaiting[follower.item.id] -= 1
            if not self._awaiting[follower.item.id]:
                self._startable.append(follower)
