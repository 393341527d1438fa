"""How `setup_module` and its kin run, where that goes beyond what pytest does."""

from project_runs import record

HEAD = "import asyncio, time\nfrom happened import note\nfrom rustest import fixture, mark\n"


def test_async_set_up_and_teardown_of_a_method_share_its_loop_and_instance(tmp_path):
    source = """
class TestIt:
    async def setup_method(self, method):
        await asyncio.sleep(0)
        self.name, self.loop = method.__name__, asyncio.get_running_loop()
    async def teardown_method(self):
        assert asyncio.get_running_loop() is self.loop
        note(self.name)
    async def test_async(self):
        assert asyncio.get_running_loop() is self.loop
    def test_sync(self):
        assert self.name == "test_sync"
"""
    run = record(tmp_path, HEAD + source)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.log == ["test_async", "test_sync"]


def test_async_ones_of_wider_scopes_share_a_loop_with_their_tests(tmp_path):
    source = """
loops = {}

async def setup_module():
    loops["module"] = asyncio.get_running_loop()

async def teardown_module():
    assert loops["module"] is asyncio.get_running_loop()
    note("teardown_module")

class TestIt:
    async def setup_class(cls):
        loops["class"] = asyncio.get_running_loop()
    async def test_a(self):
        assert loops["class"] is loops["module"] is asyncio.get_running_loop()

async def test_b():
    assert loops["module"] is asyncio.get_running_loop()
"""
    run = record(tmp_path, HEAD + source)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.log == ["teardown_module"]


def test_the_methods_of_a_class_inside_are_not_the_outer_classes_methods(tmp_path):
    source = """
class TestOuter:
    def setup_class(cls): note(f"setup_class {cls.__name__}")
    def setup_method(self): note("outer")
    def test_a(self): note("test_a")
    class TestInner:
        def setup_method(self): note("inner")
        def test_b(self): note("test_b")
"""
    run = record(tmp_path, HEAD + source)
    assert run.log == ["setup_class TestOuter", "outer", "test_a", "setup_class TestOuter", "inner", "test_b"]


def test_a_set_up_that_hangs_is_named(tmp_path):
    source = """
def setup_module(): time.sleep(30)

@mark.timeout(0.2)
def test_a(): pass
"""
    failure = record(tmp_path, HEAD + source).failure("test_a")
    assert failure.message == "Fixture 'test_it.setup_module' set-up timed out after 0.2 seconds"


def test_overlapping_tests_each_have_their_own_set_up(tmp_path):
    source = """
class TestIt:
    def setup_method(self, method): self.name = method.__name__
    async def test_a(self):
        await asyncio.sleep(0.05)
        assert self.name == "test_a"
    async def test_b(self):
        await asyncio.sleep(0.05)
        assert self.name == "test_b"
"""
    run = record(tmp_path, HEAD + source)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.most_at_once() == 2
