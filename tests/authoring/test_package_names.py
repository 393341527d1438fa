"""The package's own names: what it offers, and what each of them costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import rustest


def modules_loaded_by(statement: str) -> set[str]:
    code = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, env=_environment())
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(rustest.__file__).parents[1])}


@pytest.mark.parametrize("name", [name for name in rustest.__all__ if name != "run"])
def test_every_name_loads_and_is_kept(name):
    value = getattr(rustest, name)
    assert value is getattr(rustest, name)
    assert vars(rustest)[name] is value


def test_the_three_lists_of_names_agree():
    tree = ast.parse(Path(rustest.__file__).read_text())
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert typed == rustest._MODULES
    assert sorted(typed) == sorted(rustest.__all__)
    assert set(rustest.__all__) <= set(dir(rustest))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'rustest' has no attribute 'fixtur'"):
        rustest.fixtur
    with pytest.raises(ImportError):
        from rustest import fixtur  # noqa: F401


def test_the_version_is_that_of_the_distribution():
    from importlib.metadata import version

    assert rustest.__version__ == version("rustest")


def test_rustest_alone_loads_nothing_but_itself():
    assert modules_loaded_by("import rustest") - {"types"} == {"rustest"}


def test_mark_loads_neither_raises_nor_approx():
    loaded = modules_loaded_by("from rustest import mark")
    assert loaded.isdisjoint({"rustest.authoring.raises", "rustest.authoring.approx", "rustest.model.errors"})


def test_authoring_loads_nothing_heavy():
    names = "approx, fail, fixture, importorskip, mark, param, parametrize, raises, skip, xfail"
    loaded = modules_loaded_by(f"from rustest import {names}")
    heavy = {"asyncio", "ast", "dataclasses", "decimal", "fractions", "inspect", "logging", "numbers", "pathlib"}
    assert loaded.isdisjoint(heavy | {"importlib.metadata", "rustest.session", "rustest.run", "rustest.testing"})


def test_run_stays_the_function_when_the_stage_of_that_name_is_imported():
    code = (
        "import rustest.run.runner, rustest\n"
        "from rustest import run\n"
        "from rustest.run.runner import run_plan\n"
        "from rustest.testing import run as function\n"
        "print(rustest.run is run is function)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")
