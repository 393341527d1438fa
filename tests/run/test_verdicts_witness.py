"""The verdicts of sync tests, compared with those of pytest, which runs the same file."""

import json
import subprocess
import sys

import pytest
from project_runs import record

from rustest.testing import write_project

FILE = """
import sys
from {package} import fail, fixture, mark, raises, skip, xfail

class Unprintable(Exception):
    def __str__(self): raise RuntimeError("no")

class Undescribable(Exception):
    def __repr__(self): raise RuntimeError("no")
    __str__ = __repr__

# --- bodies

def test_passes(): pass
def test_assert(): assert 1 == 2
def test_raises(): raise ValueError("x")
def test_unprintable(): raise Unprintable
def test_undescribable(): raise Undescribable
def test_system_exit(): sys.exit(0)
def test_stop_iteration(): raise StopIteration
def test_next_of_nothing(): next(iter(()))
def test_generator_exit(): raise GeneratorExit
def test_base_exception(): raise BaseException("x")
def test_group(): raise ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [KeyError(2)])])
def test_recursion():
    def again(): again()
    again()
def test_caused():
    try: 1 / 0
    except ZeroDivisionError as error: raise ValueError("x") from error
def test_noted():
    error = ValueError("x")
    error.add_note("a note")
    raise error
def test_circular():
    first, second = ValueError(1), ValueError(2)
    first.__cause__, second.__cause__ = second, first
    raise first
def test_skip(): skip("why")
def test_skip_in_except():
    try: skip("why")
    except Exception: pass
def test_fail(): fail("why")
def test_xfail(): xfail("why")
def test_raises_nothing():
    with raises(ValueError): pass
def test_raises_other():
    with raises(ValueError): raise KeyError

# --- marks

@mark.skip
def test_marked_skip(): assert False
@mark.skip(reason="why")
def test_marked_skip_with_reason(): assert False
@mark.skipif(True, reason="why")
def test_skipif(): assert False
@mark.skipif(False, reason="why")
def test_not_skipif(): pass
@mark.skipif("sys.version_info > (3,)")
def test_skipif_text(): assert False
@mark.xfail
def test_xfails(): assert False
@mark.xfail
def test_xpasses(): pass
@mark.xfail(strict=True)
def test_strict_xpasses(): pass
@mark.xfail(strict=True)
def test_strict_xfails(): assert False
@mark.xfail(raises=ValueError)
def test_xfails_as_told(): raise ValueError
@mark.xfail(raises=(ValueError, KeyError))
def test_xfails_as_one_of_two(): raise KeyError
@mark.xfail(raises=LookupError)
def test_xfails_by_subclass(): raise KeyError
@mark.xfail(raises=ValueError)
def test_xfails_otherwise(): raise KeyError
@mark.xfail(raises=ValueError, strict=True)
def test_strict_with_raises_xpasses(): pass
@mark.xfail(run=False)
def test_xfail_not_run(): raise SystemExit
@mark.xfail(False, reason="why")
def test_not_xfail(): assert False
@mark.xfail(False, reason="why", strict=True)
def test_not_strict_xfail(): pass
@mark.xfail(True, reason="why")
def test_xfail_with_condition(): assert False
@mark.xfail
def test_xfail_that_skips(): skip("why")
@mark.xfail
def test_xfail_that_fails_by_name(): fail("why")
@mark.xfail(raises=ValueError)
def test_xfail_of_a_type_that_fails_by_name(): fail("why")
@mark.xfail(strict=True)
def test_strict_that_calls_xfail(): xfail("why")
@mark.xfail(raises=ValueError)
def test_xfail_of_a_type_that_calls_xfail(): xfail("why")
@mark.xfail
def test_xfail_that_exits(): sys.exit(1)
@mark.skip
@mark.xfail
def test_skip_and_xfail(): assert False

# --- fixtures

@fixture
def broken(): raise ValueError("x")
@fixture
def breaks():
    yield
    raise ValueError("x")
@fixture
def skips(): skip("why")
@fixture
def xfails(): xfail("why")
@fixture
def fails(): fail("why")
@fixture
def skips_late():
    yield
    skip("why")
@fixture(scope="module")
def broken_module(): raise ValueError("x")
@fixture(scope="module")
def skipping_module(): skip("why")

def test_broken(broken): pass
def test_breaks(breaks): pass
def test_fails_and_breaks(breaks): assert False
def test_skips_and_breaks(breaks): skip("why")
def test_xfails_and_breaks(breaks): xfail("why")
def test_skips(skips): assert False
def test_skips_then_breaks(breaks, skips): assert False
def test_xfails_in_fixture(xfails): assert False
def test_fails(fails): pass
def test_skips_late(skips_late): pass
def test_fails_and_skips_late(skips_late): assert False
def test_breaks_and_skips_late(skips_late, breaks): pass
def test_broken_module(broken_module): pass
def test_broken_module_again(broken_module): pass
def test_skipping_module(skipping_module): pass
def test_skipping_module_again(skipping_module): pass
def test_two_break(breaks, skips_late): pass
@mark.xfail
def test_xfail_broken(broken): pass
@mark.xfail(raises=KeyError)
def test_xfail_broken_otherwise(broken): pass
@mark.xfail
def test_xfail_skips(skips): pass
@mark.xfail
def test_xfail_broken_module(broken_module): pass
@mark.skip
def test_skipped_before_it_breaks(broken): pass
@mark.usefixtures("skips")
class TestSkipped:
    def test_it(self): assert False
@mark.xfail(reason="all of them")
class TestXfailed:
    def test_fails(self): assert False
    def test_passes(self): pass
    @mark.xfail(strict=True)
    def test_nearest_counts(self): pass
"""

WITNESS = """
import json

phases = {}

def pytest_runtest_logreport(report):
    phases.setdefault(report.nodeid, []).append((report.when, verdict(report)))

def verdict(report):
    if hasattr(report, "wasxfail"):
        return {"skipped": "xfailed", "passed": "xpassed"}.get(report.outcome, report.outcome)
    return report.outcome

def overall(phases):
    verdicts = dict(phases)
    if verdicts.get("call") == "failed":
        return "failed"
    if "failed" in verdicts.values():
        return "error"
    return next((one for one in verdicts.values() if one != "passed"), "passed")

def pytest_sessionfinish(session):
    found = {node_id.partition("::")[2]: overall(one) for node_id, one in phases.items()}
    with open("verdicts.json", "w") as file:
        json.dump(found, file)
"""


@pytest.fixture(scope="module")
def witness(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("witness")
    write_project(folder, {"test_it.py": FILE.replace("{package}", "pytest"), "witness.py": WITNESS})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "witness", "test_it.py"]
    lean = {"PYTHONPATH": ".", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, cwd=folder, env=lean, capture_output=True, timeout=60)
    return json.loads((folder / "verdicts.json").read_text())


def test_each_sync_test_has_the_verdict_that_pytest_gives_it(tmp_path, witness):
    happened = record(tmp_path, FILE.replace("{package}", "rustest"))
    assert len(witness) > 70
    assert happened.verdicts() == witness


def test_each_has_the_same_verdict_written_as_an_async_test(tmp_path, witness):
    """But for StopIteration, which no coroutine can raise: Python makes it a RuntimeError."""
    source = FILE.replace("{package}", "rustest").replace("def test_", "async def test_")
    assert record(tmp_path, source).verdicts() == witness


def test_each_has_the_same_verdict_with_async_fixtures(tmp_path, witness):
    source = FILE.replace("{package}", "rustest").replace("\n@fixture\ndef ", "\n@fixture\nasync def ")
    source = source.replace('@fixture(scope="module")\ndef ', '@fixture(scope="module")\nasync def ')
    assert source.count("async def") == 8
    assert record(tmp_path, source).verdicts() == witness
