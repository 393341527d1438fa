"""Fixtures as methods, autouse, usefixtures and overrides, as they come out in a run."""

import pytest
from project_runs import record

KINDS = ("def", "async def")


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_scoped_fixture_method_has_the_instance_of_its_test(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        class Base:
            @fixture
            {kind} inherited(self):
                self.greeting = "hello"
                yield self
                note(self.greeting)

        class TestIt(Base):
            @fixture
            {kind} own(self, inherited):
                assert inherited is self
                self.greeting += " world"
                return self

            {kind} test_first(self, own):
                assert own is self
                self.greeting += "!"

            {kind} test_second(self, own):
                assert own is self and self.greeting == "hello world"
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert sorted(happened.log) == ["hello world", "hello world!"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_wider_fixture_method_has_an_instance_of_its_class_and_may_set_class_attributes(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from rustest import fixture

        class TestIt:
            @fixture(scope="class", autouse=True)
            {kind} prepare(self):
                assert type(self) is TestIt
                type(self).resource = "ready"
                yield
                del type(self).resource

            {kind} test_first(self): assert self.resource == "ready"

            {kind} test_second(self): assert self.resource == "ready"
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_nested_class_uses_the_fixtures_of_the_class_around_it(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from rustest import fixture

        class TestOuter:
            token = "outer"

            @fixture
            {kind} token_of(self): return self.token

            class TestInner:
                {kind} test_it(self, token_of): assert token_of == "outer"
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}


def test_static_and_class_methods_can_be_fixtures_and_tests(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import fixture

        class TestIt:
            @fixture
            @staticmethod
            def plain(): return 1

            @fixture
            @classmethod
            async def of_class(cls): return cls

            @staticmethod
            def test_static(plain): assert plain == 1

            @classmethod
            async def test_class(cls, of_class, plain): assert cls is of_class is TestIt
        """,
    )
    assert happened.verdicts() == {"TestIt::test_static": "passed", "TestIt::test_class": "passed"}


def test_each_place_overrides_the_one_above_and_may_ask_for_it(tmp_path):
    override = """
        from rustest import fixture

        @fixture
        {kind} path(path): return path + "{name}"
    """
    happened = record(
        tmp_path,
        {
            "conftest.py": override.format(kind="def", name="/root").replace("(path)", "()").replace("path + ", ""),
            "a/conftest.py": override.format(kind="async def", name="/a"),
            "a/b/conftest.py": override.format(kind="def", name="/b"),
            "a/b/test_it.py": override.format(kind="async def", name="/module")
            + """
        class TestIt:
            @fixture
            async def path(self, path):
                yield path + "/class"

            def test_inside(self, path): assert path == "/root/a/b/module/class"

        async def test_outside(path): assert path == "/root/a/b/module"
        """,
            "a/test_above.py": "async def test_above(path): assert path == '/root/a'",
            "test_top.py": "def test_top(path): assert path == '/root'",
        },
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert len(happened.verdicts()) == 4


def test_what_asks_for_an_overridden_fixture_gets_the_nearest_one(tmp_path):
    happened = record(
        tmp_path,
        {
            "conftest.py": """
        from rustest import fixture

        @fixture
        def name(): return "root"

        @fixture
        async def greeting(name): return f"hello {name}"
        """,
            "test_near.py": """
        from rustest import fixture

        @fixture
        async def name(): return "near"

        async def test_near(greeting): assert greeting == "hello near"
        """,
            "test_far.py": "async def test_far(greeting): assert greeting == 'hello root'",
        },
    )
    assert set(happened.verdicts().values()) == {"passed"}


def test_autouse_and_usefixtures_come_first_and_only_where_they_are_seen(tmp_path):
    happened = record(
        tmp_path,
        {
            "test_one.py": """
        from happened import note
        from rustest import fixture, mark

        @fixture
        def asked(): note("asked")

        @fixture
        async def named(): note("named")

        @fixture(autouse=True)
        async def always(): note("always")

        @fixture(scope="module")
        def wide(): note("wide")

        @mark.usefixtures("named")
        async def test_it(asked, wide): note("body")
        """,
            "test_two.py": "from happened import note\n\nasync def test_other(): note('other')",
        },
        concurrency=1,
    )
    assert happened.log == ["wide", "always", "named", "asked", "body", "other"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fixture_is_set_up_once_for_a_test_however_many_ask_for_it(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        @fixture
        {kind} base():
            note("base")
            return object()

        @fixture
        {kind} left(base): return base

        @fixture
        {kind} right(base): return base

        {kind} test_it(left, right, base): assert left is right is base

        {kind} test_again(left, base): assert left is base
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.log == ["base", "base"]


def test_a_class_scoped_fixture_lives_once_for_each_class_and_for_each_test_outside(tmp_path):
    happened = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture(scope="class")
        async def shared():
            note("up")
            yield object()
            note("down")

        class TestOne:
            async def test_a(self, shared): pass
            async def test_b(self, shared): pass

        class TestTwo:
            async def test_a(self, shared): pass

        async def test_c(shared): pass

        async def test_d(shared): pass
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert (happened.log.count("up"), happened.log.count("down")) == (4, 4)


def test_parameters_reach_the_fixtures_that_ask_for_their_names(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import fixture, parametrize

        @fixture
        def number(): return 0

        @fixture
        async def double(number): return 2 * number

        @parametrize("number", [1, 2])
        async def test_it(number, double): assert double == 2 * number > 0

        async def test_without(double): assert double == 0
        """,
    )
    assert happened.verdicts() == {"test_it[1]": "passed", "test_it[2]": "passed", "test_without": "passed"}
