"""How wide the overlap is: shared loops run beside each other too, across files and classes."""

import asyncio

from hub_runs import troubles

from rustest.testing import run_project

SLEEP = 0.2
WIDE = 20
AT_LEAST = 8
"""Times as much testing as wall time, on a slow and busy machine; without overlap it would be 1."""


def ratio(report) -> float:
    """How many tests were under way at once, on the average."""
    assert troubles(report) == {}
    return sum(finished.duration for finished in report.finished.values()) / report.duration


def test_tests_on_loops_of_many_modules_overlap(tmp_path):
    source = f"""
        import asyncio
        from rustest import mark

        loops = set()

        @mark.asyncio(loop_scope="module")
        async def test_first():
            loops.add(asyncio.get_running_loop())
            await asyncio.sleep({SLEEP})

        @mark.asyncio(loop_scope="module")
        async def test_second():
            loops.add(asyncio.get_running_loop())
            await asyncio.sleep({SLEEP})
            assert len(loops) == 1
        """
    report = run_project(tmp_path, {f"test_module_{number}.py": source for number in range(WIDE)})
    assert ratio(report) >= AT_LEAST


def test_tests_on_loops_of_many_classes_overlap(tmp_path):
    source = ["import asyncio", "from rustest import mark"]
    for number in range(WIDE):
        source += [
            "@mark.asyncio(loop_scope='class')",
            f"class Test{number}:",
            f"    async def test_first(self): await asyncio.sleep({SLEEP})",
            f"    async def test_second(self): await asyncio.sleep({SLEEP})",
        ]
    report = run_project(tmp_path, {"test_classes.py": "\n".join(source)})
    assert ratio(report) >= AT_LEAST


def test_tests_on_loops_of_their_own_overlap_whatever_their_file(tmp_path):
    source = f"""
        import asyncio

        async def test_first():
            await asyncio.sleep({SLEEP})

        async def test_second():
            await asyncio.sleep({SLEEP})
        """
    report = run_project(tmp_path, {f"test_module_{number}.py": source for number in range(WIDE)})
    assert ratio(report) >= AT_LEAST


def test_no_more_overlap_than_concurrency_allows(tmp_path):
    report = run_project(
        tmp_path,
        {
            "meter.py": """
                inside = []
                most = []
            """,
            "test_width.py": """
                import asyncio

                import meter
                from rustest import parametrize

                @parametrize("number", range(20))
                async def test_counts(number):
                    meter.inside.append(number)
                    meter.most.append(len(meter.inside))
                    await asyncio.sleep(0.005)
                    meter.inside.remove(number)

                def test_most():
                    assert max(meter.most) == 3
            """,
        },
        concurrency=3,
    )
    assert troubles(report) == {}


def test_a_thousand_tests_on_loops_of_their_own_at_once(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_many.py": """
                import asyncio
                from rustest import parametrize

                seen = set()

                @parametrize("number", range(1000))
                async def test_sleeps(number):
                    seen.add(id(asyncio.get_running_loop()))  # all are alive at once
                    await asyncio.sleep(0.3)
                    assert len(asyncio.all_tasks()) == 1
            """,
            "test_zz.py": """
                from test_many import seen

                def test_each_had_its_own():
                    assert len(seen) == 1000
            """,
        },
        concurrency=1000,
    )
    assert troubles(report) == {}
    assert asyncio._get_running_loop() is None


def test_what_a_test_takes_is_without_the_time_for_which_its_neighbours_hold_the_thread(tmp_path):
    held = 0.3
    files = {
        "test_it.py": f"""
            import asyncio, time

            async def test_waits():
                await asyncio.sleep(0.01)

            async def test_holds_the_thread():
                time.sleep({held})
            """
    }
    report = run_project(tmp_path, files)
    waits, holds = (report.finished[f"test_it.py::test_{name}"] for name in ("waits", "holds_the_thread"))
    assert waits.duration >= held
    assert waits.waited > 0.9 * held
    assert waits.took == waits.duration - waits.waited
    assert holds.took > 0.9 * held


def test_without_overlap_no_test_waits_for_another(tmp_path):
    source = "import time\n" + "".join(f"async def test_{n}(): time.sleep(0.05)\n" for n in range(3))
    report = run_project(tmp_path, {"test_it.py": source}, concurrency=1)
    assert all(finished.waited < 0.05 for finished in report.finished.values())


def test_workers_tell_what_a_test_has_waited_for_its_neighbours(tmp_path):
    source = """
        import asyncio, time

        async def test_a():
            await asyncio.sleep(0.01)

        async def test_b():
            time.sleep(0.3)
        """
    report = run_project(tmp_path, {"test_it.py": source}, workers=1)
    assert report.finished["test_it.py::test_a"].waited > 0.25
