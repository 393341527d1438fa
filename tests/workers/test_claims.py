"""What two workers cannot have at once is had by one, and the tests that use it pass there."""

from collections import Counter

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

FILES = 4

USERS = """
import asyncio, time

def test_of_its_own():
    time.sleep(0.1)

def test_sync(only):
    time.sleep(0.1)

async def test_async(only):
    await asyncio.sleep(0.1)
"""

CONFTEST = """
import asyncio, os, time
from rustest import fixture

PLACE = os.path.join(os.path.dirname(__file__), "taken")

def take():
    os.close(os.open(PLACE, os.O_CREAT | os.O_EXCL))

def take_or_hang():
    while os.path.exists(PLACE):
        time.sleep(1000)
    take()

async def take_or_wait():
    if os.path.exists(PLACE):
        await asyncio.Event().wait()
    take()

"""

FIXTURE = """
@fixture(scope="session")
def only():
    {take}()
    yield
    os.unlink(PLACE)
"""

ASYNC_FIXTURE = """
@fixture(scope="session")
async def only():
    await {take}()
    yield
    os.unlink(PLACE)
"""


def run_users(tmp_path, fixture, **settings):
    users = {f"test_{number}.py": USERS for number in range(FILES)}
    settings = {"workers": 2, "worker_start": "fork", "filterwarnings": ["ignore:This process"], **settings}
    return run_project(tmp_path, {"conftest.py": CONFTEST + fixture, **users}, **settings)


@pytest.mark.parametrize(
    "fixture",
    [
        pytest.param(FIXTURE.format(take="take"), id="fails"),
        pytest.param(FIXTURE.format(take="take_or_hang"), id="never ends"),
        pytest.param(ASYNC_FIXTURE.format(take="take_or_wait"), id="is awaited for ever"),
    ],
)
def test_a_fixture_that_only_one_worker_can_have_fails_no_test(tmp_path, fixture):
    report = run_users(tmp_path, fixture)
    assert {one.outcome.verdict for one in report.finished.values()} == {Verdict.PASSED}
    assert len(report.finished) == 3 * FILES
    (warning,) = report.warnings
    assert "fixture 'only' cannot be had by two workers at once" in warning.message
    assert warning.file.endswith("conftest.py")
    assert not (tmp_path / "taken").exists()


def test_a_fixture_that_no_worker_can_have_fails_all_its_users(tmp_path):
    report = run_users(tmp_path, FIXTURE.format(take="1 / 0 and take"))
    verdicts = {name: one.outcome.verdict for name, one in report.finished.items()}
    assert not report.warnings
    assert {name for name, verdict in verdicts.items() if not verdict.is_bad} == {
        f"test_{number}.py::test_of_its_own" for number in range(FILES)
    }


def test_nothing_is_said_of_a_fixture_that_each_worker_has(tmp_path):
    report = run_users(tmp_path, FIXTURE.format(take="int").replace("os.unlink(PLACE)", ""))
    assert {one.outcome.verdict for one in report.finished.values()} == {Verdict.PASSED}
    assert not report.warnings


def test_a_fixture_that_skips_its_users_is_in_order(tmp_path):
    report = run_users(tmp_path, FIXTURE.format(take="import rustest; rustest.skip('no database') if PLACE else take"))
    verdicts = Counter(one.outcome.verdict for one in report.finished.values())
    assert verdicts == {Verdict.PASSED: FILES, Verdict.SKIPPED: 2 * FILES}
    assert not report.warnings


def test_what_the_holder_of_a_fixture_keeps_from_others_while_it_tears_it_down_runs_afterwards(tmp_path):
    fixture = FIXTURE.format(take="take_or_hang").replace("    yield\n", "    yield\n    time.sleep(5)\n")
    users = {f"test_{number}.py": "def test_it(only): pass\n" for number in range(2)}
    settings = {"workers": 2, "worker_start": "fork", "filterwarnings": ["ignore:This process"]}
    report = run_project(tmp_path, {"conftest.py": CONFTEST + fixture, **users}, **settings)
    assert report.counts() == {Verdict.PASSED: 2}
