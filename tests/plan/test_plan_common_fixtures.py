"""Tests overlap under a fixture that changes the process alike for all of them; what may differ puts each alone."""

import sys
from textwrap import dedent, indent

import pytest

from rustest.model.plan import Lane, Plan
from rustest.testing import plan_project, run_project

HEAD = """
    import asyncio, os, pathlib, sys, unittest.mock, warnings
    from unittest.mock import patch
    from rustest import MonkeyPatch, fixture
    import shop

    NAMES = ("HOST", "PORT")
    fakes = {}
    def fake(): ...
"""
SHOP = """
    prices, url, limits = {"tea": 1}, "https://shop.example", {}
    class Client: ...
    client = Client()
    def send(): ...
    def reset(): prices.clear()
"""

ALIKE = {
    "sets variables": 'monkeypatch.setenv("A", "1"); monkeypatch.delenv("B", raising=False)',
    "goes through names": 'for name in NAMES: monkeypatch.setenv(name, f"the {name.lower()}")',
    "puts in a function": 'monkeypatch.setattr(shop, "send", fake)',
    "puts in a lambda": 'monkeypatch.setattr("shop.send", lambda: None)',
    "puts in a text": 'monkeypatch.setattr(shop, "url", "http://localhost")',
    "sets an item": 'monkeypatch.setitem(shop.prices, "tea", 2)',
    "goes to a folder": 'monkeypatch.chdir(pathlib.Path("/"))',
    "clears the environment": """
        before = os.environ.copy()
        os.environ.clear()
        os.environ.update({name: value for name, value in before.items() if name.lower() not in NAMES})
        yield
        os.environ.clear()
        os.environ.update(before)
    """,
    "opens a context": 'with patch.dict(os.environ, {"A": "1"}): yield',
    "patches by itself": 'with MonkeyPatch.context() as patches: patches.setenv("A", "1"); yield',
    "loops in a context": """
        with MonkeyPatch.context() as patches:
            for name in NAMES:
                patches.setenv(name, "1")
            yield
    """,
    "filters warnings": 'with warnings.catch_warnings(): warnings.simplefilter("ignore"); yield',
    "sets and puts back": """
        before = shop.url
        shop.url = "http://localhost"
        yield
        shop.url = before
    """,
}
DIFFERS = {
    "puts in something new": 'monkeypatch.setattr(shop, "client", shop.Client())',
    "puts in a new list": 'monkeypatch.setattr(shop, "prices", {})',
    "puts in a mock": 'monkeypatch.setattr(shop, "send", unittest.mock.Mock())',
    "patches with a mock": 'with patch("shop.send"): yield',
    "puts in what remembers": """
        calls = []
        monkeypatch.setattr(shop, "send", lambda: calls.append(1))
    """,
    "calls other code": """
        shop.reset()
        monkeypatch.setenv("A", "1")
    """,
    "begins chance anew": """
        import random
        random.seed(1)
    """,
    "fills a container": """
        fakes["send"] = fake
        monkeypatch.setattr(shop, "send", fake)
    """,
}


def source(code: str, *, arguments: str = "monkeypatch", test: str = "") -> str:
    body = indent(dedent(code).strip(), " " * 8)
    tests = test or "async def test_one(): await asyncio.sleep(0)\n    async def test_two(): await asyncio.sleep(0)"
    return f"{HEAD}\n    @fixture(autouse=True)\n    def scenery({arguments}):\n{body}\n\n    {tests}\n"


def plan(folder, code: str, **settings) -> Plan:
    for module in ("shop", "test_it"):  # as a new process has it
        sys.modules.pop(module, None)
    return plan_project(folder, {"shop.py": SHOP, "test_it.py": code}, pythonpath=(".",), **settings)


def windows(planned: Plan) -> list[tuple[Lane, str, list[str]]]:
    return [
        (window.lane, window.title, [step.item.function.name for step in window.steps]) for window in planned.windows
    ]


@pytest.mark.parametrize("code", ALIKE.values(), ids=ALIKE)
def test_what_is_alike_for_all_is_set_up_once_for_tests_that_overlap(imports_undone, code):
    planned = plan(imports_undone, source(code))
    assert windows(planned) == [(Lane.OVERLAP, "the whole run, with `scenery`", ["test_one", "test_two"])]
    assert next(planned.runs()).reasons == (
        "overlaps only with tests that use `scenery`, set up once for all: what it changes is the same for each",
    )


@pytest.mark.parametrize("code", DIFFERS.values(), ids=DIFFERS)
def test_what_may_differ_puts_each_test_alone(imports_undone, code):
    assert windows(plan(imports_undone, source(code))) == [(Lane.ALONE, "test_it.py", ["test_one", "test_two"])]


def test_what_is_undone_before_the_test_begins_needs_no_window(imports_undone):
    planned = plan(imports_undone, source('os.environ["A"] = "1"\ndel os.environ["A"]', arguments=""))
    assert windows(planned) == [(Lane.OVERLAP, "the whole run", ["test_one", "test_two"])]


@pytest.mark.parametrize(
    "arguments, test",
    [
        ("monkeypatch, request", "async def test_one(): ..."),
        ("monkeypatch, tmp_path", "async def test_one(): ..."),
        ("monkeypatch", "async def test_one(scenery): ..."),
        ("monkeypatch", "async def test_one(monkeypatch): ..."),
        ("monkeypatch", 'async def test_one(): os.environ["C"] = "1"'),
        ("monkeypatch", "@fixture\n    def own(monkeypatch): return monkeypatch\n    async def test_one(own): ..."),
    ],
)
def test_whoever_has_more_to_do_with_it_is_alone(imports_undone, arguments, test):
    planned = plan(imports_undone, source('monkeypatch.setenv("A", "1")', arguments=arguments, test=test))
    assert windows(planned) == [(Lane.ALONE, "test_it.py", ["test_one"])]


def test_what_may_be_given_more_is_no_such_fixture(imports_undone):
    for arguments in ("monkeypatch, name='a'", "monkeypatch, *names", "monkeypatch, **names"):
        planned = plan(imports_undone, source('monkeypatch.setenv("A", "1")', arguments=arguments))
        assert {window.lane for window in planned.windows} == {Lane.ALONE}


def test_a_set_up_of_unittests_kind_is_no_such_fixture(imports_undone):
    test = 'def setup_function(): os.environ["A"] = "1"\n    async def test_one(): ...'
    planned = plan(imports_undone, source("pass", arguments="", test=test))
    assert windows(planned) == [(Lane.ALONE, "test_it.py", ["test_one"])]


@pytest.mark.parametrize("workers, together", [(None, 3), (2, 1)])
def test_they_meet_under_one_fixture_and_nobody_else_sees_what_it_does(imports_undone, workers, together):
    tests = "\n".join(
        f"@mark.usefixtures('{place}')\nasync def test_{place}_{number}(met): await meet(met, '{place}')"
        for place in ("here", "there")
        for number in range(3)
    )
    report = run_project(
        imports_undone,
        {
            "test_it.py": f"""
import asyncio, os
from rustest import fixture, mark

@fixture(scope="session")
def met(): return {{}}
@fixture
def here(monkeypatch): monkeypatch.setenv("PLACE", "here")
@fixture
def there(monkeypatch): monkeypatch.setenv("PLACE", "there")

async def meet(met, place):
    arrived = met.setdefault(place, set())
    arrived.add(asyncio.current_task())
    for _ in range(400):
        assert os.environ["PLACE"] == place
        await asyncio.sleep(0.005)
        if len(arrived) >= {together}:
            return
    raise AssertionError("they never met")

{tests}

async def test_elsewhere():
    assert "PLACE" not in os.environ

def test_sync():
    assert "PLACE" not in os.environ

@mark.usefixtures("here")
def test_sync_here():
    assert os.environ["PLACE"] == "here"
"""
        },
        workers=workers,
    )
    assert report.exit_status == 0, report
    assert not any(finished.outcome.notes for finished in report.finished.values())
