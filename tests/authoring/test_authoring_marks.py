"""Marks: what decorators record, where, in which order, and what they refuse."""

import functools
from types import ModuleType

import pytest

from rustest import fixture, mark, param
from rustest.model.marks import Mark, marks_of


def plain():
    pass


def test_a_decorator_returns_the_very_function_and_class():
    class Plain:
        pass

    assert mark.slow(plain) is plain
    assert mark.slow(Plain) is Plain


def test_any_name_makes_a_mark_bare_or_called():
    @mark.bare
    def one(): ...

    @mark.called(3, reason="x")
    def two(): ...

    assert marks_of(one) == (Mark("bare"),)
    assert marks_of(two) == (Mark("called", (3,), {"reason": "x"}),)


def test_one_callable_alone_is_decorated_and_with_a_keyword_it_is_an_argument():
    def target(): ...

    assert mark.uses(target) is target
    assert mark.uses(target, how="x").mark == Mark("uses", (target,), {"how": "x"})


def test_the_nearest_decorator_comes_first():
    @mark.outer
    @mark.inner
    def test(): ...

    @mark.outer
    @mark.inner
    class TestIt:
        pytestmark = (mark.body_one, mark.body_two)

    assert [each.name for each in marks_of(test)] == ["inner", "outer"]
    assert [each.name for each in marks_of(TestIt)] == ["body_one", "body_two", "inner", "outer"]


def test_a_subclass_has_a_list_of_its_own():
    @mark.base
    class Base: ...

    @mark.derived
    class Derived(Base): ...

    class Bare(Base): ...

    assert [each.name for each in marks_of(Base)] == ["base"]
    assert [each.name for each in marks_of(Derived)] == ["derived"]
    assert marks_of(Bare) == ()


def test_marking_a_wrapper_leaves_the_wrapped_function_alone():
    @mark.first
    def wrapped(): ...

    @mark.second
    @functools.wraps(wrapped)
    def wrapper(): ...

    assert [each.name for each in marks_of(wrapped)] == ["first"]
    assert [each.name for each in marks_of(wrapper)] == ["first", "second"]


def test_static_and_class_methods_can_be_marked():
    class TestIt:
        @mark.one
        @staticmethod
        def test_static(): ...

        @mark.two
        @classmethod
        def test_class(cls): ...

    assert marks_of(vars(TestIt)["test_static"].__func__) == (Mark("one"),)
    assert marks_of(vars(TestIt)["test_class"].__func__) == (Mark("two"),)


@pytest.mark.parametrize("written", [mark.slow, [mark.slow], (mark.slow,), mark.slow.mark])
def test_pytestmark_of_a_module_is_a_mark_or_a_list(written):
    module = ModuleType("test_x")
    module.pytestmark = written
    assert marks_of(module) == (Mark("slow"),)


@pytest.mark.parametrize("written", [3, "slow", [mark.slow, None]])
def test_any_other_pytestmark_is_refused_by_name(written):
    module = ModuleType("test_x")
    module.pytestmark = written
    with pytest.raises(TypeError, match="pytestmark of test_x must be a mark or a list of marks"):
        marks_of(module)


def test_a_decorator_shows_itself_as_written():
    assert repr(mark.slow) == "mark.slow"
    assert repr(mark.slow(1, reason="x")) == "mark.slow(1, reason='x')"


def test_what_is_no_function_is_not_decorated():
    with pytest.raises(TypeError, match=r"mark.slow\(1\) decorates functions and classes, not 3"):
        mark.slow(1)(3)


@pytest.mark.parametrize("name", ["_private", "__wrapped__", "__len__"])
def test_a_mark_does_not_start_with_an_underscore(name):
    with pytest.raises(AttributeError):
        getattr(mark, name)


def test_a_mark_on_a_fixture_is_refused_in_either_order():
    with pytest.raises(TypeError, match="no effect on a fixture"):

        @mark.slow
        @fixture
        def one(): ...

    with pytest.raises(TypeError, match=r"two is a fixture, on which mark\.slow has no effect"):

        @fixture
        @mark.slow
        def two(): ...


# asyncio and timeout


def test_asyncio_is_bare_or_called_on_functions_and_classes():
    @mark.asyncio
    async def bare(): ...

    @mark.asyncio()
    async def called(): ...

    @mark.asyncio(loop_scope="class", timeout=5)
    class TestIt: ...

    assert marks_of(bare) == marks_of(called) == (Mark("asyncio"),)
    assert marks_of(TestIt) == (Mark("asyncio", (), {"loop_scope": "class", "timeout": 5}),)


def test_asyncio_records_what_was_given_and_nothing_else():
    written = mark.asyncio(debug=False, loop_factory=dict, timeout=None)
    assert written.mark.kwargs == {"debug": False, "loop_factory": dict}


@pytest.mark.parametrize("timeout", [0, -1.0, -0.0, float("-inf")])
@pytest.mark.parametrize("write", [lambda t: mark.asyncio(timeout=t), mark.timeout])
def test_a_timeout_of_0_or_less_is_refused(timeout, write):
    with pytest.raises(ValueError, match=r"^timeout must be positive$"):
        write(timeout)


@pytest.mark.parametrize("timeout", [float("nan"), float("inf")])
@pytest.mark.parametrize("write", [lambda t: mark.asyncio(timeout=t), mark.timeout])
def test_a_timeout_that_never_comes_is_refused(timeout, write):
    with pytest.raises(ValueError, match="finite number of seconds"):
        write(timeout)


@pytest.mark.parametrize("timeout", ["5", True, [1], plain])
@pytest.mark.parametrize("write", [lambda t: mark.asyncio(timeout=t), mark.timeout])
def test_a_timeout_that_is_no_number_is_refused(timeout, write):
    with pytest.raises(TypeError, match="timeout must be a number of seconds"):
        write(timeout)


def test_an_unknown_loop_scope_is_refused_with_the_valid_ones():
    with pytest.raises(
        ValueError, match="loop_scope must be one of 'function', 'class', 'module', 'package', 'session', not 'modul'"
    ):
        mark.asyncio(loop_scope="modul")


def test_an_unknown_keyword_of_asyncio_is_refused_with_the_valid_ones():
    with pytest.raises(TypeError, match="no keyword 'scope'; it takes loop_scope, timeout, loop_factory, debug"):
        mark.asyncio(scope="module")


@pytest.mark.parametrize("keyword", ["loop_factory", "debug"])
def test_asyncio_checks_its_other_keywords(keyword):
    with pytest.raises(TypeError, match=keyword):
        mark.asyncio(**{keyword: "x"})


@pytest.mark.parametrize("written", [lambda: mark.asyncio("module"), lambda: mark.asyncio(plain, timeout=3)])
def test_asyncio_takes_keywords_only(written):
    with pytest.raises(TypeError):
        written()


def test_timeout_records_its_seconds():
    assert mark.timeout(1.5).mark == Mark("timeout", (1.5,))


# skip, skipif, xfail, serial, usefixtures


def test_skip_is_bare_or_has_a_reason():
    assert mark.skip.mark == mark.skip().mark == Mark("skip")
    assert mark.skip("later").mark == mark.skip(reason="later").mark == Mark("skip", (), {"reason": "later"})


def test_skipif_records_condition_and_reason():
    assert mark.skipif(True, reason="x").mark == Mark("skipif", (True,), {"reason": "x"})
    assert mark.skipif("sys.platform == 'win32'").mark == Mark("skipif", ("sys.platform == 'win32'",))


def test_xfail_records_what_was_given_and_nothing_else():
    assert mark.xfail.mark == mark.xfail().mark == Mark("xfail")
    assert mark.xfail(raises=(KeyError, OSError), strict=False).mark == Mark(
        "xfail", (), {"raises": (KeyError, OSError), "strict": False}
    )
    assert mark.xfail(False, reason="x", run=False).mark == Mark("xfail", (False,), {"run": False, "reason": "x"})


@pytest.mark.parametrize("write", [mark.skipif, mark.xfail])
def test_a_condition_needs_a_reason(write):
    with pytest.raises(TypeError, match="needs a reason"):
        write(False)


@pytest.mark.parametrize(
    ("write", "complaint"),
    [
        (lambda: mark.skip(3), "reason of mark.skip"),
        (lambda: mark.skip(reson="x"), "reson"),
        (lambda: mark.skipif(True, reason=3), "reason of mark.skipif"),
        (lambda: mark.xfail(raises="ValueError"), "raises of mark.xfail must be an exception type"),
        (lambda: mark.xfail(run="no"), "run of mark.xfail must be True or False"),
        (lambda: mark.xfail(strikt=True), "no keyword 'strikt'; it takes reason, raises, run, strict"),
        (lambda: mark.serial(3), "keys of mark.serial must be strings"),
        (mark.usefixtures, "needs names of fixtures"),
        (lambda: mark.usefixtures(plain), "must be strings"),
    ],
)
def test_marks_with_a_meaning_refuse_what_they_cannot_mean(write, complaint):
    with pytest.raises(TypeError, match=complaint):
        write()


def test_serial_is_bare_or_has_keys():
    assert mark.serial.mark == Mark("serial")
    assert mark.serial("db", "port").mark == Mark("serial", ("db", "port"))


def test_usefixtures_records_names():
    assert mark.usefixtures("a", "b").mark == Mark("usefixtures", ("a", "b"))


def test_param_takes_one_mark_or_several():
    assert param(1, marks=mark.skip).marks == (Mark("skip"),)
    assert param(1, marks=[mark.skip, mark.slow(2)]).marks == (Mark("skip"), Mark("slow", (2,)))
    with pytest.raises(TypeError, match="marks of param must be a mark"):
        param(1, marks="skip")


def test_concurrency_records_its_number_and_keys():
    assert mark.concurrency(4, "api", "db").mark == Mark("concurrency", (4, "api", "db"))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((4,), TypeError),
        (("api",), TypeError),
        ((2.5, "a"), TypeError),
        ((0, "a"), ValueError),
        ((True, "a"), TypeError),
    ],
)
def test_concurrency_refuses_what_is_no_number_or_key(arguments, error):
    with pytest.raises(error, match="concurrency"):
        mark.concurrency(*arguments)
