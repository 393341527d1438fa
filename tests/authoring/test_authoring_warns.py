"""`warns` and `deprecated_call`, side by side with pytest's."""

import warnings
from collections.abc import Callable

import pytest

import rustest

FORMS: dict[str, Callable[..., object]] = {}
"""By name a use of `warns`, which gets the module that has it."""


def form(use):
    FORMS[use.__name__] = use
    return use


def give(category: type[Warning] = UserWarning, text: str = "careful", result: object = None) -> object:
    warnings.warn(text, category, stacklevel=2)
    return result


@form
def the_expected_one(lib):
    with lib.warns(UserWarning) as record:
        give()
    return [str(message.message) for message in record], record.pop(UserWarning).category


@form
def a_subclass(lib):
    with lib.warns(Warning):
        give(DeprecationWarning)


@form
def one_of_several(lib):
    with lib.warns((UserWarning, RuntimeWarning), match="care"):
        give(RuntimeWarning)


@form
def any_at_all(lib):
    with lib.warns():
        give()


@form
def none(lib):
    with lib.warns(UserWarning):
        pass


@form
def another_type(lib):
    with lib.warns(UserWarning):
        give(RuntimeWarning)


@form
def another_text(lib):
    with lib.warns(UserWarning, match="^nothing$"):
        give()


@form
def an_error_beside(lib):
    with lib.warns(UserWarning):
        give()
        raise KeyError("x")


@form
def an_error_instead(lib):
    with lib.warns(UserWarning):
        raise KeyError("x")


@form
def an_interrupt_instead(lib):
    with lib.warns(UserWarning):
        raise KeyboardInterrupt


@form
def a_call(lib):
    return lib.warns(UserWarning, give, text="x", result=3)


@form
def a_call_without(lib):
    return lib.warns(UserWarning, len, ())


@form
def others_are_given_again(lib):
    with lib.warns(UserWarning, match="one"):
        give(text="one")
        give(text="two")
        give(RuntimeWarning, "three")


@form
def no_type(lib):
    lib.warns(int)


@form
def an_unknown_keyword(lib):
    lib.warns(UserWarning, matches="x")


@form
def deprecated(lib):
    with lib.deprecated_call():
        give(PendingDeprecationWarning)


@form
def deprecated_with_text(lib):
    with lib.deprecated_call(match="careful"):
        give(FutureWarning)


@form
def deprecated_call_of_a_function(lib):
    return lib.deprecated_call(give, DeprecationWarning, result=4)


@form
def not_deprecated(lib):
    with lib.deprecated_call():
        give()


def ending(name: str, lib) -> tuple[object, str, list[str]]:
    """What comes of it: a result or the name of an exception, and what was given again."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        try:
            result = FORMS[name](lib), ""
        except BaseException as raised:
            result = None, type(raised).__name__
    return *result, [str(message.message) for message in given]


@pytest.mark.parametrize("name", FORMS)
def test_does_what_pytests_does(name):
    assert ending(name, rustest) == ending(name, pytest)


def test_says_what_was_given_instead():
    with pytest.raises(BaseException) as info, warnings.catch_warnings(record=True):
        another_text(rustest)
    assert (
        str(info.value) == "no UserWarning whose message matches '^nothing$' was given; given:\n  UserWarning: careful"
    )
