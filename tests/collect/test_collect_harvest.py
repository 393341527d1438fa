"""What counts as a test in a module, in which order, with which marks."""

import warnings
from pathlib import Path

import pytest

from rustest.authoring.mark import mark
from rustest.collect.registered_marks import OWN_MARKS
from rustest.model.calls import CallKind


def functions(project, source: str):
    project.write({"test_it.py": source})
    collection = project.collect()
    assert collection.problems == ()
    return {item.id.removeprefix("test_it.py::"): item.function for item in collection.items}


def names(project, source: str) -> list[str]:
    return list(functions(project, source))


def test_functions_and_classes_are_found_by_their_prefixes_in_the_order_of_the_source(project):
    source = """
        def test_b(): pass
        def helper(): pass
        class Testing:
            def test_z(self): pass
            def check(self): pass
            class TestInner:
                async def test_deep(self): pass
            def test_a(self): pass
        class Other:
            def test_no(self): pass
        async def test_a(): pass
        def test(): pass
        test_value = 3
        test_type = int
        """
    assert names(project, source) == [
        "test_b",
        "Testing::test_z",
        "Testing::TestInner::test_deep",
        "Testing::test_a",
        "test_a",
        "test",
    ]


@pytest.mark.filterwarnings("ignore:the tests of:SyntaxWarning")
def test_classes_that_cannot_be_made_without_arguments_are_left_out(project):
    source = """
        import abc, collections, dataclasses, enum, typing
        class TestInit:
            def __init__(self): pass
            def test_a(self): pass
        class TestNew:
            def __new__(cls): return object.__new__(cls)
            def test_a(self): pass
        class TestInherited(TestInit): pass
        class TestTuple(typing.NamedTuple):
            a: int
            def test_a(self): pass
        @dataclasses.dataclass
        class TestData:
            a: int
            def test_a(self): pass
        class TestEnum(enum.Enum):
            A = 1
            def test_a(self): pass
        class TestAbstract(abc.ABC):
            @abc.abstractmethod
            def make(self): ...
            def test_a(self): self.make()
        class TestError(Exception):
            def test_a(self): pass
        class TestMade(TestAbstract):
            def make(self): ...
        class TestGeneric(typing.Generic[typing.TypeVar("T")]):
            def test_a(self): pass
        """
    assert names(project, source) == ["TestMade::test_a", "TestGeneric::test_a"]


LOST = """
class TestInit:
    def __init__(self): pass
    def test_a(self): pass
class TestNew:
    def __new__(cls): return object.__new__(cls)
    def test_a(self): pass
class TestSettings:
    def __init__(self): pass
    def helper(self): pass
    test_value = True
class TestDouble:
    __test__ = False
    def __init__(self): pass
    def test_a(self): pass
class Helper:
    def __init__(self): pass
    def test_a(self): pass
"""


def test_a_class_that_has_an_init_and_tests_is_warned_of(project):
    project.write({"test_it.py": LOST})
    with pytest.warns(SyntaxWarning) as warned:
        assert project.collect().items == ()
    said = "the tests of {} never run, because the class has its own {}: "
    assert [str(one.message).partition("use setup")[0] for one in warned] == [
        said.format("TestInit", "__init__"),
        said.format("TestNew", "__new__"),
    ]
    assert [one.lineno for one in warned] == [3, 6]


def test_a_class_whose_init_comes_from_another_file_is_not_warned_of_there(project):
    project.write({"library.py": "class Base:\n    def __init__(self): pass\n"})
    project.write({"test_it.py": "from library import Base\nclass TestIt(Base):\n    def test_a(self): pass\n"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        collection = project.collect(pythonpath=(".",))
    assert (collection.items, collection.problems) == ((), ())


def test_where_warnings_are_errors_such_a_class_is_a_problem_and_the_rest_is_collected(project):
    project.write({"test_it.py": LOST + "def test_b(): pass"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        collection = project.collect()
    assert [problem.where for problem in collection.problems] == ["test_it.py::TestInit", "test_it.py::TestNew"]
    assert [item.id for item in collection.items] == ["test_it.py::test_b"]


MISSPELT = """
    from rustest import mark
    @mark.slow
    def test_a(): pass
    @mark.tiemout(1)
    def test_b(): pass
    @mark.skpi
    def test_c(): pass
    @mark.serail
    def test_d(): pass
    """


def test_a_mark_that_is_nearly_one_of_rustests_is_warned_of_unless_it_is_registered(project):
    project.write({"test_it.py": MISSPELT})
    with pytest.warns(SyntaxWarning) as warned:
        assert len(project.collect(markers=["serail: of my own"]).items) == 4
    said = "the mark {!r} has no effect; did you mean {!r}? "
    assert [(one.lineno, str(one.message).partition("mend ")[0]) for one in warned] == [
        (5, said.format("tiemout", "timeout")),
        (7, said.format("skpi", "skip")),
    ]


def test_a_method_without_self_is_a_problem_of_its_own(project):
    source = """
        class TestA:
            def test_a(): pass
            def test_any(*args): pass
            @staticmethod
            def test_static(): pass
        """
    project.write({"test_it.py": source})
    collection = project.collect()
    assert [(one.where, one.failure.message.partition(":")[0]) for one in collection.problems] == [
        ("test_it.py::TestA::test_a", "a method of a class takes `self` first")
    ]
    assert collection.problems[0].only_here  # pytest runs the other tests
    assert [item.id for item in collection.items] == ["test_it.py::TestA::test_any", "test_it.py::TestA::test_static"]


def test_a_fixture_that_is_a_method_without_self_is_one_too(project):
    source = """
        from rustest import fixture

        class TestA:
            @fixture
            def value(): return 1
            @fixture
            def fine(*args): return 1
            @staticmethod
            @fixture
            def static(): return 1
            def test_a(self, fine): pass
        """
    project.write({"test_it.py": source})
    (problem,) = project.collect().problems
    assert problem.where == "test_it.py::TestA::value"
    assert problem.failure.message.startswith("a method of a class takes `self` first")
    assert problem.only_here


def test_test_false_is_respected_on_functions_classes_and_modules(project):
    source = """
        def test_a(): pass
        test_a.__test__ = False
        class TestA:
            __test__ = False
            def test_a(self): pass
        class TestB(TestA):
            __test__ = True
            def test_no(self): pass
            test_no.__test__ = False
        """
    assert names(project, source) == ["TestB::test_a"]
    project.write({"test_off.py": "__test__ = False\ndef test_a(): pass"})
    assert project.ids("test_off.py") == []


def test_test_true_makes_tests_of_functions_and_classes_of_any_name(project):
    source = """
        def check(): pass
        check.__test__ = True
        class Checks:
            __test__ = True
            def test_a(self): pass
        class Helpers:
            def test_b(self): pass
        """
    assert names(project, source) == ["check", "Checks::test_a"]


def test_a_bases_tests_come_first_and_an_overridden_one_stands_where_it_is_overridden(project):
    source = """
        class Base:
            def test_base(self): pass
            def test_both(self): pass
            def test_gone(self): pass
        class Mixin:
            def test_mixin(self): pass
        class TestIt(Mixin, Base):
            def test_own(self): pass
            def test_both(self): pass
            test_gone = None
        """
    assert names(project, source) == [
        "TestIt::test_base",
        "TestIt::test_mixin",
        "TestIt::test_own",
        "TestIt::test_both",
    ]


def test_imported_functions_and_classes_are_tests_of_the_module_that_imports_them(project):
    project.write({"shared.py": "def test_shared(): pass\nclass TestShared:\n    def test_a(self): pass\n"})
    assert names(project, "from shared import *\ndef test_own(): pass") == [
        "test_shared",
        "TestShared::test_a",
        "test_own",
    ]


def test_a_class_that_holds_itself_is_read_once(project):
    source = """
        class TestA:
            def test_a(self): pass
        TestA.TestAgain = TestA
        """
    assert names(project, source) == ["TestA::test_a"]


def test_methods_are_called_on_an_instance_which_static_and_class_methods_do_not_see(project):
    source = """
        from functools import partial
        from rustest import mark
        class TestA:
            def test_plain(self, x): return self, x
            @staticmethod
            def test_static(x): return x
            @classmethod
            @mark.slow
            async def test_class(cls, x): return cls, x
            def both(a, b): return a, b
            test_partial = staticmethod(partial(both, 1))
        """
    found = functions(project, source)
    _, static, bound, partial = found.values()
    assert [each.cls.__name__ for each in found.values()] == ["TestA"] * 4
    assert [each.arguments for each in found.values()] == [("x",), ("x",), ("x",), ("b",)]
    assert (static.func(object(), x=1), partial.func(object(), b=2)) == (1, (1, 2))
    assert (bound.kind, [mark.name for mark in bound.marks]) == (CallKind.COROUTINE, ["slow"])
    assert {each.classes for each in found.values()} == {("TestA",)}


def test_a_class_method_of_a_base_is_bound_to_the_class_that_is_read(project):
    source = """
        class Base:
            @classmethod
            def test_a(cls): return cls
        class TestA(Base): pass
        """
    (test,) = functions(project, source).values()
    assert test.func(object()) is test.cls
    assert test.cls.__name__ == "TestA"


def test_a_wrapped_test_keeps_its_line_and_arguments(project):
    source = """
        import functools
        def decorate(func):
            @functools.wraps(func)
            def call(*args, **kwargs): return func(*args, **kwargs)
            return call

        @decorate
        @decorate
        def test_a(x, y=1): pass
        """
    (test,) = functions(project, source).values()
    assert (test.arguments, test.line) == (("x",), 8)


def test_a_test_may_be_a_wrapper_that_keeps_its_function_in_a_slot_and_has_no_attributes_of_its_own(project):
    source = """
        from types import MethodType
        from rustest import mark
        class Wrapper:
            __slots__ = ("__wrapped__",)
            def __init__(self, wrapped): self.__wrapped__ = wrapped
            def __get__(self, instance, owner): return self if instance is None else MethodType(self, instance)
            def __call__(self, *args): return self.__wrapped__(*args)
            def __getattr__(self, name): return getattr(self.__wrapped__, name)
            __dict__ = property(lambda self: self.__wrapped__.__dict__)

        @Wrapper
        @mark.slow
        async def test_a(x, y=1): pass

        class TestA:
            @Wrapper
            def test_b(self, z): pass
        """
    first, second = functions(project, source).values()
    assert (first.kind, first.arguments, first.line) == (CallKind.COROUTINE, ("x",), 12)
    assert [mark.name for mark in first.marks] == ["slow"]
    assert (second.arguments, second.cls.__name__) == (("z",), "TestA")


def test_objects_that_are_no_functions_are_left_alone(project):
    source = """
        from unittest.mock import call, Mock
        class Lazy:
            def __getattr__(self, name): raise RuntimeError(name)
            __class__ = __dict__ = property(lambda self: 1 / 0)
            def __call__(self): pass
            __wrapped__ = property(lambda self: 1 / 0)
        lazy = test_lazy = TestLazy = Lazy()
        test_mock, test_call, test_class, test_builtin = Mock(), call, Lazy, print
        class TestA:
            test_lazy = lazy
            test_mock = Mock()
        def test_a(): pass
        """
    assert names(project, source) == ["test_a"]


def test_marks_are_the_nearest_first_but_a_base_class_comes_before_what_derives_from_it(project):
    source = """
        from rustest import mark
        pytestmark = [mark.module1, mark.module2]
        class Base:
            pytestmark = mark.base
            @mark.own2
            @mark.own1
            def test_a(self): pass
        @mark.outer
        class TestOuter:
            @mark.inner2
            @mark.inner1
            class TestInner(Base): pass
        """
    (test,) = functions(project, source).values()
    assert [mark.name for mark in test.marks] == [
        "own1",
        "own2",
        "base",
        "inner1",
        "inner2",
        "outer",
        "module1",
        "module2",
    ]


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("pytestmark = 'slow'\ndef test_a(): pass", "test_it.py"),
        ("class TestA:\n    pytestmark = 'slow'\n    def test_a(self): pass", "test_it.py::TestA"),
        ("def test_a(): pass\ntest_a.pytestmark = 'slow'", "test_it.py::test_a"),
    ],
)
def test_a_pytestmark_that_holds_no_marks_is_a_problem_of_its_holder(project, source, where):
    problem = project.problem(source)
    assert problem.where == where
    assert "must be a mark or a list of marks" in problem.failure.headline


@pytest.mark.parametrize("prefix", ["", "async "])
def test_a_test_that_yields_is_a_problem_and_not_passed(project, prefix):
    problem = project.problem(f"{prefix}def test_a():\n    yield")
    assert (problem.where, problem.failure.message) == (
        "test_it.py::test_a",
        "a test cannot yield: move what surrounds the yield to a fixture, which can",
    )


@pytest.mark.parametrize(
    "source",
    [
        "import rustest\n\ndef test_a():\n    yield",
        "class TestA:\n\n    def test_a(): pass",
        "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): yield",
        "from rustest import parametrize\n\n@parametrize('x', [1])\ndef test_a(): pass",
    ],
)
def test_the_problem_of_a_test_has_the_place_of_the_test(project, source):
    problem = project.problem(source)
    assert [(Path(frame.file).name, frame.line) for frame in problem.failure.frames] == [("test_it.py", 3)]


def test_the_marks_that_mean_something_to_rustest_are_registered(project):
    own = {name for name in vars(type(mark)) if not name.startswith("_")}
    assert own <= OWN_MARKS.keys()
    source = "from rustest import mark\n@mark.flaky(retries=2)\ndef test_a(): pass"
    project.write({"test_it.py": source})
    assert project.collect(strict_markers=True).problems == ()


def test_a_mark_that_nobody_registered_is_a_problem_where_the_settings_are_strict(project):
    project.write({"test_it.py": "from rustest import mark\n@mark.slwo\ndef test_a(): pass\ndef test_b(): pass"})
    collection = project.collect(strict_markers=True, markers=("slow: takes long",))
    assert [problem.where for problem in collection.problems] == ["test_it.py"]
    assert "nobody registered the mark 'slwo' of test_a" in collection.problems[0].failure.message
    assert "did you mean 'slow'?" in collection.problems[0].failure.message
    assert collection.problems[0].failure.frames[0].line == 2
    assert collection.items == ()
