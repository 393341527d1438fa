"""Modules, classes and functions that hooks collect on nodes of their own: what stands there runs as in any module."""

from hook_projects import verdicts

from rustest.model.outcome import Verdict

BLOCKS = """
import inspect, pytest, sys
from types import FunctionType, ModuleType

class Block(pytest.Module):
    @classmethod
    def from_parent(cls, parent, obj):
        block = super().from_parent(parent=parent, path=parent.path, nodeid=f"{parent.nodeid}::{obj.__name__}")
        block.name, block.written = obj.__name__, obj
        return block
    def collect(self):
        self.session._fixturemanager.parsefactories(self)
        return super().collect()
    def _getobj(self): return self._importtestmodule()
    def _importtestmodule(self):
        module = ModuleType(self.written.__name__)
        found = {}
        def keep(frame, event, argument):
            if event == "return" and frame.f_code is self.written.__code__:
                found.update(frame.f_locals)
        sys.setprofile(keep)
        try: self.written()
        finally: sys.setprofile(None)
        module.__dict__.update(found)
        self.own_markers = getattr(self.written, "pytestmark", [])
        return module
    def funcnamefilter(self, name): return not name.startswith("_")
    def classnamefilter(self, name): return False

def pytest_pycollect_makeitem(collector, name, obj):
    if isinstance(obj, FunctionType) and name.startswith("block"):
        return Block.from_parent(collector, obj)
"""
BLOCK_TESTS = """
import asyncio, pytest

def test_before(): pass

@pytest.mark.outer
def block_of_a_list():
    @pytest.fixture
    def one(): return 1

    @pytest.fixture
    def several(one): return [one]

    def holds(several): assert several == [1]
    def fails(several): assert several == []

    @pytest.mark.parametrize("n", [1, 2])
    def is_small(n): assert n == 1

    @pytest.mark.skip(reason="no")
    def is_skipped(): assert 0

    @pytest.mark.asyncio
    async def waits(several):
        await asyncio.sleep(0)
        assert several == [1]

    def _helps(): assert 0

    def block_inside():
        @pytest.fixture
        def one(one): return one + 1
        @pytest.mark.inner
        def sees_more(several): assert several == [2]

class TestIt:
    def block_in_a_class():
        def works(request): assert request.node.parent.name == "block_in_a_class"
    def test_method(self): pass

def test_after(): pass
"""


def test_a_node_of_python_code_holds_functions_fixtures_marks_and_nodes(project):
    project({"conftest.py": BLOCKS, "test_it.py": BLOCK_TESTS})
    assert verdicts("--concurrency", "1") == {
        "test_it.py::test_before": Verdict.PASSED,
        "test_it.py::block_of_a_list::holds": Verdict.PASSED,
        "test_it.py::block_of_a_list::fails": Verdict.FAILED,
        "test_it.py::block_of_a_list::is_small[1]": Verdict.PASSED,
        "test_it.py::block_of_a_list::is_small[2]": Verdict.FAILED,
        "test_it.py::block_of_a_list::is_skipped": Verdict.SKIPPED,
        "test_it.py::block_of_a_list::waits": Verdict.PASSED,
        "test_it.py::block_of_a_list::block_inside::sees_more": Verdict.PASSED,
        "test_it.py::TestIt::block_in_a_class::works": Verdict.PASSED,
        "test_it.py::TestIt::test_method": Verdict.PASSED,
        "test_it.py::test_after": Verdict.PASSED,
    }


def test_they_stand_in_the_order_of_the_file(project):
    project({"conftest.py": BLOCKS, "test_it.py": BLOCK_TESTS})
    names = [
        node_id.partition("::")[2] for node_id in verdicts("--concurrency", "1", "--deselect", "test_it.py::TestIt")
    ]
    inside = ["holds", "fails", "is_small[1]", "is_small[2]", "is_skipped", "waits", "block_inside::sees_more"]
    assert names == ["test_before", *(f"block_of_a_list::{name}" for name in inside), "test_after"]


def test_marks_of_a_node_and_of_what_it_holds_choose_tests(project):
    project({"conftest.py": BLOCKS, "test_it.py": BLOCK_TESTS})
    assert len(verdicts("-m", "outer")) == 7
    assert [*verdicts("-m", "inner")] == ["test_it.py::block_of_a_list::block_inside::sees_more"]
    assert [*verdicts("-k", "block_inside")] == ["test_it.py::block_of_a_list::block_inside::sees_more"]
    assert [*verdicts("test_it.py::block_of_a_list::block_inside")] == [
        "test_it.py::block_of_a_list::block_inside::sees_more"
    ]


def test_hooks_see_the_nodes_above_each_test(project):
    hook = """
def pytest_collection_modifyitems(items):
    assert [type(node).__name__ for node in items[0].listchain()[-2:]] == ["Block", "Function"]
    items[0].parent.add_marker(pytest.mark.xfail(reason="by its node"))
"""
    project({"conftest.py": BLOCKS + hook, "test_it.py": "def block_a():\n    def fails(): assert 0\n"})
    assert verdicts() == {"test_it.py::block_a::fails": Verdict.XFAILED}


LATE = """
import pytest
def pytest_collection_modifyitems(items):
    for item in list(items):
        if item.cls is not None and item.cls.__name__ == "TestIt":
            module = item.getparent(pytest.Module)
            for name in ("TestIt_one", "TestIt_two"):
                setattr(module.obj, name, type(name, (item.cls,), {"word": name[7:]}))
                new = pytest.Class.from_parent(module, name=name)
                new.add_marker("mine")
                items += new.collect()
            break
    items[:] = [item for item in items if item.cls is None or item.cls.__name__ != "TestIt"]
"""
LATE_TESTS = """
import pytest
class TestIt:
    def setup_method(self): self.ready = True
    @pytest.fixture
    def doubled(self): return self.word * 2
    @pytest.fixture(params=["a", "b"])
    def letter(self, request): return request.param
    def test_it(self, doubled): assert self.ready and doubled == self.word * 2
    @pytest.mark.parametrize("n", [1, 2])
    def test_cases(self, n, letter): assert n == 1 or letter == "b"
def test_alone(): pass
"""


def test_a_hook_may_collect_more_once_all_tests_are_known(project):
    project({"conftest.py": LATE, "test_it.py": LATE_TESTS})
    cases = {f"test_cases[{case}]": Verdict.PASSED for case in ("a-1", "b-1", "b-2")}
    each = {"test_it": Verdict.PASSED, **cases, "test_cases[a-2]": Verdict.FAILED}
    late = {f"test_it.py::TestIt_{n}::{name}": verdict for n in ("one", "two") for name, verdict in each.items()}
    assert verdicts() == {"test_it.py::test_alone": Verdict.PASSED, **late}
    assert len(verdicts("-m", "mine")) == 10
    assert [*verdicts("-k", "two and test_it and not cases")] == ["test_it.py::TestIt_two::test_it"]


def test_fixtures_that_come_with_such_tests_live_on_the_loop_that_the_settings_name(project):
    tests = """
        import asyncio, pytest
        loops = []
        class TestIt:
            @pytest.fixture
            async def home(self): return asyncio.get_running_loop()
            async def test_it(self, home):
                loops.append(home)
                assert len({*loops}) == 1
        """
    ini = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\n"
    project({"pytest.ini": ini, "conftest.py": LATE, "test_it.py": tests})
    assert verdicts() == {f"test_it.py::TestIt_{n}::test_it": Verdict.PASSED for n in ("one", "two")}


def test_what_a_hook_makes_of_a_test_by_its_name_takes_the_place_of_the_test(project):
    hook = """
        import pytest
        class Reversed(pytest.Item):
            def __init__(self, *, function, **kwargs):
                super().__init__(**kwargs)
                self.function = function
            def runtest(self):
                with pytest.raises(AssertionError): self.function()
        def pytest_pycollect_makeitem(collector, name, obj):
            if name == "test_fails": return [Reversed.from_parent(collector, name="fails", function=obj)]
        """
    project({"conftest.py": hook, "test_it.py": "def test_fails(): assert 0\ndef test_it(): pass\n"})
    assert verdicts() == {"test_it.py::fails": Verdict.PASSED, "test_it.py::test_it": Verdict.PASSED}


def test_a_module_of_a_hooks_own_says_what_stands_in_a_test_file(project):
    hook = """
        import pytest
        class Mine(pytest.Module):
            def collect(self):
                for node in super().collect():
                    if node.name == "test_marked": node.add_marker("mine")
                    if node.name != "test_no": yield node
        def pytest_pycollect_makemodule(module_path, parent): return Mine.from_parent(parent, path=module_path)
        """
    tests = """
        import pytest
        pytestmark = pytest.mark.outer
        @pytest.fixture
        def one(): return 1
        def test_no(): assert 0
        def test_marked(one): assert one == 1
        class TestIt:
            @pytest.mark.parametrize("n", [1, 2])
            def test_there(self, one, n, request):
                assert (one, type(request.node.getparent(pytest.Module)).__name__) == (1, "Mine")
        """
    project({"conftest.py": hook, "sub/test_sub.py": tests})
    ids = ["test_marked", "TestIt::test_there[1]", "TestIt::test_there[2]"]
    assert verdicts() == {f"sub/test_sub.py::{name}": Verdict.PASSED for name in ids}
    assert [*verdicts("-m", "mine")] == ["sub/test_sub.py::test_marked"]
    assert len(verdicts("-m", "outer")) == 3


def test_tests_beside_those_of_a_test_file_come_first(project):
    hook = """
        import pytest
        class Checked(pytest.File):
            def collect(self): yield Check.from_parent(self, name="check")
        class Check(pytest.Item):
            def runtest(self): compile(self.path.read_text(), str(self.path), "exec")
        def pytest_collect_file(file_path, parent):
            if file_path.suffix == ".py": return Checked.from_parent(parent, path=file_path)
        """
    project({"conftest.py": hook, "test_it.py": "def test_it(): pass\n", "library.py": "def"})
    assert verdicts() == {
        "conftest.py::check": Verdict.PASSED,
        "library.py::check": Verdict.FAILED,
        "test_it.py::check": Verdict.PASSED,
        "test_it.py::test_it": Verdict.PASSED,
    }


def test_a_function_that_a_hook_gives_is_a_test_whatever_its_name(project):
    hook = """
        import pytest
        def other(one): assert one == 1
        def pytest_pycollect_makeitem(collector, name, obj):
            if name.startswith("check"):
                more = pytest.Function.from_parent(collector, name="more", callobj=other)
                return [*collector._genfunctions(name, obj), more]
        """
    tests = "import pytest\n@pytest.fixture\ndef one(): return 1\ndef check_it(one): assert one == 2\n"
    project({"conftest.py": hook, "test_it.py": tests})
    assert verdicts() == {"test_it.py::check_it": Verdict.FAILED, "test_it.py::more": Verdict.PASSED}
