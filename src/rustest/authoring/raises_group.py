"""`RaisesGroup`: an exception group that is expected, with what is in it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from rustest.authoring.exception_info import ExceptionInfo, Group
from rustest.authoring.raises_exc import RaisesExc, compile_match, complain_of_message, fill, read_check
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re


class RaisesGroup:
    """What is expected of a group: an exception of each of these kinds, in any order, and no other.

    `flatten_subgroups` looks for them in groups inside the group too. With `allow_unwrapped`, the one exception that is
    expected may come by itself. `match` is held against the group's own message, `check` is a function of the group.
    """

    def __init__(
        self,
        expected_exception: "type[BaseException] | RaisesExc[BaseException] | RaisesGroup",
        /,
        *other_exceptions: "type[BaseException] | RaisesExc[BaseException] | RaisesGroup",
        allow_unwrapped: bool = False,
        flatten_subgroups: bool = False,
        match: "str | re.Pattern[str] | None" = None,
        check: Callable[[Group], object] | None = None,
    ) -> None:
        self._expected = list(map(_read_member, (expected_exception, *other_exceptions)))
        self._allow_unwrapped, self._flatten = allow_unwrapped, flatten_subgroups
        self._pattern, self._check = compile_match(match), read_check(check)
        self._info: ExceptionInfo[Group] | None = None
        self.fail_reason: str | None = None
        """Why what was last held against it does not match; None where it does."""
        self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        if self._allow_unwrapped and len(self._expected) > 1:
            raise ValueError("RaisesGroup(allow_unwrapped=True) expects one exception: several do not come unwrapped")
        if self._allow_unwrapped and any(isinstance(member, RaisesGroup) for member in self._expected):
            raise ValueError("RaisesGroup(allow_unwrapped=True) expects an exception, not another group")
        if self._allow_unwrapped and (self._pattern is not None or self._check is not None):
            raise ValueError("with allow_unwrapped there may be no group: match and check belong into RaisesExc(...)")
        if self._flatten and any(isinstance(member, RaisesGroup) for member in self._expected):
            raise ValueError("flatten_subgroups leaves no groups inside the group: expect their exceptions themselves")

    def __enter__(self) -> ExceptionInfo[Group]:
        """Expect it of the block."""
        self._info = ExceptionInfo(expected=str(self))
        return self._info

    def __exit__(self, kind: object, value: BaseException | None, traceback: object) -> bool:
        """Take the group if it is the expected one; raise AssertionError for all else."""
        info, self._info = self._info, None
        if value is None:
            raise Failed(f"DID NOT RAISE any exception, expected {self}")
        if not self.matches(value):
            raise AssertionError(f"{self} was expected: {self.fail_reason}")
        if info is not None:
            fill(info, cast("Group", value))
        return True

    def matches(self, exception: BaseException | None) -> bool:
        """Whether the exception is such a group; `fail_reason` says why not."""
        self.fail_reason = self._complain(exception)
        return self.fail_reason is None

    def _complain(self, exception: BaseException | None) -> str | None:
        if not isinstance(exception, BaseExceptionGroup):
            if self._allow_unwrapped and exception is not None:
                return _complain_of(self._expected[0], exception)
            return f"{exception!r} is no exception group"
        group = cast("Group", exception)
        if self._pattern is not None and (complaint := complain_of_message(self._pattern, group, group.message)):
            return complaint
        members = [*_flatten(group)] if self._flatten else [*group.exceptions]
        if (complaint := self._pair(members)) is not None:
            return complaint
        if self._check is not None and not self._check(group):
            return f"the check of RaisesGroup() says no to {group!r}"
        return None

    def _pair(self, members: list[BaseException]) -> str | None:
        """Take for each of the expected the first that matches; why that fails, where it does."""
        missing: list[str] = []
        for expected in self._expected:
            position = next((n for n, one in enumerate(members) if _complain_of(expected, one) is None), None)
            if position is None:
                missing.append(str(expected))
            else:
                del members[position]
        if not missing and not members:
            return None
        parts = [f"nothing is {name}" for name in missing] + [f"{one!r} is not expected" for one in members]
        return "; ".join(parts)

    def __str__(self) -> str:
        return f"a group of {', '.join(map(str, self._expected))}"

    def __repr__(self) -> str:
        return f"<raises {self}>"


def _read_member(written: object) -> "RaisesExc[BaseException] | RaisesGroup":
    if isinstance(written, RaisesExc | RaisesGroup):
        return cast("RaisesExc[BaseException] | RaisesGroup", written)
    if isinstance(written, tuple):
        raise TypeError("RaisesGroup() expects its exceptions one by one: RaisesExc((A, B)) is either of two")
    return RaisesExc(cast("type[BaseException]", written))


def _complain_of(expected: "RaisesExc[BaseException] | RaisesGroup", exception: BaseException) -> str | None:
    return None if expected.matches(exception) else expected.fail_reason


def _flatten(group: Group) -> Iterator[BaseException]:
    for inner in group.exceptions:
        if isinstance(inner, BaseExceptionGroup):
            yield from _flatten(cast("Group", inner))
        else:
            yield inner
