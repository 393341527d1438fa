"""How unittest's test cases run, where that goes beyond what pytest does."""

from project_runs import record

from rustest.model.outcome import Verdict

CASE = "import asyncio, time, unittest\nfrom happened import note\nfrom rustest import fixture, mark\n"


def test_module_cleanups_run_after_the_modules_teardown(tmp_path):
    source = """
def setUpModule():
    unittest.addModuleCleanup(note, "cleanup")

def tearDownModule():
    note("tearDownModule")

class Case(unittest.TestCase):
    def test_a(self): note("test_a")
"""
    assert record(tmp_path, CASE + source).log == ["test_a", "tearDownModule", "cleanup"]


def test_module_cleanups_run_though_the_set_up_failed(tmp_path):
    source = """
def setUpModule():
    unittest.addModuleCleanup(note, "cleanup")
    raise ValueError

class Case(unittest.TestCase):
    def test_a(self): note("never")
"""
    run = record(tmp_path, CASE + source)
    assert (run.verdicts(), run.log) == ({"Case::test_a": "error"}, ["cleanup"])


def test_module_cleanups_need_no_set_up_function_and_leave_other_tests_alone(tmp_path):
    source = """
class First(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        unittest.addModuleCleanup(note, "cleanup")
    def test_a(self): note("First.test_a")

class Second(unittest.TestCase):
    def test_a(self): note("Second.test_a")

async def test_async(): note("test_async")
"""
    run = record(tmp_path, CASE + source)
    assert run.log == ["test_async", "First.test_a", "Second.test_a", "cleanup"]


def test_a_module_cleanup_that_fails_is_an_error_of_the_last_test(tmp_path):
    source = """
class Case(unittest.TestCase):
    def test_a(self): unittest.addModuleCleanup(int, "x")
    def test_b(self): pass
"""
    assert record(tmp_path, CASE + source).verdicts() == {"Case::test_a": "passed", "Case::test_b": "error"}


def test_every_failing_subtest_is_shown_with_its_name(tmp_path):
    source = """
class Case(unittest.TestCase):
    def test_a(self):
        for number in range(4):
            with self.subTest("even", number=number):
                self.assertEqual(number % 2, 0)
"""
    failure = record(tmp_path, CASE + source).failure("test_a")
    assert [member.notes for member in failure.members] == [
        ("subtest [even] (number=1)",),
        ("subtest [even] (number=3)",),
    ]
    assert [member.message for member in failure.members] == ["1 != 0", "1 != 0"]


def test_body_and_teardown_and_cleanups_that_fail_are_all_shown(tmp_path):
    source = """
class Case(unittest.TestCase):
    def tearDown(self): raise ValueError("tearDown")
    def test_a(self):
        self.addCleanup(int, "x")
        self.fail("body")
"""
    failure = record(tmp_path, CASE + source).failure("test_a")
    assert [member.type for member in failure.members] == ["AssertionError", "ValueError", "ValueError"]


def test_failures_show_the_users_lines_only(tmp_path):
    source = """
class Case(unittest.IsolatedAsyncioTestCase):
    def check(self):
        self.assertEqual(1, 2)
    def test_sync(self):
        self.check()
    async def test_async(self):
        self.check()
    @unittest.expectedFailure
    def test_unexpected(self):
        pass
"""
    run = record(tmp_path, CASE + source)
    for test in ("test_sync", "test_async"):
        assert [frame.function for frame in run.failure(test).frames] == [f"Case.{test}", "Case.check"]
    assert run.failure("test_unexpected").frames == ()
    assert "unexpected success" in run.failure("test_unexpected").message


def test_frames_of_the_users_own_assertions_can_be_hidden_in_unittests_way(tmp_path):
    checks = "__unittest = True\n\ndef check(x):\n    assert x\n"
    source = "from checks import check\n\ndef test_a():\n    check(0)\n"
    run = record(tmp_path, {"checks.py": checks, "test_it.py": source})
    assert [frame.function for frame in run.failure("test_a").frames] == ["test_a"]


def test_skipped_classes_and_classes_of_skipped_tests_are_not_set_up(tmp_path):
    source = """
class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls): note("never")
    @unittest.skip("why")
    def test_a(self): note("never")
"""
    run = record(tmp_path, CASE + source)
    assert (run.outcome("test_a").verdict, run.outcome("test_a").reason, run.log) == (Verdict.SKIPPED, "why", [])


def test_limits_hold_and_leave_teardown_its_grace(tmp_path):
    source = """
class Case(unittest.TestCase):
    def tearDown(self):
        time.sleep(0.1)
        note("tearDown")
    @mark.timeout(0.2)
    def test_sync(self):
        time.sleep(30)

class Isolated(unittest.IsolatedAsyncioTestCase):
    async def asyncTearDown(self):
        await asyncio.sleep(0.1)
        note("asyncTearDown")
    @mark.timeout(0.2)
    async def test_async(self):
        await asyncio.sleep(30)
    async def test_next(self):
        await asyncio.sleep(0)
"""
    run = record(tmp_path, CASE + source)
    assert run.verdicts() == {
        "Case::test_sync": "timed out",
        "Isolated::test_async": "timed out",
        "Isolated::test_next": "passed",
    }
    assert run.log == ["tearDown", "asyncTearDown", "asyncTearDown"]
    for test in ("test_sync", "test_async"):
        failure = run.failure(test)
        assert failure.message == "Test timed out after 0.2 seconds"
        assert [frame.function.rpartition(".")[2] for frame in failure.frames] == [test]


def test_an_expected_failure_does_not_cover_a_timeout(tmp_path):
    source = """
class Case(unittest.TestCase):
    @unittest.expectedFailure
    @mark.timeout(0.2)
    def test_a(self):
        time.sleep(30)
"""
    assert record(tmp_path, CASE + source).verdicts() == {"Case::test_a": "timed out"}


def test_each_test_has_an_instance_of_its_own_which_its_fixtures_share(tmp_path):
    source = """
class Case(unittest.TestCase):
    @fixture(autouse=True)
    def give(self):
        self.given = self.id()
    def test_a(self):
        self.left = 1
        assert self.given == self.id()
    def test_b(self):
        assert self.given == self.id()
        assert not hasattr(self, "left")
"""
    assert set(record(tmp_path, CASE + source).verdicts().values()) == {"passed"}


def test_async_fixtures_are_there_for_a_sync_case(tmp_path):
    source = """
@fixture(scope="module")
async def opened():
    await asyncio.sleep(0)
    note("opened")
    yield
    note("closed")

@mark.usefixtures("opened")
class Case(unittest.TestCase):
    def test_a(self): note("test_a")
    def test_b(self): note("test_b")
"""
    assert record(tmp_path, CASE + source).log == ["opened", "test_a", "test_b", "closed"]
