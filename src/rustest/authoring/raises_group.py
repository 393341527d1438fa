"""`RaisesGroup`: the block must raise an exception group with these members, in any order."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from rustest.authoring.exception_info import ExceptionInfo
from rustest.authoring.patterns import compile_pattern, mismatch
from rustest.authoring.raises import RaisesExc
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re

AnyGroup = BaseExceptionGroup[BaseException]


class RaisesGroup:
    """Expects an exception group whose members are just these, each a type, a `RaisesExc` or another `RaisesGroup`.

    `flatten_subgroups` looks at the members of groups inside as if they were its own; `allow_unwrapped` takes the one
    expected exception without a group as well. `match` and `check` are asked of the group itself. Fails the test where
    another group, or nothing, is raised; raises TypeError or ValueError for what cannot be expected.
    """

    def __init__(
        self,
        *expected: object,
        allow_unwrapped: bool = False,
        flatten_subgroups: bool = False,
        match: "str | re.Pattern[str] | None" = None,
        check: "Callable[[AnyGroup], object] | None" = None,
    ) -> None:
        members = [_member(one) for one in expected]
        if not members:
            raise TypeError("RaisesGroup() needs to know what members to expect")
        if allow_unwrapped and (len(members) > 1 or isinstance(members[0], RaisesGroup) or match or check):
            raise ValueError("allow_unwrapped of RaisesGroup() is for one type or RaisesExc, without match or check")
        if flatten_subgroups and any(isinstance(one, RaisesGroup) for one in members):
            raise ValueError("flatten_subgroups of RaisesGroup() leaves no group inside to expect a RaisesGroup of")
        self._members = members
        self._shown = expected
        self._allows_unwrapped = allow_unwrapped
        self._flattens = flatten_subgroups
        self._pattern = None if match is None else compile_pattern(match, "match of RaisesGroup()")
        self._check = check
        self._info = ExceptionInfo[AnyGroup]()
        self.fail_reason: str | None = None
        """Why the exception that was looked at last is not what is expected; None where it is."""

    def __enter__(self) -> ExceptionInfo[AnyGroup]:
        self._info = ExceptionInfo[AnyGroup]()
        return self._info

    def __exit__(self, kind: object, value: BaseException | None, traceback: object) -> bool:
        if value is None:
            raise Failed(f"{self!r}: nothing was raised")
        if not self.matches(value):
            raise Failed(f"the exception that was raised is not the group that was expected: {self.fail_reason}")
        self._info.fill(cast("AnyGroup", value))
        return True

    def matches(self, exception: BaseException | None) -> bool:
        """Whether that exception is what is expected; if not, `fail_reason` says why."""
        self.fail_reason = self._reason_against(exception) or None
        return self.fail_reason is None

    def _reason_against(self, exception: BaseException | None) -> str:
        if not isinstance(exception, BaseExceptionGroup):
            return self._reason_against_lone(exception)
        group = cast("AnyGroup", exception)
        if self._pattern and (reason := mismatch(self._pattern, group)):
            return reason
        members = list(_flattened(group)) if self._flattens else list(group.exceptions)
        if reason := self._reason_against_members(members):
            return reason
        if self._check and not self._check(group):
            return f"the check of RaisesGroup() says no to {group!r}"
        return ""

    def _reason_against_lone(self, exception: BaseException | None) -> str:
        would_do = len(self._members) == 1 and self._members[0].matches(exception)
        if would_do and self._allows_unwrapped:
            return ""
        hint = "; allow_unwrapped=True would take it" if would_do else ""
        return f"{exception!r} is no exception group{hint}"

    def _reason_against_members(self, members: Sequence[BaseException]) -> str:
        taken = _pair(self._members, members)
        missing = [repr(one) for number, one in enumerate(self._members) if number not in taken.values()]
        others = [repr(one) for number, one in enumerate(members) if number not in taken]
        lines = [f"expected and not there: {', '.join(missing)}"] if missing else []
        lines += [f"there and not expected: {', '.join(others)}"] if others else []
        if lines and not self._flattens and any(isinstance(one, BaseExceptionGroup) for one in members):
            lines.append("flatten_subgroups=True looks at the members of groups inside; so does a RaisesGroup inside")
        return "\n".join(lines)

    def __repr__(self) -> str:
        parts = [one.__name__ if isinstance(one, type) else repr(one) for one in self._shown]
        parts += ["allow_unwrapped=True"] if self._allows_unwrapped else []
        parts += ["flatten_subgroups=True"] if self._flattens else []
        parts += [f"match={self._pattern.pattern!r}"] if self._pattern else []
        parts += [f"check={self._check!r}"] if self._check else []
        return f"RaisesGroup({', '.join(parts)})"


def _member(expected: object) -> "RaisesExc[Any] | RaisesGroup":
    if isinstance(expected, RaisesGroup):
        return expected
    if isinstance(expected, RaisesExc):
        return expected  # pyright: ignore[reportUnknownVariableType]
    return RaisesExc(cast("type[BaseException]", expected))


def _flattened(group: AnyGroup) -> Iterator[BaseException]:
    for one in group.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _flattened(cast("AnyGroup", one))
        else:
            yield one


def _pair(expected: "Sequence[RaisesExc[Any] | RaisesGroup]", members: Sequence[BaseException]) -> dict[int, int]:
    """The members that were expected, each with its expectation's number: first come, first served."""
    taken: dict[int, int] = {}
    for number, one in enumerate(expected):
        for position, member in enumerate(members):
            if position not in taken and one.matches(member):
                taken[position] = number
                break
    return taken
