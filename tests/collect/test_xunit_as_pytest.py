"""`setup_module` and its kin, run by pytest and by rustest: the same outcomes, and the same order of calls."""

import pytest
from side_by_side import SideBySide, run_side_by_side

ORDER = """
def setup_module(module):
    note("setup_module", module.__name__)


def teardown_module(module):
    note("teardown_module", module.__name__)


def setup_function(function):
    note("setup_function", function.__name__)


def teardown_function(function):
    note("teardown_function", function.__name__)


@fixture(scope="module", autouse=True)
def a_module_fixture():
    note("module fixture before")
    yield
    note("module fixture after")


@fixture(autouse=True)
def a_function_fixture():
    note("function fixture before")
    yield
    note("function fixture after")


@fixture
def argument():
    note("argument before")
    yield
    note("argument after")


def test_first(argument):
    note("test_first")


def test_second():
    note("test_second")


class TestClass:
    @classmethod
    def setup_class(cls):
        note("setup_class", cls.__name__)

    @classmethod
    def teardown_class(cls):
        note("teardown_class", cls.__name__)

    def setup_method(self, method):
        self.value = method.__name__
        note("setup_method", method.__name__, method.__module__)

    def teardown_method(self, method):
        note("teardown_method", self.value)

    @fixture(scope="class", autouse=True)
    def a_class_fixture(self):
        note("class fixture before")
        yield
        note("class fixture after")

    @fixture(autouse=True)
    def a_method_fixture(self):
        note("method fixture before", self.value)
        yield
        note("method fixture after", self.value)

    def test_one(self, argument):
        note("test_one", self.value)

    def test_two(self):
        note("test_two", self.value)

    @staticmethod
    def test_static():
        note("test_static")


class TestInherits(TestClass):
    def setup_method(self):
        super().setup_method(self.test_three)

    def test_three(self):
        note("test_three")


class TestWithoutArguments:
    def setup_class(self):
        note("setup_class", self.__name__)

    @staticmethod
    def teardown_class():
        note("teardown_class")

    def teardown_method(self):
        note("teardown_method")

    def test_one(self):
        pass

    @mark.skip(reason="why")
    def test_skipped(self):
        note("never")


class TestOnlySkipped:
    def setup_class(cls):
        note("never")

    @mark.skip(reason="why")
    def test_skipped(self):
        note("never")


@mark.parametrize("number", [1, 2])
def test_cases(number):
    note("test_cases", number)
"""

FAILURES = """
import unittest


class TestSetUpClassFails:
    def setup_class(cls):
        note("setup_class fails")
        raise ValueError

    def teardown_class(cls):
        note("never")

    def test_a(self):
        note("never")

    def test_b(self):
        note("never")


class TestTearDownClassFails:
    def teardown_class(cls):
        raise ValueError

    def test_a(self):
        pass

    def test_b(self):
        pass


class TestSetUpMethodFails:
    def setup_method(self):
        raise ValueError

    def teardown_method(self):
        note("never")

    def test_a(self):
        note("never")


class TestSkips:
    def setup_method(self, method):
        if method.__name__ == "test_a":
            skip("why")
        raise unittest.SkipTest("why")

    def test_a(self):
        note("never")

    def test_b(self):
        note("never")


class TestTearDownMethodFails:
    def teardown_method(self):
        raise ValueError

    def test_a(self):
        pass


class TestNamesThatAreFixtures:
    @fixture(autouse=True)
    def setup_method(self):
        note("a fixture of that name")

    def test_a(self):
        pass


class TestNoneIsNoFunction:
    setup_method = None
    setup_class = None

    def test_a(self):
        pass


class TestNoseNames:
    def setup(self):
        note("never")

    def test_a(self):
        pass
"""

MODULES = {
    "test_camel_case.py": """
        def setUpModule():
            note("setUpModule")

        def setup_module():
            note("never")

        def teardown_module():
            note("teardown_module")

        def test_one():
            pass
        """,
    "test_module_fails.py": """
        def setup_module():
            note("setup_module fails")
            raise ValueError

        def teardown_module():
            note("never")

        def test_a():
            note("never")

        class TestClass:
            def setup_class(cls):
                note("never")

            def test_b(self):
                note("never")
        """,
    "test_module_skips.py": """
        def setup_module():
            skip("why")

        def test_a():
            note("never")

        class TestClass:
            def test_b(self):
                note("never")
        """,
    "test_module_teardown_fails.py": """
        def teardown_module():
            raise ValueError

        def test_a():
            pass

        def test_b():
            pass
        """,
}

FILES = {"test_failures.py": FAILURES, "test_order.py": ORDER, **MODULES}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> SideBySide:
    return run_side_by_side(tmp_path_factory.mktemp("xunit"), FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_test_ends_as_under_pytest(runs, file):
    stem = file.removesuffix(".py")
    expected, got = ({name: one for name, one in run.outcomes.items() if stem in name} for run in runs)
    assert expected
    assert got == expected


def test_the_calls_come_in_pytests_order(runs):
    assert "never" not in runs.pytest.notes
    assert runs.rustest.notes == runs.pytest.notes
