"""A run with workers ends as one without: same verdicts, same output, same reasons."""

import os

import pytest

from rustest.model.report import ExitStatus
from rustest.testing import run_project

ALL_SORTS = {
    "conftest.py": """
        import os
        from rustest import fixture

        @fixture(scope="session")
        def everybodys():
            yield os.getpid()

        @fixture(scope="session", params=["sqlite", "postgres"])
        def database(request):
            return request.param
    """,
    "test_line.py": """
        import sys
        from rustest import fixture, mark, parametrize, skip

        @fixture(scope="module")
        def files():
            return []

        def test_passes(everybodys): print("to stdout")
        def test_fails(files):
            print("to stderr", file=sys.stderr)
            assert 1 == 2
        def test_skips(): skip("not today")
        @mark.skip(reason="never")
        def test_is_skipped(): pass
        @mark.xfail(reason="known")
        def test_fails_as_expected(): assert False
        @mark.xfail
        def test_passes_all_the_same(): pass
        @parametrize("number", [1, 2])
        def test_cases(number, database): assert number == 1
    """,
    "test_loop.py": """
        import asyncio
        from rustest import fixture, mark, parametrize

        @fixture(scope="module")
        async def server():
            yield asyncio.get_running_loop()

        @fixture
        def breaks_down():
            yield
            raise ValueError("teardown")

        @parametrize("number", range(12))
        async def test_overlaps(number): await asyncio.sleep(0.001)
        async def test_fails(everybodys): assert 3 == 4
        async def test_on_the_servers_loop(server): assert asyncio.get_running_loop() is server
        async def test_also_there(server): assert asyncio.get_running_loop() is server
        async def test_errs(breaks_down): pass
        @mark.timeout(0.05)
        async def test_takes_too_long(): await asyncio.sleep(60)
        @mark.serial
        async def test_runs_alone(): pass
        @mark.serial("key")
        async def test_holds_a_key(): pass
        @mark.serial("key")
        async def test_holds_it_too(): pass
        async def test_with_a_database(database): pass
    """,
    "test_classes.py": """
        import unittest

        class TestSteps:
            state = []
            def test_first(self): self.state.append(1)
            def test_second(self): assert self.state == [1]

        class TestOld(unittest.TestCase):
            @classmethod
            def setUpClass(cls): cls.ready = True
            def test_is_ready(self): assert self.ready
    """,
    "test_broken.py": "import nothing_of_that_name",
}


def outcomes(report):
    return {node_id: finished.outcome for node_id, finished in report.finished.items()}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"workers": 1, "worker_start": "fork"}, id="one"),
        pytest.param({"workers": 3, "worker_start": "fork"}, id="three"),
        pytest.param({"workers": 2, "worker_start": "spawn"}, id="spawned"),
        pytest.param({"workers": 2, "worker_start": "fork", "concurrency": 1}, id="in file order"),
        pytest.param({"workers": 2, "worker_start": "fork", "randomize": 7}, id="shuffled"),
        pytest.param({"workers": 2, "worker_start": "fork", "capture": "fd"}, id="with descriptors captured"),
    ],
)
def test_every_test_ends_as_in_one_process(tmp_path, settings):
    expected = run_project(tmp_path, ALL_SORTS)
    report = run_project(tmp_path, ALL_SORTS, **settings)
    assert outcomes(report) == outcomes(expected)
    assert report.status is expected.status is ExitStatus.FAILURES
    assert {problem.where for problem in report.problems} == {problem.where for problem in expected.problems}
    assert {node_id: finished.output for node_id, finished in report.finished.items()} == {
        node_id: finished.output for node_id, finished in expected.finished.items()
    }


def test_a_run_that_all_pass_is_green_and_no_process_is_left(tmp_path):
    source = "import os\ndef test_it(): print(os.getpid())"
    report = run_project(tmp_path, {"test_a.py": source, "test_b.py": source}, workers=2, worker_start="fork")
    assert report.status is ExitStatus.OK
    for finished in report.finished.values():
        (output,) = finished.output
        with pytest.raises(ProcessLookupError):
            os.kill(int(output.text), 0)


def test_an_empty_run_has_no_tests_with_workers_either(tmp_path):
    assert run_project(tmp_path, {"test_it.py": ""}, workers=2).status is ExitStatus.NO_TESTS


def test_warnings_and_stray_output_of_workers_reach_the_report(tmp_path):
    source = """
        import warnings
        from rustest import fixture

        @fixture(scope="session")
        def loud():
            yield
            print("after all tests")

        def test_warns(loud):
            warnings.warn("look out")
    """
    filters = ["always", "ignore:This process .* is multi-threaded"]  # as that of these tests may be
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="fork", filterwarnings=filters)
    assert [(one.id, one.message) for one in report.warnings] == [("test_it.py::test_warns", "look out")]
    (finished,) = report.finished.values()
    assert [one.text for one in finished.output] == ["after all tests\n"]


def test_properties_of_the_run_are_told_once_though_each_worker_has_recorded_them(tmp_path):
    source = """
        from rustest import fixture

        @fixture(scope="session")
        def recorded(record_testsuite_property):
            record_testsuite_property("database", "sqlite")

        def test_it(recorded): pass
    """
    report = run_project(tmp_path, {"test_a.py": source, "test_b.py": source}, workers=2, worker_start="fork")
    assert [tuple(one) for one in report.properties] == [("database", "sqlite")]
