"""The marks `skip`, `skipif` and `xfail`, evaluated before anything runs."""

from rustest.model.errors import PlanError
from rustest.model.hints import cast
from rustest.model.item import Item, TestFunction
from rustest.model.marks import Mark
from rustest.model.node import RunConfig
from rustest.model.outcome import ExpectedFailure, Verdict
from rustest.model.plan import SkipStep

_NOT_GIVEN = object()


def plan_skip(item: Item, config: RunConfig) -> SkipStep | None:
    """The step of a test whose marks say that it is skipped; raises PlanError where a mark makes no sense.

    Conditions that are strings find `config` among their names.
    """
    for mark in item.marked("skipif"):
        if (reason := _holds(mark, item.function, config)) is not None:
            return SkipStep(item, Verdict.SKIPPED, reason)
    for mark in item.marked("skip"):
        return SkipStep(item, Verdict.SKIPPED, _skip_reason(mark))
    return None


def _skip_reason(mark: Mark) -> str:
    reason = mark.kwargs.get("reason", mark.args[0] if mark.args else "")
    if not isinstance(reason, str):
        raise PlanError(f"mark.skip takes a reason in words, not {reason!r}; conditions belong to mark.skipif")
    return reason or "unconditional skip"


def plan_expected_failure(item: Item, strict: bool, config: RunConfig) -> ExpectedFailure | SkipStep | None:
    """What the nearest `xfail` mark whose condition holds asks for; raises PlanError where it makes no sense."""
    for mark in item.marked("xfail"):
        if (reason := _holds(mark, item.function, config)) is not None:
            if mark.kwargs.get("run", True):
                return ExpectedFailure(reason, _raises(mark), bool(mark.kwargs.get("strict", strict)))
            return SkipStep(item, Verdict.XFAILED, f"[NOTRUN] {reason}".rstrip())
    return None


def _raises(mark: Mark) -> tuple[type[BaseException], ...] | None:
    raises = mark.kwargs.get("raises")
    if raises is None:
        return None
    kinds = cast("tuple[object, ...]", raises) if isinstance(raises, tuple) else (raises,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise PlanError(f"mark.xfail(raises=...) takes exception types, not {kind!r}")
    return cast("tuple[type[BaseException], ...]", kinds)


def _holds(mark: Mark, function: TestFunction, config: RunConfig) -> str | None:
    """The reason, where one of the mark's conditions holds or it has none; else None."""
    condition = mark.kwargs.get("condition", _NOT_GIVEN)
    conditions = mark.args if condition is _NOT_GIVEN else (condition, *mark.args)
    if not conditions:
        return _reason(mark, None)
    reasons = [_reason(mark, condition) for condition in conditions if _is_true(condition, mark, function, config)]
    return reasons[0] if reasons else None


def _is_true(condition: object, mark: Mark, function: TestFunction, config: RunConfig) -> bool:
    if not isinstance(condition, str) and not mark.kwargs.get("reason"):
        raise PlanError(f'mark.{mark.name} needs a reason where its condition is no string: reason="why"')
    try:
        return bool(_evaluate(condition, function, config) if isinstance(condition, str) else condition)
    except Exception as broken:  # whatever a user's condition raises is the condition's fault
        cause = f"{type(broken).__name__}: {broken}"
        raise PlanError(f"cannot evaluate the condition {condition!r} of mark.{mark.name}: {cause}") from broken


def _evaluate(condition: str, function: TestFunction, config: RunConfig) -> object:
    import os
    import platform
    import sys

    from rustest.plan.footprints.code_glance import unwrap

    names = {"os": os, "sys": sys, "platform": platform, "config": config}
    names |= getattr(unwrap(function.func), "__globals__", {})
    return eval(condition, names)  # noqa: S307 - the user's own code, as written in his test file


def _reason(mark: Mark, condition: object) -> str:
    reason = mark.kwargs.get("reason") or (f"condition: {condition}" if isinstance(condition, str) else "")
    if not isinstance(reason, str):
        raise PlanError(f"mark.{mark.name} takes reason=... in words, not {reason!r}")
    return reason
