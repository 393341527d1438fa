"""unittest's features, each run by pytest and by rustest: the same outcomes, in the same order of set-up and teardown.

unittest needs no runner's own fixtures, so that most of these files would also pass under `python -m unittest`.
"""

import pytest
from side_by_side import SideBySide, run_side_by_side

ORDER = """
import unittest


def setUpModule():
    note("setUpModule")


def tearDownModule():
    note("tearDownModule")


@fixture(autouse=True)
def around_each():
    note("autouse before")
    yield
    note("autouse after")


@fixture(scope="class", autouse=True)
def around_class():
    note("class fixture before")
    yield
    note("class fixture after")


@fixture
def used():
    note("used")


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        note("setUpClass", cls.__name__)
        cls.addClassCleanup(note, "class cleanup")

    @classmethod
    def tearDownClass(cls):
        note("tearDownClass", cls.__name__)

    @fixture(autouse=True)
    def own_fixture(self):
        self.value = 1
        note("own fixture", self._testMethodName)
        yield
        note("own fixture after")

    def setUp(self):
        note("setUp", self.value)
        self.addCleanup(note, "first cleanup")
        self.addCleanup(note, "second cleanup")

    def tearDown(self):
        note("tearDown")

    def test_b(self):
        note("test_b", self.id())

    def test_a(self):
        note("test_a")

    @mark.usefixtures("used")
    def test_c(self):
        note("test_c")
        self.doCleanups()
        note("end of test_c")


class Inherits(Recorded):
    def test_a(self):
        note("Inherits.test_a")

    def test_d(self):
        note("test_d")


class XunitNamesToo(unittest.TestCase):
    @classmethod
    def setup_class(cls):
        note("setup_class")

    @classmethod
    def teardown_class(cls):
        note("teardown_class")

    @classmethod
    def setUpClass(cls):
        note("setUpClass")

    def setup_method(self, method):
        note("setup_method", method.__name__)

    def teardown_method(self, method):
        note("teardown_method", method.__name__)

    def setUp(self):
        note("setUp")

    def test_one(self):
        note("test_one")


def test_function():
    note("test_function")
"""

OUTCOMES = """
import abc
import contextlib
import unittest


class Body(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(1, 1)
        self.assertIn(1, [1])
        with self.assertRaisesRegex(ValueError, "x"):
            raise ValueError("x")

    def test_fails(self):
        self.assertEqual([1, 2], [1, 3])

    def test_assert_fails(self):
        assert 1 == 2

    def test_raises(self):
        raise KeyError("x")

    def test_exits(self):
        raise SystemExit(3)

    def test_max_diff(self):
        self.maxDiff = 10
        try:
            self.assertEqual("a" * 100, "b" * 100)
        except AssertionError as error:
            assert "Set self.maxDiff to None" in str(error)

    def test_enter_context(self):
        assert self.enterContext(contextlib.nullcontext(7)) == 7

    def test_short_description(self):
        '''What it is about.'''
        assert self.shortDescription() == "What it is about."

    def test_id(self):
        assert self.id() == "test_outcomes.Body.test_id"

    def test_logs(self):
        import logging

        with self.assertLogs("x", "INFO") as logs:
            logging.getLogger("x").info("hello")
        assert logs.output == ["INFO:x:hello"]

    def not_a_test(self):
        raise AssertionError

    test_data = 3

    def test_left_out(self):
        raise AssertionError

    test_left_out.__test__ = False


class Skips(unittest.TestCase):
    def test_skip_test(self):
        self.skipTest("why")

    def test_raises_skip_test(self):
        raise unittest.SkipTest("why")

    def test_runners_own_skip(self):
        skip("why")

    def test_runners_own_xfail(self):
        xfail("why")

    @unittest.skip("why")
    def test_decorated(self):
        raise AssertionError

    @unittest.skip
    def test_decorated_bare(self):
        raise AssertionError

    @unittest.skipIf(True, "why")
    def test_skip_if(self):
        raise AssertionError

    @unittest.skipIf(False, "why")
    def test_skip_if_not(self):
        pass

    @unittest.skipUnless(False, "why")
    def test_skip_unless(self):
        raise AssertionError

    @mark.skip(reason="why")
    def test_mark(self):
        raise AssertionError

    @mark.skipif("unittest is not None", reason="names of the file")
    def test_condition(self):
        raise AssertionError

    def test_skip_in_cleanup(self):
        self.addCleanup(self.skipTest, "why")


class SkipsInSetUp(unittest.TestCase):
    def setUp(self):
        self.skipTest("why")

    def test_one(self):
        raise AssertionError


@unittest.skipIf(True, "why")
class SkippedClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        note("never")

    def test_one(self):
        raise AssertionError


class InheritsTheSkip(SkippedClass):
    pass


@mark.skip(reason="why")
class MarkedClass(unittest.TestCase):
    def test_one(self):
        raise AssertionError


class Expected(unittest.TestCase):
    @unittest.expectedFailure
    def test_fails(self):
        self.fail("as expected")

    @unittest.expectedFailure
    def test_passes(self):
        pass

    @unittest.expectedFailure
    def test_skips(self):
        self.skipTest("why")

    @unittest.expectedFailure
    def test_cannot_be_cleaned_up(self):
        self.addCleanup(self.fail, "not expected")
        self.fail("as expected")

    @mark.xfail(reason="why")
    def test_mark(self):
        self.fail("as expected")

    @mark.xfail(raises=ValueError, reason="why")
    def test_mark_of_another_type(self):
        self.fail("not expected")

    @mark.xfail(strict=True, reason="why")
    def test_strict_mark(self):
        pass


@unittest.expectedFailure
class ExpectedAll(unittest.TestCase):
    def test_fails(self):
        self.fail("as expected")


class SetUpFails(unittest.TestCase):
    def setUp(self):
        self.addCleanup(note, "cleanup after failed setUp")
        raise ValueError

    def tearDown(self):
        note("never")

    def test_one(self):
        note("never")


class TearDownFails(unittest.TestCase):
    def tearDown(self):
        raise ValueError

    def test_passes(self):
        pass

    def test_fails(self):
        self.fail("x")


class CleanupFails(unittest.TestCase):
    def test_one(self):
        self.addCleanup(note, "cleanup before the failing one")
        self.addCleanup(self.fail, "x")


class SubTests(unittest.TestCase):
    def test_all_pass(self):
        for number in range(3):
            with self.subTest(number=number):
                note("subtest", number)

    def test_some_fail(self):
        for number in range(4):
            with self.subTest("even", number=number):
                note("subtest", number)
                self.assertEqual(number % 2, 0)
        note("after the subtests")

    def test_fails_after(self):
        with self.subTest("first"):
            self.fail("in it")
        self.fail("after it")

    def test_one_skips(self):
        for number in range(3):
            with self.subTest(number=number):
                note("subtest", number)
                if number == 1:
                    self.skipTest("why")

    def test_nested(self):
        with self.subTest(outer=1):
            with self.subTest(inner=2):
                self.fail("x")

    @unittest.expectedFailure
    def test_expected(self):
        with self.subTest(number=1):
            self.fail("x")


class ClassFails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        note("setUpClass fails")
        cls.addClassCleanup(note, "class cleanup after failed setUpClass")
        raise ValueError

    def test_a(self):
        note("never")

    def test_b(self):
        note("never")


class ClassSkips(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        note("setUpClass skips")
        raise unittest.SkipTest("why")

    def test_a(self):
        note("never")

    def test_b(self):
        note("never")


class ClassTearDownFails(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise ValueError

    def test_a(self):
        pass

    def test_b(self):
        pass


class ClassCleanupsFail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.addClassCleanup(note, "last class cleanup")
        cls.addClassCleanup(int, "x")
        cls.addClassCleanup(int, "y")

    def test_a(self):
        pass


class Mixin:
    def test_shared(self):
        self.assertEqual(self.number, 1)


class Mixed(Mixin, unittest.TestCase):
    number = 1


class MixedWrongly(Mixin, unittest.TestCase):
    number = 2


class Abstract(unittest.TestCase, abc.ABC):
    @abc.abstractmethod
    def number(self): ...

    def test_number(self):
        self.assertEqual(self.number(), 1)


class Concrete(Abstract):
    def number(self):
        return 1


class LeftOut(unittest.TestCase):
    __test__ = False

    def test_one(self):
        raise AssertionError


class RunTest(unittest.TestCase):
    def runTest(self):
        note("runTest")


class NoArguments(unittest.TestCase):
    def test_asks_for_a_fixture(self, tmp_path):
        pass


class OwnInit(unittest.TestCase):
    def __init__(self, name):
        super().__init__(name)
        self.number = 1

    def test_one(self):
        assert self.number == 1


class TestOuter:
    class Inner(unittest.TestCase):
        def test_one(self):
            pass
"""

FIXTURES = """
import unittest


@fixture(scope="class")
def database(request):
    request.cls.database = {"rows": []}
    note("database opened for", request.cls.__name__)
    yield
    note("database closed with", len(request.cls.database["rows"]))


@fixture
def fails():
    raise ValueError


@fixture
def fails_afterwards():
    yield
    raise ValueError


@fixture
def skips():
    raise unittest.SkipTest("why")


@mark.usefixtures("database")
class UsesDatabase(unittest.TestCase):
    def test_a(self):
        self.database["rows"].append(1)

    def test_b(self):
        self.database["rows"].append(1)


class UsesFixtures(unittest.TestCase):
    @mark.usefixtures("fails")
    def test_error(self):
        note("never")

    @mark.usefixtures("fails_afterwards")
    def test_error_afterwards(self):
        pass

    @mark.usefixtures("skips")
    def test_skipped(self):
        note("never")


class HasFixtures(unittest.TestCase):
    @fixture(autouse=True)
    def with_request(self, request):
        note(request.function.__name__, request.cls.__name__, request.instance is self, request.node.name)

    @fixture(scope="class", autouse=True)
    def for_the_class(self):
        note("for the class", type(self).__name__)

    def setUp(self):
        note("setUp")

    def test_one(self):
        note("test_one")


def test_a_function_may_skip_in_the_same_way():
    raise unittest.SkipTest("why")
"""

ISOLATED = """
import asyncio
import contextlib
import contextvars
import unittest

variable = contextvars.ContextVar("variable")


class Recorded(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        note("setUp")

    async def asyncSetUp(self):
        self.loop = asyncio.get_running_loop()
        variable.set(1)
        self.addAsyncCleanup(self.clean_up)
        note("asyncSetUp")

    async def asyncTearDown(self):
        assert asyncio.get_running_loop() is self.loop
        note("asyncTearDown")

    def tearDown(self):
        note("tearDown")

    async def clean_up(self):
        await asyncio.sleep(0)
        note("async cleanup")

    async def test_async(self):
        assert variable.get() == 1
        assert asyncio.get_running_loop() is self.loop
        note("test_async")

    def test_sync(self):
        note("test_sync")

    async def test_enter_context(self):
        @contextlib.asynccontextmanager
        async def opened():
            note("opened")
            yield 7
            note("closed")

        assert await self.enterAsyncContext(opened()) == 7


class Outcomes(unittest.IsolatedAsyncioTestCase):
    async def test_fails(self):
        await asyncio.sleep(0)
        self.fail("x")

    async def test_skips(self):
        self.skipTest("why")

    @unittest.skip("why")
    async def test_decorated(self):
        raise AssertionError

    @unittest.expectedFailure
    async def test_expected(self):
        self.fail("x")

    async def test_sub_tests(self):
        for number in range(2):
            with self.subTest(number=number):
                await asyncio.sleep(0)
                self.assertEqual(number, 0)

    async def test_is_alone(self):
        assert len(asyncio.all_tasks()) == 1

    async def test_task_left_over(self):
        self.task = asyncio.create_task(asyncio.sleep(60))


class SetUpFails(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        raise ValueError

    async def test_one(self):
        note("never")
"""

MODULES = {
    "test_module_fails.py": """
        import unittest

        def setUpModule():
            note("setUpModule fails")
            raise ValueError

        def tearDownModule():
            note("never")

        class A(unittest.TestCase):
            def test_one(self):
                note("never")

        class B(unittest.TestCase):
            def test_one(self):
                note("never")
        """,
    "test_module_skips.py": """
        import unittest

        def setUpModule():
            raise unittest.SkipTest("why")

        class A(unittest.TestCase):
            def test_one(self):
                note("never")
        """,
    "test_module_teardown_fails.py": """
        import unittest

        def tearDownModule():
            raise ValueError

        class A(unittest.TestCase):
            def test_one(self):
                pass

            def test_two(self):
                pass
        """,
    "test_only_imports.py": """
        from unittest import IsolatedAsyncioTestCase, TestCase

        def test_one():
            pass
        """,
}

FILES = {
    "test_fixtures.py": FIXTURES,
    "test_isolated.py": ISOLATED,
    "test_order.py": ORDER,
    "test_outcomes.py": OUTCOMES,
    **MODULES,
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> SideBySide:
    return run_side_by_side(tmp_path_factory.mktemp("unittest"), FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_test_ends_as_under_pytest(runs, file):
    stem = file.removesuffix(".py")
    expected, got = ({name: one for name, one in run.outcomes.items() if name.startswith(stem)} for run in runs)
    assert expected
    assert got == expected


def test_set_up_and_teardown_come_in_pytests_order(runs):
    assert "never" not in runs.pytest.notes
    assert runs.rustest.notes == runs.pytest.notes
