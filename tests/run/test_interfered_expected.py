"""A test that is expected to fail, and has done so beside others and alone: later runs need not try it twice."""

import os

import pytest
from project_runs import record

EXPECTED = """
    import asyncio
    from happened import note
    from rustest import mark

    @mark.xfail(strict=True)
    async def test_fails():
        note("attempt")
        await asyncio.sleep(0)
        assert "known" == "bug"

    async def test_beside():
        await asyncio.sleep(0.02)
"""


def attempts(folder, source=EXPECTED, **settings):
    happened = record(folder, source, **{"cache_dir": ".cache"} | settings)
    assert happened.verdicts()["test_fails"] == settings.pop("verdict", "xfailed")
    return len(happened.log)


def test_it_is_tried_twice_in_the_first_run_and_once_in_those_after_it(tmp_path):
    assert [attempts(tmp_path) for _ in range(3)] == [2, 1, 1]


def test_it_is_tried_twice_again_once_its_file_has_changed_and_without_a_memory(tmp_path):
    changed = f"{EXPECTED}\n    # changed"
    assert [attempts(tmp_path), attempts(tmp_path, changed), attempts(tmp_path, changed)] == [2, 2, 1]
    os.utime(tmp_path / "test_it.py", (1, 1))
    assert attempts(tmp_path, changed) == 1
    assert attempts(tmp_path, changed, cache_clear=True) == 2
    assert attempts(tmp_path, changed, cache_dir="") == 2
    assert attempts(tmp_path, changed, strict_overlap=True) == 2


def test_once_it_has_not_failed_it_is_tried_twice_again(tmp_path):
    app = {"app.py": "mended = False"}

    def run(source):
        happened = record(tmp_path, app | {"test_it.py": source}, cache_dir=".cache")
        return happened.verdicts()["test_fails"], len(happened.log)

    source = EXPECTED.replace("import asyncio", "import app, asyncio").replace('"known" == "bug"', "app.mended")
    assert [run(source), run(source)] == [("xfailed", 2), ("xfailed", 1)]
    app["app.py"] = "mended = True  # and its size is another"
    assert run(source) == ("failed", 1)  # it passed, which a strict mark does not want
    app["app.py"] = "mended = False"
    assert [run(source), run(source)] == [("xfailed", 2), ("xfailed", 1)]


def test_a_run_in_which_it_is_not_chosen_forgets_nothing(tmp_path):
    assert attempts(tmp_path) == 2
    record(tmp_path, EXPECTED, cache_dir=".cache", keyword="test_beside")
    assert attempts(tmp_path) == 1


def test_a_failure_that_nobody_expects_is_tried_twice_in_each_run(tmp_path):
    source = EXPECTED.replace("@mark.xfail(strict=True)", "")
    runs = [record(tmp_path, source, cache_dir=".cache") for _ in range(2)]
    assert [len(happened.log) for happened in runs] == [2, 2]


@pytest.mark.parametrize("workers", [None, 1])
def test_that_it_came_to_the_same_alone_is_told_between_the_attempts_and_the_verdict(tmp_path, workers):
    happened = record(tmp_path, EXPECTED, workers=workers)
    told = [type(event).__name__ for event in happened.events if getattr(event, "id", "") == "test_it.py::test_fails"]
    assert told == ["TestStarted", "TestSetAside", "TestConfirmed", "TestFinished"]
