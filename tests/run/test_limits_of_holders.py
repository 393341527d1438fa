"""Keys with a number of holders, in runs: never more at once, and as many as that."""

import pytest
from project_runs import record

COUNTING = """
    import asyncio
    from happened import note
    from rustest import fixture, mark

    running = 0

    async def work():
        global running
        running += 1
        note(running)
        await asyncio.sleep(0.01)
        running -= 1
"""


@pytest.mark.parametrize(
    "test",
    [
        """
    @mark.concurrency(3, "api")
    @mark.parametrize("case", range(10))
    async def test_it(case): await work()
""",
        """
    @fixture(limit=3, scope="session")
    async def pool(): yield
    @mark.parametrize("case", range(10))
    async def test_it(pool, case): await work()
""",
    ],
)
def test_as_many_holders_run_at_once_as_the_key_allows_and_never_more(tmp_path, test):
    # `work` changes a global that it reads, which the plan would put in order: here it stands in another module.
    files = {"working.py": COUNTING, "test_it.py": f"    from working import fixture, mark, work\n{test}"}
    recording = record(tmp_path, files)
    assert set(recording.verdicts().values()) == {"passed"}
    assert max(recording.log) == 3


def test_who_holds_no_key_does_not_wait_for_those_who_do(tmp_path):
    recording = record(
        tmp_path,
        """
    import asyncio
    from rustest import mark

    @mark.concurrency(1, "api")
    @mark.parametrize("case", range(5))
    async def test_held(case): await asyncio.sleep(0.01)

    @mark.parametrize("case", range(5))
    async def test_free(case): await asyncio.sleep(0.01)
""",
    )
    assert recording.most_at_once() == 6
