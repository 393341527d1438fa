"""Which parameters of a function are asked for."""

import functools
import inspect
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustest.collect.errors import CollectError
from rustest.collect.parameters import arguments_of, origin_of


def plain(a, b=1, *rest, c, d=2, **more):
    local = a
    print(local)


def no_positional(*, c, d=2): ...


def positional_only(a, b, /, c): ...


@functools.wraps(plain)
def wrapper(*args, **kwargs): ...


@functools.cache
def cached(a, b=1): ...


class Callable:
    def __call__(self, a, b=1): ...


def signed(*args): ...


signed.__signature__ = inspect.Signature([inspect.Parameter("x", inspect.Parameter.POSITIONAL_OR_KEYWORD)])


class Holder:
    def method(self, a): ...

    def no_self(*args): ...

    def only_keywords(self, *, a, b=1): ...

    def slash(self, /, a): ...


@mock.patch("os.getcwd")
@mock.patch("os.listdir", new=None)
@mock.patch.object(plain, "__doc__", new="x")
def patched(getcwd, tmp_path): ...


@mock.patch("os.getcwd")
async def patched_async(getcwd, tmp_path): ...


@given(number=st.integers())
def property_test(tmp_path, number): ...


@pytest.mark.parametrize(
    ("func", "arguments"),
    [
        (plain, ("a", "c")),
        (no_positional, ("c",)),
        (positional_only, ("c",)),
        (wrapper, ("a", "c")),
        (cached, ("a",)),
        (Callable(), ("a",)),
        (signed, ("x",)),
        (functools.partial(plain, 1), ("c",)),
        (functools.partial(plain, c=1), ("a",)),
        (functools.partial(functools.partial(positional_only, 1), 2), ("c",)),
        (patched, ("tmp_path",)),
        (patched_async, ("tmp_path",)),
        (property_test, ("tmp_path",)),
    ],
)
def test_arguments_are_the_parameters_without_defaults(func, arguments):
    assert arguments_of(func, bound=False) == arguments


@pytest.mark.parametrize(
    ("func", "arguments"),
    [(Holder.method, ("a",)), (Holder.no_self, ()), (Holder.only_keywords, ("a",)), (Holder.slash, ("a",))],
)
def test_the_first_parameter_of_a_method_is_not_asked_for(func, arguments):
    assert arguments_of(func, bound=True) == arguments


def wraps_itself(a): ...


wraps_itself.__wrapped__ = wraps_itself


class Endless:
    @property
    def __wrapped__(self):
        return Endless()


@pytest.mark.parametrize("func", [wraps_itself, functools.partial(wraps_itself), Endless()])
def test_wrappers_without_end_are_an_error(func):
    with pytest.raises(CollectError, match="its parameters cannot be read"):
        arguments_of(func, bound=False)


def test_a_function_that_says_that_it_wraps_itself_is_its_own_origin():
    assert origin_of(wraps_itself) is wraps_itself


def test_a_callable_that_tells_no_parameters_is_an_error():
    with pytest.raises(CollectError, match="its parameters cannot be read"):
        arguments_of(type, bound=False)


@pytest.mark.parametrize("func", [plain, wrapper, functools.partial(plain, 1), cached.__wrapped__, Holder().method])
def test_the_function_behind_a_callable_is_found(func):
    assert origin_of(func).__name__ in {"plain", "cached", "method"}


@pytest.mark.parametrize("thing", [3, int, print, Callable(), mock.Mock(), mock.call])
def test_things_without_a_function_have_none_behind_them(thing):
    assert origin_of(thing) is None
