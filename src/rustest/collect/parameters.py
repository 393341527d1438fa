"""What a function asks for: the names of its parameters that have no default."""

import sys
from collections.abc import Callable, Mapping
from types import FunctionType

from rustest.collect.errors import CollectError
from rustest.model.calls import layers
from rustest.model.hints import TypeGuard, cast
from rustest.model.marks import MARKS_ATTRIBUTE


def has_only_marks(thing: object) -> TypeGuard[FunctionType]:
    """Whether it is a function on which decorators have put marks at most: most tests are, and need no closer look."""
    return type(thing) is FunctionType and (not (own := thing.__dict__) or (len(own) == 1 and MARKS_ATTRIBUTE in own))


def origin_of(func: object) -> FunctionType | None:
    """The function behind wrappers, partials and methods; None where there is none."""
    innermost = func
    for layer in layers(func):
        innermost = layer
    return innermost if type(innermost) is FunctionType else None


def arguments_of(func: object, *, bound: bool) -> tuple[str, ...]:
    """Names of the fixtures and parameters that a call has to fill; raises CollectError where nobody can tell.

    As in pytest: no positional-only parameters, none with a default, none that `mock.patch` fills. `bound` leaves out
    the first one, which is `self` or `cls`.
    """
    for shown in layers(func):
        if type(shown) is not FunctionType or "__signature__" in shown.__dict__:
            break
        if "__wrapped__" not in shown.__dict__:
            return written_arguments(shown, bound)[_patched(func) :]
    return _read_signature(func, bound)[_patched(func) :]


def written_arguments(func: FunctionType, bound: bool) -> tuple[str, ...]:
    """The same of a function that nothing wraps, whatever stands on it."""
    code = func.__code__
    positional, keywords = code.co_argcount, code.co_kwonlyargcount
    if not positional and not keywords:
        return ()
    names = code.co_varnames
    first = max(code.co_posonlyargcount, 1 if bound and positional else 0)
    asked = names[first : positional - len(func.__defaults__ or ())]
    if not keywords:
        return asked
    defaults = func.__kwdefaults__ or {}
    return asked + tuple(name for name in names[positional : positional + keywords] if name not in defaults)


_TAKES_ANY_NUMBER = 4  # the flag inspect.CO_VARARGS: there is an `*args`
METHOD_WITHOUT_SELF = "a method of a class takes `self` first: add it, or make it a @staticmethod"


def takes_nothing(func: FunctionType) -> bool:
    """Whether no value can be passed by position, and so no instance."""
    return not (func.__code__.co_argcount or func.__code__.co_flags & _TAKES_ANY_NUMBER)


def attributes_of(thing: object) -> Mapping[str, object]:
    """What stands on the object itself.

    Test modules hold lazy objects of every kind: this asks neither their `__getattr__` nor their `__class__`.
    """
    if type(thing) is FunctionType:
        return thing.__dict__
    try:
        return cast("Mapping[str, object]", object.__getattribute__(thing, "__dict__"))
    except Exception:  # most often AttributeError, but `__dict__` may be a property that raises anything
        return {}


def _read_signature(func: object, bound: bool) -> tuple[str, ...]:
    from inspect import Parameter, signature

    try:
        parameters = tuple(signature(cast("Callable[..., object]", func)).parameters.values())
    except (TypeError, ValueError) as error:
        raise CollectError(f"its parameters cannot be read: {error}; write it as a plain function") from None
    if bound and parameters and parameters[0].kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
        parameters = parameters[1:]
    named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return tuple(each.name for each in parameters if each.kind in named and each.default is Parameter.empty)


def _patched(func: object) -> int:
    """How many arguments `mock.patch` decorators pass in before all others."""
    patchings = attributes_of(func).get("patchings")
    if not isinstance(patchings, list):
        return 0
    modules = (sys.modules.get(name) for name in ("unittest.mock", "mock"))
    defaults = [attributes_of(module).get("DEFAULT") for module in modules if module]
    passed = (attributes_of(patching) for patching in cast("list[object]", patchings))
    return sum(
        any(patch.get("new") is default for default in defaults) and not patch.get("attribute_name") for patch in passed
    )
