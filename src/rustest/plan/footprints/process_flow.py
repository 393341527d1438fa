"""Which changes of a function are in place while it is suspended: only those can meet another test.

What is changed and put back between two suspensions nobody else sees, as tests take turns only where they await.
"""

import dis
from collections.abc import Iterable, Sequence
from typing import Protocol, cast

from rustest.model.record import NamedTuple
from rustest.plan.footprints.process_acts import WHOLE, Act, ActKind, Effect
from rustest.plan.footprints.stack_machine import goes_on, is_jump

_SUSPENDING = "YIELD_VALUE"
_ROUNDS = 2
"""A second time for what a loop carries from its end to its beginning."""

Held = frozenset[Effect]
_NONE: Held = frozenset()


class Guard(Protocol):
    """A stretch of code, and where it goes on if something is raised there: a row of the exception table."""

    start: int
    end: int
    target: int


class Flow(NamedTuple):
    """How the changes of a function lie among its suspensions."""

    held: Held
    """In place at some suspension."""
    left: Held
    """In place at an end."""
    freed: frozenset[Effect]
    """Ended here, though they did not begin here."""


def follow(code_instructions: Sequence[dis.Instruction], guards: Sequence[Guard], acts: Iterable[Act]) -> Flow:
    """Follow the acts through the function, along all its ways."""
    return _Follower(code_instructions, guards, acts).flow()


def guards_of(bytecode: dis.Bytecode) -> list[Guard]:
    """The rows of its exception table, which `dis` does not tell type checkers of."""
    return cast("list[Guard]", vars(bytecode)["exception_entries"])


class _Follower:
    def __init__(self, instructions: Sequence[dis.Instruction], guards: Sequence[Guard], acts: Iterable[Act]) -> None:
        self._instructions = instructions
        self._guards = guards
        self._acts: dict[int, list[Act]] = {}
        for act in acts:
            self._acts.setdefault(act.offset, []).append(act)
        self._arriving: dict[int, Held] = {}
        self._suspended: set[Effect] = set()
        self._left: set[Effect] = set()
        self._freed: set[Effect] = set()

    def flow(self) -> Flow:
        """Go along, and say what was seen."""
        for _ in range(_ROUNDS):
            current: Held | None = _NONE
            for instruction in self._instructions:
                current = self._step(instruction, current)
        return Flow(frozenset(self._suspended) | self._in_blocks(), frozenset(self._left), frozenset(self._freed))

    def _step(self, instruction: dis.Instruction, current: Held | None) -> Held | None:
        """What is in place after the instruction, on the way to the next one; None where nothing goes on there."""
        offset, name = instruction.offset, instruction.opname
        held = self._arriving.get(offset, _NONE) | (current or _NONE)
        if (guard := self._guard(offset)) is not None:
            self._arrive(guard.target, held)
        if name == _SUSPENDING:
            self._suspended |= held
        for act in self._acts.get(offset, ()):
            held = self._apply(act, held)
        if name.startswith(("RETURN_VALUE", "RETURN_CONST")):
            self._left |= held
        if is_jump(instruction):
            self._arrive(cast("int", instruction.argval), held)
        return held if goes_on(instruction) else None

    def _arrive(self, offset: int, held: Held) -> None:
        self._arriving[offset] = self._arriving.get(offset, _NONE) | held

    def _apply(self, act: Act, held: Held) -> Held:
        name, part, _ = act.effect.resource
        same = frozenset(one for one in held if one.resource.name == name and (part in (WHOLE, one.resource.part)))
        match act.kind:
            case ActKind.CHANGE:
                return held if same else held | {act.effect}
            case ActKind.PUT_BACK if not same:
                return held | {act.effect}
            case ActKind.PUT_BACK | ActKind.RELEASE:
                if not same:
                    self._freed.add(act.effect)
                return held - same
            case ActKind.SURE:
                self._suspended.add(act.effect)
                return held
            case ActKind.WITH:
                return held

    def _guard(self, offset: int) -> Guard | None:
        """The innermost row that holds the instruction; they do not overlap."""
        return next((guard for guard in self._guards if guard.start <= offset < guard.end), None)

    # --- with blocks ----------------------------------------------------------------------------------------

    def _in_blocks(self) -> Held:
        acts = [act for acts in self._acts.values() for act in acts if act.kind is ActKind.WITH]
        if not acts:
            return _NONE
        stops = [one.offset for one in self._instructions if one.opname == _SUSPENDING]
        return frozenset(
            act.effect
            for act in acts
            if (target := self._handler(act.offset)) is None or any(self._is_in(stop, target) for stop in stops)
        )

    def _handler(self, offset: int) -> int | None:
        """Where the `with` block that begins there goes on if something is raised in it."""
        handlers = self._handlers
        around = {guard.target for guard in self._guards if guard.start <= offset}
        inside = (guard for guard in self._guards if guard.target in handlers and guard.target not in around)
        first = min(inside, key=lambda guard: guard.start, default=None)
        return None if first is None else first.target

    @property
    def _handlers(self) -> set[int]:
        """The offsets of the code that leaves a `with` block after something was raised."""
        pairs = zip(self._instructions, self._instructions[1:], strict=False)
        return {first.offset for first, second in pairs if second.opname == "WITH_EXCEPT_START"}

    def _is_in(self, offset: int, target: int) -> bool:
        """Whether what is raised there ends up at the target, by way of whatever handlers."""
        seen: set[int] = set()
        while (guard := self._guard(offset)) is not None and guard.target not in seen:
            if guard.target == target:
                return True
            seen.add(offset := guard.target)
        return False
