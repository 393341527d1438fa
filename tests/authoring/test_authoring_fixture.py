"""`@fixture`: what it declares on the function, and what it refuses."""

import pytest

from rustest import fixture, param
from rustest.model.fixtures import FixtureDeclaration
from rustest.model.marks import FIXTURE_ATTRIBUTE, ParameterSet
from rustest.model.scope import Scope


def declared(func) -> FixtureDeclaration:
    return getattr(func, FIXTURE_ATTRIBUTE)


def test_bare_and_called_leave_the_same_declaration():
    @fixture
    def bare(): ...

    @fixture()
    def called(): ...

    assert declared(bare) == declared(called) == FixtureDeclaration()


def test_the_function_comes_back_unchanged():
    def func():
        return 3

    assert fixture(func) is func
    assert func() == 3


def test_every_keyword_is_declared():
    @fixture(scope="module", name="db", autouse=True, params=(n for n in "xy"), ids=["one", "two"], serial="port")
    def func(): ...

    assert declared(func) == FixtureDeclaration(Scope.MODULE, "db", True, ("x", "y"), ("one", "two"), ("port",))


def test_serial_takes_several_keys_and_params_take_param():
    @fixture(serial=["db", "port"], params=[1, param(2, id="two")])
    def func(): ...

    assert declared(func).serial == ("db", "port")
    assert declared(func).params == (1, ParameterSet((2,), "two"))


def test_an_async_fixture_may_ask_for_a_loop_as_wide_as_itself_or_wider():
    @fixture(scope="class", loop_scope="session")
    async def func(): ...

    @fixture(loop_scope="function")
    async def generator():
        yield

    assert declared(func).loop_scope is Scope.SESSION
    assert declared(generator).loop_scope is Scope.FUNCTION


def test_a_loop_scope_on_a_fixture_that_is_not_async_is_refused():
    with pytest.raises(TypeError, match="func is not async, and loop_scope is for fixtures that are"):

        @fixture(loop_scope="module")
        def func(): ...


def test_no_params_are_not_the_same_as_an_empty_list():
    @fixture(params=[])
    def func(): ...

    assert declared(func).params == ()


def test_fixtures_may_be_static_or_class_methods():
    class TestIt:
        @fixture
        @staticmethod
        def static(): ...

        @fixture(scope="class")
        @classmethod
        def cls(cls): ...

    assert declared(TestIt.static).scope is Scope.FUNCTION
    assert declared(TestIt.cls.__func__).scope is Scope.CLASS


def test_a_function_decorated_twice_is_refused():
    with pytest.raises(TypeError, match="func has @fixture twice"):

        @fixture
        @fixture
        def func(): ...


@pytest.mark.parametrize(
    ("options", "error", "complaint"),
    [
        ({"scope": "modul"}, ValueError, "scope of @fixture must be one of 'function', .*, not 'modul'"),
        ({"scope": 3}, ValueError, "scope of @fixture"),
        ({"name": "not a name"}, ValueError, "name of @fixture"),
        ({"name": 3}, ValueError, "name of @fixture"),
        ({"params": 3}, TypeError, "params of @fixture must be a list"),
        ({"params": [1, 2], "ids": ["x"]}, ValueError, "@fixture has 2 cases and 1 ids"),
        ({"autouse": "yes"}, TypeError, "autouse of @fixture must be True or False"),
        ({"serial": 3}, TypeError, "serial keys of @fixture"),
        ({"timeout": 3}, TypeError, "@fixture has no keyword 'timeout'; it takes scope, name, autouse"),
        ({"loop_scope": "modul"}, ValueError, "loop_scope of @fixture must be one of"),
        (
            {"loop_scope": "class", "scope": "module"},
            ValueError,
            "'class', and its scope 'module' is wider",
        ),
    ],
)
def test_options_that_cannot_be_are_refused(options, error, complaint):
    with pytest.raises(error, match=complaint):
        fixture(**options)


@pytest.mark.parametrize("target", [type("TestIt", (), {}), "db", 3])
def test_only_functions_are_fixtures(target):
    with pytest.raises(TypeError, match="@fixture goes on a function"):
        fixture(target)


def test_a_limit_is_a_number_of_users():
    @fixture(limit=4)
    def func(): ...

    assert declared(func).limit == 4


@pytest.mark.parametrize(("limit", "error"), [(0, ValueError), ("4", TypeError), (True, TypeError)])
def test_a_limit_that_is_no_number_of_users_is_refused(limit, error):
    with pytest.raises(error, match="limit of @fixture"):
        fixture(limit=limit)
