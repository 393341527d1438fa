"""The benchmarks, on one small suite and without the peers, which would have to be installed."""

import os
import subprocess
import sys

import pytest

BENCHMARKS = os.path.join(os.path.dirname(__file__), "..", "..", "benchmarks")


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)


def test_every_scenario_can_be_written_for_rustest_and_pytest(scripts):
    import suites

    for make in suites.SCENARIOS.values():
        suite = make()
        for name in ("rustest", "pytest"):
            dialect = suites.DIALECTS[name]
            assert suites.can_write(suite, dialect)
            for file in suite.files[:2]:
                compile(suites._file_text(file, dialect), "test_x.py", "exec")


def test_a_scenario_is_timed_and_written_down(scripts, tmp_path):
    import bench
    import peers

    places = {
        "rustest": f"{sys.executable} -m rustest {{path}}",
        peers.FLOOR: f"{sys.executable} {{here}}/floor.py {{path}}",
    }
    some = [peer._replace(command=places[peer.name]) for peer in peers.PEERS if peer.name in places]
    timings = bench.time_scenario("A-sync1", some, "", rounds=1, budget=60)
    assert {name: timing.complaint for name, timing in timings.items()} == dict.fromkeys(places, "")
    beside = {**timings, peers.ORIGINAL: timings["rustest"]}
    bench.write_results({"A-sync1": beside}, {"rustest": 200.0}, str(tmp_path))
    assert "| rustest | " in (tmp_path / "RESULTS.md").read_text()
    assert (tmp_path / "ratios.svg").read_text().startswith("<svg")


def test_a_run_that_ends_otherwise_than_its_suite_should_is_told(scripts):
    import bench
    import suites

    suite = suites.Suite([], passed=2, failed=1)
    assert bench._complaint("2 passed, 1 failed in 0.1 s", suite) == ""
    assert bench._complaint("Ran 3 tests in 1s\n\nFAILED (failures=1)", suite) == ""
    assert "3 passed" in bench._complaint("3 passed in 0.1 s", suite)


def test_the_floor_runs_every_test(scripts, tmp_path):
    (tmp_path / "test_a.py").write_text("async def test_good(): pass\n\ndef test_bad(): assert False\n")
    done = subprocess.run(
        [sys.executable, os.path.join(BENCHMARKS, "floor.py"), str(tmp_path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "1 passed, 1 failed\n")
