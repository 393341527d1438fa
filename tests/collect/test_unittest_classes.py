"""Which tests of `unittest.TestCase` classes are collected, and what keeps one from being."""

from rustest.model.calls import CallKind
from rustest.model.item import SkippedFile

CASE = "from unittest import IsolatedAsyncioTestCase, TestCase\nimport unittest\nfrom rustest import mark\n\n"


def messages(project, source: str) -> dict[str, str]:
    project.write({"test_it.py": CASE + source})
    return {problem.where.partition("::")[2]: problem.failure.message for problem in project.collect().problems}


def test_tests_are_sorted_by_name_whatever_the_class_is_called(project):
    source = """
class Login(TestCase):
    def test_b(self): ...
    def test_a(self): ...
    def helper(self): ...

class Logout(Login):
    def test_c(self): ...
"""
    project.write({"test_it.py": CASE + source})
    assert project.ids() == [
        "test_it.py::Login::test_a",
        "test_it.py::Login::test_b",
        "test_it.py::Logout::test_a",
        "test_it.py::Logout::test_b",
        "test_it.py::Logout::test_c",
    ]


def test_run_test_is_the_test_where_there_is_no_other(project):
    source = """
class Alone(TestCase):
    def runTest(self): ...

class Beside(TestCase):
    def runTest(self): ...
    def test_a(self): ...
"""
    project.write({"test_it.py": CASE + source})
    assert project.ids() == ["test_it.py::Alone::runTest", "test_it.py::Beside::test_a"]


def test_unittests_own_classes_are_no_tests(project):
    project.write({"test_it.py": "from unittest import *\n\ndef test_one(): ...\n"})
    collection = project.collect()
    assert [item.id for item in collection.items] == ["test_it.py::test_one"]
    assert (collection.fixtures, collection.problems) == ((), ())


def test_abstract_classes_and_those_that_say_so_are_left_out(project):
    source = """
import abc

class Abstract(TestCase, abc.ABC):
    @abc.abstractmethod
    def make(self): ...
    def test_a(self): ...

class Template(TestCase):
    __test__ = False
    def test_a(self): ...

class Concrete(Template):
    __test__ = True
"""
    project.write({"test_it.py": CASE + source})
    assert project.ids() == ["test_it.py::Concrete::test_a"]


def test_a_test_is_sync_and_takes_nothing_and_knows_its_line_and_instance(project):
    source = "class Case(IsolatedAsyncioTestCase):\n    async def test_a(self): ...\n"
    project.write({"test_it.py": CASE + source})
    (item,) = project.collect().items
    function = item.function
    assert (function.kind, function.arguments, function.line) == (CallKind.PLAIN, (), 6)
    assert function.make_instance().id() == "test_it.Case.test_a"
    assert function.func.__name__ == "test_a"


def test_marks_of_method_and_class_count_and_skips_are_marks_too(project):
    source = """
@unittest.skip("class")
@mark.slow
class Case(TestCase):
    @mark.fast
    @unittest.skip("method")
    def test_a(self): ...
"""
    project.write({"test_it.py": CASE + source})
    (item,) = project.collect().items
    assert [(each.name, each.kwargs.get("reason")) for each in item.marks] == [
        ("skip", "method"),
        ("fast", None),
        ("skip", "class"),
        ("slow", None),
    ]


def test_an_async_test_that_unittest_would_never_await_is_a_problem(project):
    source = """
class Case(TestCase):
    async def test_a(self): ...
    async def test_b(self): yield
    def test_c(self): yield
    def test_d(self): ...
"""
    told = messages(project, source)
    assert list(told) == ["Case::test_a", "Case::test_b", "Case::test_c"]
    assert "IsolatedAsyncioTestCase" in told["Case::test_a"]
    assert told["Case::test_b"] == told["Case::test_c"]
    assert "cannot yield" in told["Case::test_c"]
    assert [item.id for item in project.collect().items] == ["test_it.py::Case::test_d"]


def test_a_class_that_runs_its_tests_itself_may_have_async_ones(project):
    source = """
class Awaits(TestCase):
    def _callTestMethod(self, method):
        import asyncio
        asyncio.run(method())

class Case(Awaits):
    async def test_a(self): ...
"""
    assert messages(project, source) == {}


def test_what_unittest_cannot_do_is_a_problem_that_says_what_to_do(project):
    source = """
class Parametrized(TestCase):
    @mark.parametrize("x", [1])
    def test_a(self, x): ...

class AsyncClass(IsolatedAsyncioTestCase):
    @classmethod
    async def setUpClass(cls): ...
    @classmethod
    async def tearDownClass(cls): ...
    def test_a(self): ...
"""
    told = messages(project, source)
    assert list(told) == ["Parametrized::test_a", "AsyncClass"]
    assert "self.subTest" in told["Parametrized::test_a"]
    assert "asyncSetUp" in told["AsyncClass"]


def test_a_file_may_skip_itself_in_unittests_way(project):
    project.write({"test_it.py": "import unittest\nraise unittest.SkipTest('why')\n"})
    collection = project.collect()
    assert (collection.problems, collection.skipped_files) == ((), (SkippedFile("test_it.py", "why"),))
