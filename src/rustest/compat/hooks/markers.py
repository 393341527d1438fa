"""`hookimpl` and `hookspec`: what a plugin says of its hooks, left on the function for whoever registers it."""

from collections.abc import Callable
from typing import TypeVar, overload

IMPLEMENTATION = "pytest_impl"
"""Where `hookimpl` leaves its options: pluggy's own name for the project `pytest`."""
SPECIFICATION = "pytest_spec"

_F = TypeVar("_F", bound=Callable[..., object])


@overload
def hookimpl(function: _F, /) -> _F: ...


@overload
def hookimpl(
    *,
    hookwrapper: bool = False,
    optionalhook: bool = False,
    tryfirst: bool = False,
    trylast: bool = False,
    specname: str | None = None,
    wrapper: bool = False,
) -> Callable[[_F], _F]: ...


def hookimpl(function: _F | None = None, **options: object) -> _F | Callable[[_F], _F]:
    """Mark a function as a hook, with what is to be known of its place among others."""
    complete: dict[str, object] = {
        "wrapper": False,
        "hookwrapper": False,
        "optionalhook": False,
        "tryfirst": False,
        "trylast": False,
        "specname": None,
        **options,
    }
    return _leave(function, IMPLEMENTATION, complete)


@overload
def hookspec(function: _F, /) -> _F: ...


@overload
def hookspec(
    *,
    firstresult: bool = False,
    historic: bool = False,
    warn_on_impl: Warning | None = None,
    warn_on_impl_args: dict[str, Warning] | None = None,
) -> Callable[[_F], _F]: ...


def hookspec(function: _F | None = None, **options: object) -> _F | Callable[[_F], _F]:
    """Mark a function as the description of a hook that plugins may have."""
    complete: dict[str, object] = {
        "firstresult": False,
        "historic": False,
        "warn_on_impl": None,
        "warn_on_impl_args": None,
        **options,
    }
    if complete["historic"] and complete["firstresult"]:
        raise ValueError("a hook cannot be historic and take the first result only")
    return _leave(function, SPECIFICATION, complete)


def _leave(function: _F | None, where: str, options: dict[str, object]) -> _F | Callable[[_F], _F]:
    def mark(target: _F) -> _F:
        setattr(target, where, options)
        return target

    return mark if function is None else mark(function)
