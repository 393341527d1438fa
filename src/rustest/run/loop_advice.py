"""What to do about errors that come of a loop which is the wrong one, stands still or is not there."""

from collections.abc import Awaitable, Coroutine

from rustest.model.plan import RunStep

_SHARED = (
    "each async test has an event loop of its own, and this was made or first used on another: "
    'make it in the test or in a fixture, or have its users share a loop: @mark.asyncio(loop_scope="module")'
)
_TRIO = "the test runs on asyncio and awaits something of trio: mark it with mark.trio"
_ADVICE = (
    ("is bound to a different event loop", _SHARED),
    ("attached to a different loop", _SHARED),
    ("await wasn't used with future", _SHARED),
    ("Event loop is closed", _SHARED),
    ("Task got bad yield: <class 'trio.", _TRIO),
)


def advice_on(exc: RuntimeError) -> str:
    """The sentence for that error; empty where there is none."""
    if type(exc) is not RuntimeError or len(exc.args) != 1:
        return ""
    said = str(exc)
    return next((advice for words, advice in _ADVICE if words in said), "")


def advice_on_waiting(step: RunStep) -> str:
    """The sentence for a test that has timed out in its body, if it may have waited for what only a loop could do."""
    names = [use.definition.name for use in step.fixtures if use.definition.kind.is_async]
    if step.item.is_async or not names:
        return ""
    fixtures = f"fixture{'s' * (len(names) > 1)} {' and '.join(map(repr, names))}"
    return (
        f"while a sync test runs, no event loop does: nothing that the async {fixtures} may have started answers it; "
        "make the test async"
    )


def never_awaited(returned: Awaitable[object]) -> RuntimeError:
    """What a sync test fails with that has returned something to await; a coroutine is closed."""
    kind = type(returned).__name__
    if isinstance(returned, Coroutine):
        returned.close()  # lest Python complain of it, too
    return RuntimeError(
        f"the test is a plain def and returned a {kind}, which nobody awaits: "
        "make it async def, or the wrapper that its decorator has put around it"
    )
