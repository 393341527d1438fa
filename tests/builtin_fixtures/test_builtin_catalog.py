"""The catalogue, held against the functions that it speaks of, and how users' own fixtures stand to it."""

import inspect
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

import pytest
from small_projects import failing, results

from rustest import builtin_fixtures
from rustest.builtin_fixtures.catalog import ENTRIES, builtin_definitions
from rustest.model.calls import kind_of
from rustest.model.fixtures import BUILTIN, FixtureDeclaration
from rustest.model.marks import FIXTURE_ATTRIBUTE


def declared() -> dict[str, tuple[str, Callable[..., object]]]:
    """All fixture functions of the package, by name, with the module that defines each."""
    found = {}
    for module in iter_modules(builtin_fixtures.__path__):
        members = vars(import_module(f"rustest.builtin_fixtures.{module.name}"))
        for name, member in members.items():
            if FIXTURE_ATTRIBUTE in getattr(member, "__dict__", ()) and member.__module__.endswith(f".{module.name}"):
                found[name] = (module.name, member)
    return found


def test_the_catalogue_has_every_fixture_of_the_package():
    assert {entry.name: entry.module for entry in ENTRIES} == {name: module for name, (module, _) in declared().items()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_entry_agrees_with_the_function(entry):
    _, function = declared()[entry.name]
    declaration = cast("FixtureDeclaration", getattr(function, FIXTURE_ATTRIBUTE))
    assert (entry.arguments, entry.kind, entry.scope) == (
        tuple(inspect.signature(function).parameters),
        kind_of(function),
        declaration.scope,
    )
    assert declaration == FixtureDeclaration(scope=entry.scope)


def test_every_fixture_is_documented_and_found_through_its_definition():
    for definition in builtin_definitions():
        assert inspect.getdoc(inspect.unwrap(definition.func)), definition.name
        assert definition.place == BUILTIN


def test_the_definitions_load_nothing_that_implements_them():
    code = (
        "import sys\nfrom rustest.builtin_fixtures.catalog import builtin_definitions\n"
        "builtin_definitions()\nprint(*(name for name in sys.modules if name.startswith('rustest.builtin_fixtures.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["rustest.builtin_fixtures.catalog"]


def test_a_users_own_fixture_of_the_same_name_wins_and_may_ask_for_the_built_in_one(tmp_path):
    files = {
        "conftest.py": """
            from rustest import fixture

            @fixture
            def monkeypatch(): return "mine"

            @fixture
            def tmp_path(tmp_path): return tmp_path / "inner"
            """,
        "test_it.py": """
            import os

            def test_it(monkeypatch, tmp_path):
                assert monkeypatch == "mine"
                assert tmp_path.parent.is_dir() and not tmp_path.exists()
            """,
    }
    assert results(tmp_path, files) == {"test_it": "passed"}


def test_a_fixture_of_the_users_that_is_wider_cannot_have_one_that_lives_for_a_test(tmp_path):
    source = """
        from rustest import fixture

        @fixture(scope="session")
        def wide(tmp_path): pass

        def test_it(wide): pass
        """
    (result,) = failing(tmp_path, source).values()
    assert "lives for a whole session and asks for `tmp_path` (built in)" in result
    assert 'ask for `tmp_path_factory`, or give `wide` scope="function"' in result


def test_a_name_that_is_nearly_one_of_the_built_in_ones_gets_a_hint(tmp_path):
    (result,) = failing(tmp_path, "def test_it(monkey_patch): pass").values()
    assert "did you mean `monkeypatch`" in result
