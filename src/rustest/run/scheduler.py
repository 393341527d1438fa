"""Which test of a window may start next. Pure bookkeeping: it knows nothing of loops or time.

Tests stand in line in the order of the plan; one that waits for others gets in line when the last of those has ended.
A test takes all its keys at once or none, so that holders cannot wait for each other in a ring. One that must wait for
a key holds up nobody who does without it. Those who hold the same keys wait in one queue, of which only the first is
looked at; a queue that waits for a key is looked at again when a place of that key has come free.

A test that needs several keys could wait for ever, as others take now the one, now the other. So only `PATIENCE` tests
behind it in line may overtake it by taking a key that it needs. From then on its keys are kept for it.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from operator import attrgetter

from rustest.model.plan import RunStep

PATIENCE = 16
"""How often a test that needs several keys may be overtaken."""


class _Key:
    """A key, how many tests may hold it, and which queues wait for it."""

    __slots__ = ("claimants", "free", "waiting")

    def __init__(self, holders: int) -> None:
        self.free = holders
        self.waiting: list[tuple[int, _Queue]] = []
        """The queues that were stopped by this key, the one with the foremost test on top."""
        self.claimants: list[_Queue] = []
        """All queues of tests that need this key and another one."""

    def is_kept_from(self, place: int) -> bool:
        """Whether the key is kept for a test that stands in front of that place."""
        return any(queue.overtaken >= PATIENCE and queue.is_before(place) for queue in self.claimants)


class _Queue:
    """The tests that need the same keys, in line, each with its place."""

    __slots__ = ("keys", "overtaken", "steps")

    def __init__(self, keys: tuple[_Key, ...]) -> None:
        self.keys = keys
        self.overtaken = 0
        """How often its first test has been."""
        self.steps: deque[tuple[int, RunStep]] = deque()

    def is_before(self, place: int) -> bool:
        """Whether its first test stands in front of that place."""
        return bool(self.steps) and self.steps[0][0] < place


class Scheduler:
    """Hands out the steps of one window, first come, first served, within the rules that the plan has set.

    At most `width` are out at once; none before those that it comes `after` have ended; never more holders of a key
    than it allows. A step that was set aside comes once more when all others have ended, or at once while the others
    are held back, and alone.
    """

    def __init__(self, steps: Sequence[RunStep], width: int) -> None:
        self._width = width
        self._out = 0
        self._left = len(steps)
        self._places = 0
        self._keys: dict[str, _Key] = {}
        self._queues: dict[tuple[str, ...], _Queue] = {}
        self._ready: list[tuple[int, _Queue]] = []
        self._awaiting: dict[str, int] = {}
        self._followers: dict[str, list[RunStep]] = {}
        self._aside: deque[RunStep] = deque()
        self.is_alone = False
        """Whether the step that is out was set aside before, and is to have no company."""
        self.is_held = False
        """Whether only steps that were set aside may come."""
        here = {step.item.id for step in steps} if any(map(attrgetter("after"), steps)) else None
        for step in steps:
            if here is None or not (earlier := here.intersection(step.after)):
                self._line_up(step)
            else:
                self._keep_back(step, earlier)

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
        while self._ready and not self.is_held:
            place, queue = heappop(self._ready)
            if not queue.keys or (stop := _obstacle(queue.keys, place)) is None:
                return self._take_from(queue)
            heappush(stop.waiting, (place, queue))
            _wake((key for key in queue.keys if key is not stop), self._ready)  # it leaves them to the next one
        return self._take_alone() if self._aside and self.is_idle else None

    def _take_alone(self) -> RunStep:
        self.is_alone = True
        self._out += 1
        return self._aside.popleft()

    def pending(self) -> int:
        """How many steps have been set aside and not ended."""
        return len(self._aside) + self.is_alone

    def set_aside(self, step: RunStep) -> None:
        """A step that was taken out is to come once more, alone; who waited for it need not wait for that."""
        self._out -= 1
        self._release(step)
        self._aside.append(step)
        self._call_up_followers(step)

    def put_back(self, step: RunStep) -> None:
        """A step that was taken out is to begin anew, behind those that are in line."""
        self._out -= 1
        self._release(step)
        self._line_up(step)

    def end(self, step: RunStep) -> None:
        """A step that was taken out has ended: its keys are free, and who waited for it may come up."""
        self._out -= 1
        self._left -= 1
        if self.is_alone:
            self.is_alone = False  # it held nothing
        else:
            self._release(step)
        self._call_up_followers(step)

    def _release(self, step: RunStep) -> None:
        if not step.keys and not step.limits:  # as most
            return
        keys = self._queue_of(step).keys
        for key in keys:
            key.free += 1
        _wake(keys, self._ready)

    def _call_up_followers(self, step: RunStep) -> None:
        for follower in self._followers.pop(step.item.id, ()) if self._followers else ():
            self._awaiting[follower.item.id] -= 1
            if not self._awaiting[follower.item.id]:
                self._line_up(follower)

    # --- getting in line ------------------------------------------------------------------------------------

    def _keep_back(self, step: RunStep, earlier: set[str]) -> None:
        self._awaiting[step.item.id] = len(earlier)
        for node_id in earlier:
            self._followers.setdefault(node_id, []).append(step)

    def _line_up(self, step: RunStep) -> None:
        queue = self._queue_of(step)
        queue.steps.append((self._places, step))
        if len(queue.steps) == 1:
            heappush(self._ready, (self._places, queue))
        self._places += 1

    def _queue_of(self, step: RunStep) -> _Queue:
        if not step.keys and not step.limits:
            names: tuple[str, ...] = ()
        else:
            names = tuple(sorted({*step.keys, *(limit.key for limit in step.limits)}))
        queue = self._queues.get(names)
        if queue is None:
            queue = self._queues[names] = self._open_queue(names, step)
        return queue

    def _open_queue(self, names: tuple[str, ...], step: RunStep) -> _Queue:
        holders = {limit.key: limit.holders for limit in step.limits} | dict.fromkeys(step.keys, 1)
        for name in names:
            if name not in self._keys:
                self._keys[name] = _Key(holders[name])
        queue = _Queue(tuple(self._keys[name] for name in names))
        if len(names) > 1:
            for key in queue.keys:
                key.claimants.append(queue)
        return queue

    # --- getting out ----------------------------------------------------------------------------------------

    def _take_from(self, queue: _Queue) -> RunStep:
        place, step = queue.steps.popleft()
        queue.overtaken = 0
        if queue.steps:
            heappush(self._ready, (queue.steps[0][0], queue))
        if queue.keys:
            self._hold(queue.keys, place)
        self._out += 1
        return step

    def _hold(self, keys: tuple[_Key, ...], place: int) -> None:
        for key in keys:
            key.free -= 1
        for claimant in {claimant for key in keys for claimant in key.claimants}:
            claimant.overtaken += claimant.is_before(place)
        _wake(keys, self._ready)  # a key with a place left may have been kept for this test


def _obstacle(keys: Iterable[_Key], place: int) -> _Key | None:
    """The first of the keys that cannot be taken from that place in line."""
    return next((key for key in keys if key.free == 0 or key.is_kept_from(place)), None)


def _wake(keys: Iterable[_Key], ready: list[tuple[int, _Queue]]) -> None:
    """Have the foremost queue that waits for each key looked at again, if it could take the key now."""
    for key in keys:
        if key.free and key.waiting and not key.is_kept_from(key.waiting[0][0]):
            heappush(ready, heappop(key.waiting))
