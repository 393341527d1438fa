"""Which backend runs a test: by its marks, and by its fixture `anyio_backend`."""

import pytest

from rustest.model.choices import AsyncioMode
from rustest.model.outcome import Verdict
from rustest.model.pytest_settings import IniValue, PytestSettings
from rustest.testing import plan_project, run_project

BACKENDS = """
from rustest import fixture, mark

@fixture(
    scope="session",
    params=["asyncio", ("asyncio", {"use_uvloop": True}), ("trio", {"strict_exception_groups": True})],
    ids=["asyncio", "asyncio+uvloop", "trio"],
)
def anyio_backend(request):
    return request.param
"""


def steps(plan):
    return {step.item.id.partition("::")[2]: step for window in plan.windows for step in window.steps}


def test_a_test_marked_anyio_runs_once_for_each_backend_of_its_project(tmp_path):
    source = """
    from rustest import mark

    @mark.anyio
    @mark.parametrize("x", [1])
    async def test_it(x, anyio_backend_name): ...

    @mark.anyio
    def test_sync(): ...

    async def test_unmarked(): ...
    """
    found = steps(plan_project(tmp_path, {"conftest.py": BACKENDS, "test_it.py": source}))
    assert sorted(found) == [
        "test_it[asyncio+uvloop-1]",
        "test_it[asyncio-1]",
        "test_it[trio-1]",
        "test_sync",
        "test_unmarked",
    ]
    assert found["test_it[trio-1]"].loop.trio == {"strict_exception_groups": True}
    assert found["test_it[trio-1]"].reasons == ()
    assert found["test_it[asyncio-1]"].loop.factory is None
    assert found["test_it[asyncio+uvloop-1]"].loop.factory is not None


@pytest.mark.parametrize("mark", ["class", "module"])
def test_the_mark_may_stand_on_the_class_or_module(tmp_path, mark):
    on_module, on_class = ("pytestmark = mark.anyio", "") if mark == "module" else ("", "@mark.anyio")
    source = f"""
    from rustest import mark
    {on_module}

    {on_class}
    class TestIt:
        async def test_it(self): ...
    """
    found = steps(plan_project(tmp_path, {"conftest.py": BACKENDS, "test_it.py": source}))
    assert len(found) == 3


def test_without_a_fixture_of_the_project_tests_marked_anyio_run_on_asyncio(tmp_path):
    source = """
    from rustest import mark

    @mark.anyio
    async def test_it(anyio_backend_name, anyio_backend_options):
        assert (anyio_backend_name, anyio_backend_options) == ("asyncio", {})
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_it",)


def test_async_fixtures_of_all_scopes_run_on_the_backend_of_each_test(tmp_path):
    source = """
    import anyio, sniffio
    from rustest import fixture, mark

    @fixture(scope="session")
    async def wide():
        await anyio.sleep(0)
        yield sniffio.current_async_library()
        await anyio.sleep(0)

    @fixture
    async def narrow():
        await anyio.sleep(0)
        yield sniffio.current_async_library()
        await anyio.sleep(0)

    @mark.anyio
    async def test_it(wide, narrow, anyio_backend_name):
        assert wide == narrow == sniffio.current_async_library() == anyio_backend_name

    def test_sync(wide, narrow, anyio_backend_name):
        assert wide == narrow == anyio_backend_name
    """
    report = run_project(tmp_path, {"conftest.py": BACKENDS, "test_it.py": source})
    assert len(report.ids(Verdict.PASSED)) == 6


@pytest.mark.parametrize("value", ['"curio"', "3", '("trio", 1)', '("asyncio", {"colour": 1})'])
def test_a_backend_that_is_none_is_named(tmp_path, value):
    source = f"""
    from rustest import mark

    @mark.parametrize("anyio_backend", [{value}], ids=["x"])
    async def test_it(anyio_backend): ...
    """
    report = run_project(tmp_path, {"test_it.py": source})
    [result] = report.finished.values()
    assert result.outcome.verdict is Verdict.ERROR
    assert "anyio_backend" in result.outcome.failures[0].message


def test_a_backend_that_comes_of_other_fixtures_is_an_error_that_says_what_it_must_be(tmp_path):
    source = """
    from rustest import fixture, mark

    @fixture
    def other(): return "trio"

    @fixture
    def anyio_backend(other): return other

    @mark.anyio
    async def test_it(): ...
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert "must be a plain def" in report.finished["test_it.py::test_it"].outcome.failures[0].message


@pytest.mark.parametrize(("mode", "backends"), [("auto", 2), ("strict", 0)])
def test_the_mode_of_anyios_plugin_says_whether_tests_without_a_mark_run_on_each_backend(project, mode, backends):
    said = PytestSettings(ini={"anyio_mode": IniValue(mode)})
    planned = project.plan(
        """
        import rustest

        @rustest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request): return request.param

        async def test_it(): ...
        """,
        pytest=said,
        asyncio_mode=AsyncioMode.AUTO,
    )
    assert sum("[" in step.item.id for step in planned.plan.steps()) == backends
