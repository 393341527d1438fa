"""Tests with hypothesis's `@given`, as they are read: its wrapper is a plain function, whatever it wraps."""

from rustest.collect.members import Member
from rustest.model.calls import CallKind, kind_of
from rustest.model.given import handle_of, is_given


def kind_inside(member: Member) -> CallKind:
    """The kind of the function that `@given` wraps; that of any other plain function is plain."""
    if not is_given(member.bare):
        return CallKind.PLAIN
    if member.cls:
        _allow_instances(member.bare)
    return kind_of(handle_of(member.bare).inner_test)


def _allow_instances(test: object) -> None:
    """Keep hypothesis from complaining of many instances of a class: here every case and try of a test has its own.

    Its plugin for pytest sets the same attribute, as `settings` cannot be put on a test twice.
    """
    from hypothesis import HealthCheck, settings

    name = "_hypothesis_internal_use_settings"
    own: settings | None = getattr(test, name, None)
    if own is not None:
        allowed = {*own.suppress_health_check, HealthCheck.differing_executors}
        setattr(test, name, settings(own, suppress_health_check=allowed))
