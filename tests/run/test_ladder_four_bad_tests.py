"""Four ways never to end, among fifty good tests."""

import pytest
from process_runs import run_command

BAD = """
    import asyncio, time
    from marking import mark_done
    from rustest import fixture, mark

    @fixture(scope="module")
    def module_wide():
        yield
        mark_done("module")

    @fixture
    def around(request):
        yield
        mark_done(request.node.name)

    @fixture
    async def around_async(request):
        yield
        mark_done(request.node.name + " async")

    pytestmark = [mark.timeout(0.3), mark.usefixtures("around", "module_wide")]

    @mark.usefixtures("around_async")
    async def test_waits():
        await asyncio.Event().wait()

    @mark.usefixtures("around_async")
    async def test_blocks():
        time.sleep(1000)

    @mark.usefixtures("around_async")
    async def test_spins():
        while True: pass

    @mark.usefixtures("around_async")
    async def test_swallows():
        while True:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                pass
"""
GOOD = """
    import asyncio
    from rustest import parametrize

    @parametrize("number", range(50))
    async def test_good(number):
        for _ in range(3):
            await asyncio.sleep(0.01)
"""
LINES = {
    "test_waits": ["await asyncio.Event().wait()"],
    "test_blocks": ["time.sleep(1000)"],
    "test_spins": ["while True: pass"],
    "test_swallows": ["await asyncio.sleep(0.01)", "try:", "except asyncio.CancelledError:", "pass"],
}


@pytest.mark.parametrize("concurrency", ["1", "100"])
def test_all_four_are_told_where_they_were_and_everything_else_goes_its_way(tmp_path, concurrency):
    ended = run_command(
        tmp_path,
        {"test_bad.py": BAD, "test_good.py": GOOD},
        *("--concurrency", concurrency, "--timeout-grace", "0.2"),
    )
    assert ended.status == 1, ended
    said = ended.junit()
    assert {name: said.pop(name) for name in LINES} == dict.fromkeys(LINES, "failure: Test timed out after 0.3 seconds")
    assert (len(said), set(said.values())) == (50, {"passed"})
    assert ended.marks() == sorted(["module", *LINES, *(f"{name} async" for name in LINES)])
    assert ended.err == ""
    for name, lines in LINES.items():
        told = ended.out.partition(f"TIMED OUT test_bad.py::{name} (")[2]
        assert "\n  Test timed out after 0.3 seconds\n" in told
        places = told.splitlines()
        where = next(number for number, line in enumerate(places) if line.endswith(f"in {name}"))
        assert any(line.strip().removeprefix(">").strip() in lines for line in places[where + 1 : where + 6])
