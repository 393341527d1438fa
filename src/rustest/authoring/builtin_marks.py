"""The arguments of the marks that mean something to rustest, checked and recorded as written."""

from collections.abc import Callable

from rustest.authoring.arguments import (
    read_count,
    read_delay,
    read_exceptions,
    read_flag,
    read_names,
    read_seconds,
    refuse_unknown,
)
from rustest.model.hints import TypedDict, Unpack
from rustest.model.marks import Mark, MarkDecorator
from rustest.model.scope import ScopeName, parse_scope
from rustest.model.warning_filters import parse_filter


class AsyncioOptions(TypedDict, total=False):
    """The keywords of `mark.asyncio`; None is as good as leaving it out."""

    loop_scope: ScopeName | None
    """Which tests share an event loop: those of a function (a loop for each), class, module, package or session."""
    timeout: float | None
    """Seconds that the body may take, and again each async fixture's set-up and teardown."""
    loop_factory: Callable[[], object] | None
    """Makes the event loop, where it must be of a certain kind."""
    debug: bool | None
    """asyncio's debug mode."""


def asyncio(**options: Unpack[AsyncioOptions]) -> Mark:
    """How async tests run: a method's mark overrides its class's keyword by keyword, and sync tests ignore it.

    Raises ValueError for a timeout of 0 or less or an unknown loop scope, TypeError for a keyword that does not exist
    or a value of the wrong type.
    """
    refuse_unknown(options, AsyncioOptions.__annotations__, "mark.asyncio")
    given = {keyword: value for keyword, value in options.items() if value is not None}
    if "loop_scope" in given:
        parse_scope(given["loop_scope"], "loop_scope")
    if "timeout" in given:
        read_seconds(given["timeout"])
    if "debug" in given:
        read_flag(given["debug"], "debug of mark.asyncio")
    if "loop_factory" in given and not callable(given["loop_factory"]):
        raise TypeError(f"loop_factory must be a function that makes an event loop, not {given['loop_factory']!r}")
    return Mark("asyncio", (), given)


class XfailOptions(TypedDict, total=False):
    """The keywords of `mark.xfail`."""

    reason: str
    """Why the test is expected to fail."""
    raises: type[BaseException] | tuple[type[BaseException], ...] | None
    """Only these count as the expected failure."""
    run: bool
    """False never runs the test."""
    strict: bool | None
    """Whether passing fails the test; None leaves it to the setting `xfail_strict`."""


def xfail(condition: bool | str = True, **options: Unpack[XfailOptions]) -> Mark:
    """Expect the test to fail if the condition holds; a string is an expression over the names of the test's module.

    Raises TypeError for a keyword that does not exist or a value of the wrong type.
    """
    refuse_unknown(options, XfailOptions.__annotations__, "mark.xfail")
    given = {keyword: value for keyword, value in options.items() if value is not None}
    if "raises" in given:
        read_exceptions(given["raises"], "raises of mark.xfail")
    for flag in ("run", "strict"):
        if flag in given:
            read_flag(given[flag], f"{flag} of mark.xfail")
    always = condition is True
    given |= _read_reason(given.pop("reason", ""), "mark.xfail", "" if always else condition)
    return Mark("xfail", () if always else (condition,), given)


def skip(reason: str = "") -> Mark:
    """Never run the test."""
    return Mark("skip", (), _read_reason(reason, "mark.skip"))


def serial(*keys: str) -> Mark:
    """Keep the test apart: from holders of the same keys, or without keys from every other test."""
    return Mark("serial", read_names(keys, "keys of mark.serial"))


def concurrency(holders: int, *keys: str) -> MarkDecorator:
    """Let at most so many tests that hold one of these keys run at once.

    All who limit a key give it the same number. Raises TypeError or ValueError for a number or keys that are none.
    """
    if not keys:
        raise TypeError('mark.concurrency needs a key after its number: mark.concurrency(4, "api")')
    number = read_count(holders, "the number of mark.concurrency", least=1)
    return MarkDecorator(Mark("concurrency", (number, *read_names(keys, "keys of mark.concurrency"))))


def skipif(condition: bool | str, *, reason: str = "") -> MarkDecorator:
    """Do not run the test if the condition holds; a string is an expression over the names of the test's module."""
    return MarkDecorator(Mark("skipif", (condition,), _read_reason(reason, "mark.skipif", condition)))


def timeout(seconds: float) -> MarkDecorator:
    """Fail the test, sync or async, if its body takes longer; raises ValueError for 0 or less."""
    return MarkDecorator(Mark("timeout", (read_seconds(seconds),)))


class FlakyOptions(TypedDict, total=False):
    """The keywords of `mark.flaky`."""

    retries: int
    """How often to try again a test that fails; 1 where it is left out."""
    delay: float
    """Seconds to wait before."""
    only: type[BaseException] | tuple[type[BaseException], ...]
    """Only after failures of these types."""


def flaky(**options: Unpack[FlakyOptions]) -> Mark:
    """Try the test again if it fails; raises ValueError or TypeError for numbers below 0 and what is none."""
    refuse_unknown(options, FlakyOptions.__annotations__, "mark.flaky")
    given: dict[str, object] = dict(options)
    if "retries" in given:
        read_count(given["retries"], "retries of mark.flaky")
    if "delay" in given:
        read_delay(given["delay"], "delay of mark.flaky")
    if "only" in given:
        given["only"] = read_exceptions(given["only"], "only of mark.flaky")
    return Mark("flaky", (), given)


def filterwarnings(*filters: str) -> MarkDecorator:
    """Filter the test's warnings, as in `mark.filterwarnings("error::DeprecationWarning")`; of several the last wins.

    Raises ValueError for what is no filter.
    """
    if not filters:
        raise TypeError('mark.filterwarnings needs a filter: mark.filterwarnings("error::DeprecationWarning")')
    for text in read_names(filters, "filters of mark.filterwarnings"):
        try:
            parse_filter(text)
        except ValueError as error:
            raise ValueError(f"mark.filterwarnings({text!r}) is no warning filter: {error}") from None
    return MarkDecorator(Mark("filterwarnings", filters))


def usefixtures(*names: str) -> MarkDecorator:
    """Use these fixtures without asking for their values; raises TypeError for what is no name."""
    if not names:
        raise TypeError('mark.usefixtures needs names of fixtures: mark.usefixtures("name")')
    return MarkDecorator(Mark("usefixtures", read_names(names, "fixtures of mark.usefixtures")))


def _read_reason(written: object, what: str, condition: object = "") -> dict[str, object]:
    """The keyword to record; a condition needs one, unless it is a string, which speaks for itself."""
    if not isinstance(written, str):
        raise TypeError(f"reason of {what} must be a string, not {written!r}")
    if not written and not isinstance(condition, str):
        raise TypeError(f'{what} with a condition needs a reason: {what}(..., reason="...")')
    return {"reason": written} if written else {}
