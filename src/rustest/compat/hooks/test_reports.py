"""Reports of a test's phases, as `pytest_runtest_makereport` makes them and `pytest_runtest_logreport` gets them."""

from collections.abc import Callable
from time import time
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from rustest.authoring.exception_info import ExceptionInfo, Kinds
from rustest.compat.hooks.representations import long_of
from rustest.compat.names.types import StashKey
from rustest.model.errors import Failed, Skipped, XFailed
from rustest.model.failure import Phase, describe, said_of
from rustest.model.hooks import PhaseEnd

if TYPE_CHECKING:
    from rustest.compat.hooks.items import Item

T = TypeVar("T")

XFAILED: StashKey["Xfail | None"] = StashKey()
"""Where a test keeps what its `xfail` says, for plugins that look there."""

WHEN = {Phase.SETUP: "setup", Phase.CALL: "call", Phase.TEARDOWN: "teardown", Phase.COLLECT: "collect"}
"""What pytest calls the phases."""


class Xfail(NamedTuple):
    """What the `xfail` of a test that runs says."""

    reason: str
    run: bool
    strict: bool
    raises: tuple[type[BaseException], ...] | None


class CallInfo(Generic[T]):
    """How a phase went."""

    def __init__(
        self, result: T | None, excinfo: ExceptionInfo[BaseException] | None, when: str, duration: float
    ) -> None:
        self._result = result
        self.excinfo = excinfo
        self.when = when
        self.duration = duration
        self.stop = time()
        self.start = self.stop - duration
        self.end: PhaseEnd | None = None
        """What rustest knows of it."""

    @property
    def result(self) -> T:
        """What it gave; raises AttributeError where it raised."""
        if self.excinfo is not None:
            raise AttributeError(f"{self!r} has no valid result")
        return cast("T", self._result)

    @classmethod
    def from_call(
        cls,
        func: Callable[[], T],
        when: str,
        reraise: Kinds | None = None,
    ) -> "CallInfo[T]":
        """Make a call, and take down how it went."""
        began = time()
        try:
            result, excinfo = func(), None
        except BaseException as exc:
            if reraise is not None and isinstance(exc, reraise):
                raise
            return cls(None, ExceptionInfo(exc), when, time() - began)
        return cls(result, excinfo, when, time() - began)


class TestReport:
    """What is known of a test at the end of a phase."""

    __test__ = False
    wasxfail: str
    """Only there where an `xfail` counts, as in pytest."""

    def __init__(self, item: "Item", call: CallInfo[None], outcome: str, longrepr: Any) -> None:
        self.nodeid = item.nodeid
        self.location = item.location
        self.keywords: dict[str, object] = dict.fromkeys(item.keywords, 1)
        self.outcome = outcome
        self.longrepr = longrepr
        self.when = call.when
        self.user_properties = list(item.user_properties)
        self.sections: list[tuple[str, str]] = [
            (f"Captured {key} {when}", text) for when, key, text in item.report_sections
        ]
        self.duration, self.start, self.stop = call.duration, call.start, call.stop

    def __repr__(self) -> str:
        return f"<TestReport {self.nodeid!r} when={self.when!r} outcome={self.outcome!r}>"

    @classmethod
    def from_item_and_call(cls, item: "Item", call: CallInfo[None]) -> "TestReport":
        """The report as pytest would make it."""
        return report_of(item, call)

    def _to_json(self) -> dict[str, object]:
        """What is known as plain values, by the names that pytest gives them."""
        said: object = self.longrepr
        if isinstance(said, tuple):
            said = [*cast("tuple[object, ...]", said)]
        elif said is not None:
            said = str(said)
        return {**vars(self), "longrepr": said, "$report_type": type(self).__name__}

    @property
    def passed(self) -> bool:
        """Whether the phase went well."""
        return self.outcome == "passed"

    @property
    def failed(self) -> bool:
        """Whether it did not."""
        return self.outcome == "failed"

    @property
    def skipped(self) -> bool:
        """Whether the test was skipped, or has failed as expected."""
        return self.outcome == "skipped"

    @property
    def fspath(self) -> str:
        """The test's file."""
        return self.nodeid.split("::")[0]

    @property
    def count_towards_summary(self) -> bool:
        """Whether it counts."""
        return True

    @property
    def head_line(self) -> str | None:
        """The test's name."""
        return self.location[2]

    @property
    def longreprtext(self) -> str:
        """What is to be said of a failure."""
        return "" if self.longrepr is None else str(self.longrepr)

    @property
    def caplog(self) -> str:
        """What was logged, as far as plugins have added it."""
        return self._text("Captured log")

    @property
    def capstdout(self) -> str:
        """What was printed, as far as plugins have added it."""
        return self._text("Captured stdout")

    @property
    def capstderr(self) -> str:
        """What was printed there, as far as plugins have added it."""
        return self._text("Captured stderr")

    def _text(self, title: str) -> str:
        return "".join(text for name, text in self.sections if name.startswith(title))


def call_of(end: PhaseEnd) -> CallInfo[None]:
    """How a phase went, as pytest's hooks are told."""
    raised = end.raised
    call: CallInfo[None] = CallInfo(
        None, None if raised is None else ExceptionInfo(raised), WHEN[end.phase], end.duration
    )
    call.end = end
    return call


def keep_xfail(item: "Item", end: PhaseEnd) -> None:
    """Leave on the test what its `xfail` says, as pytest does before it makes reports."""
    expected = end.expected
    item.stash[XFAILED] = Xfail(expected.reason, True, expected.strict, expected.raises) if expected else None


def xfail_of(item: "Item") -> Xfail | None:
    """What has been left there."""
    found: Any = item.stash.get(XFAILED)
    return cast("Xfail | None", found)


def report_of(item: "Item", call: CallInfo[None]) -> TestReport:
    """The report as pytest would make it, before hooks change it."""
    end = call.end or _end_of(call)
    raised = end.raised
    report = TestReport(item, call, _outcome(end), None if raised is None else _long(item, end, raised))
    if isinstance(raised, XFailed):
        report.wasxfail = raised.reason
    elif end.expected is not None and (end.is_xfailed or (raised is None and end.phase is Phase.CALL)):
        report.wasxfail = end.expected.reason
    return report


def _end_of(call: CallInfo[None]) -> PhaseEnd:
    """What a plugin has called by itself."""
    phase = next(phase for phase, when in WHEN.items() if when == call.when)
    return PhaseEnd(phase, call.excinfo.value if call.excinfo else None, call.duration, None, False)


def _outcome(end: PhaseEnd) -> str:
    if end.raised is None:
        is_strict = end.expected is not None and end.expected.strict and end.phase is Phase.CALL
        return "failed" if is_strict else "passed"
    return "skipped" if end.is_xfailed or isinstance(end.raised, Skipped | XFailed) else "failed"


def _long(item: "Item", end: PhaseEnd, raised: BaseException) -> Any:
    if isinstance(raised, Skipped):
        file, line, _ = item.location
        return file, (line or 0) + 1, f"Skipped: {raised.reason}"
    said = said_of(raised)
    return long_of(describe(raised, end.phase)) if said is None else said


def changed(report: TestReport, end: PhaseEnd) -> BaseException | None:
    """With what a phase has ended by a report that hooks may have changed."""
    if report.outcome == _outcome(end):
        return end.raised
    text = report.longreprtext
    match report.outcome:
        case "passed":
            return None
        case "skipped" if (reason := getattr(report, "wasxfail", None)) is not None:
            return XFailed(str(reason))
        case "skipped":
            longrepr: Any = report.longrepr
            return Skipped(_reason(longrepr) or text)
        case _:
            return end.raised or Failed(text or "a hook has made this test's report one of a failure")


def _reason(longrepr: Any) -> str:
    """Why a test was skipped, where its report says so as pytest's do: file, line and reason."""
    return (
        str(cast("tuple[object, ...]", longrepr)[-1]).removeprefix("Skipped: ") if isinstance(longrepr, tuple) else ""
    )
