"""Suites of pytest's: users of a shared fixture keep their order, whatever else overlaps."""

import pytest

from rustest.model.plan import Lane
from rustest.testing import plan_project

SUITE = """
import pytest

pytestmark = pytest.mark.asyncio

@pytest.fixture(scope="session")
def database(): return []

@pytest.fixture(scope="session")
def number(): return 3

async def test_one(database): ...
async def test_free(number): ...
async def test_two(database): ...
"""


def planned(folder, files, **settings):
    plan = plan_project(folder, files, **{"pytest_compat": "on", **settings})
    return {
        step.item.id.rpartition("::")[2]: (window.lane, step.after, step.reasons)
        for window in plan.windows
        for step in window.steps
    }


def test_users_of_one_fixture_wait_for_each_other_and_others_do_not(tmp_path):
    found = planned(tmp_path, {"test_a.py": SUITE})
    reason = "after test_a.py::test_one: both share the fixture `database`"
    assert found == {
        "test_one": (Lane.OVERLAP, (), ()),
        "test_free": (Lane.OVERLAP, (), ()),
        "test_two": (Lane.OVERLAP, ("test_a.py::test_one",), (reason,)),
    }


def test_a_fixture_that_only_yields_a_constant_or_an_argument_keeps_nobody_in_order(tmp_path):
    suite = """
    import pytest, pytest_asyncio

    pytestmark = pytest.mark.asyncio(loop_scope="session")

    @pytest_asyncio.fixture(scope="session", params=[1])
    async def number(request): yield request.param

    @pytest.fixture(scope="session", autouse=True)
    def nothing(number):
        \"""Says what it is for.\"""
        yield

    @pytest.fixture(scope="session")
    def list_of(): yield [1]

    async def test_one(number): ...
    async def test_two(): ...
    async def test_three(list_of): ...
    async def test_four(list_of): ...
    """
    found = planned(tmp_path, {"test_a.py": suite})
    assert {name: after for name, (_, after, _) in found.items()} == {
        "test_one[1]": (),
        "test_two[1]": (),
        "test_three[1]": (),
        "test_four[1]": ("test_a.py::test_three[1]",),
    }


FIXED = {
    "a text": 'return f"http://{HOST}:{8000 + 1}"',
    "a text of a number": "return str(PORT)",
    "an option": 'return str(request.config.getoption("--color"))',
    "a variable of the environment": 'return os.environ.get("SHOP_URL", "http://localhost")',
    "a path": 'return Path(__file__).parent / "data"',
    "a tuple": "return HOST, PORT, True",
    "a moment": "return datetime(2020, 1, 1)",
    "a function": "return helper",
    "what is compared": 'return HOST == "localhost"',
    "nothing": "yield",
    "nothing, with a variable set": 'os.environ["SHOP"] = "1"',
    "nothing, with an attribute set": 'Shop.open = float(os.environ.get("OPEN", "1"))',
    "nothing, with a logger set up": """class Filter(logging.Filter):
        def filter(self, record): return record.msg != "shop"
    logging.getLogger("shop").addFilter(Filter())""",
}
MAY_CHANGE = {
    "a list": "return [1]",
    "a global": "return ITEMS",
    "something made": "return Shop()",
    "what a call gives": "return helper()",
    "a text, after a call": 'helper()\n    return "shop"',
    "a text, after a method": 'request.node.add_marker("x")\n    return "shop"',
    "a text, between calls": 'helper()\n    yield "shop"\n    helper()',
    "a tuple of lists": "return HOST, ITEMS",
    "a part of a module": "return os.environ",
    "a sum of lists": "return ITEMS + ITEMS",
    "a text, with something added": 'ITEMS.append(1)\n    return "shop"',
    "a text, with something new set": 'Shop.open = []\n    return "shop"',
    "a text from a method of a path": 'return Path("data.txt").read_text()',
}


def users_of(value: str) -> str:
    return f"""
import logging, os, pytest
from datetime import datetime
from pathlib import Path

pytestmark = pytest.mark.asyncio
HOST, PORT, ITEMS = "localhost", 80, []
class Shop: ...
def helper(): ...

@pytest.fixture(scope="session")
def shared(request):
    {value}

async def test_one(shared): ...
async def test_two(shared): ...
"""


@pytest.mark.parametrize("value", FIXED.values(), ids=FIXED)
def test_users_of_what_nobody_can_change_overlap(tmp_path, value):
    assert planned(tmp_path, {"test_a.py": users_of(value)})["test_two"] == (Lane.OVERLAP, (), ())


@pytest.mark.parametrize("value", MAY_CHANGE.values(), ids=MAY_CHANGE)
def test_users_of_what_may_change_keep_their_order(tmp_path, value):
    assert planned(tmp_path, {"test_a.py": users_of(value)})["test_two"][1] == ("test_a.py::test_one",)


def test_users_in_several_files_keep_the_order_of_the_files(tmp_path):
    plan = plan_project(tmp_path, {"conftest.py": SUITE, "test_a.py": SUITE, "test_b.py": SUITE}, pytest_compat="on")
    assert len(plan.windows) == 1
    own = "def database(): return []"
    files = {name: SUITE.replace(own, "def other(): ...") for name in ("test_a.py", "test_b.py")}
    found = planned(
        tmp_path / "shared", {"conftest.py": f"import pytest\n@pytest.fixture(scope='session')\n{own}", **files}
    )
    assert found["test_one"][1] == ("test_a.py::test_two",)  # of test_b.py, which was read last


def test_sync_and_async_users_run_alone_in_the_order_of_the_file(tmp_path):
    found = planned(tmp_path, {"test_a.py": SUITE + "def test_sync(database): ...\n"})
    assert {name: lane for name, (lane, *_) in found.items()} == {
        "test_free": Lane.OVERLAP,
        "test_one": Lane.ALONE,
        "test_two": Lane.ALONE,
        "test_sync": Lane.ALONE,
    }
    assert list(found) == ["test_free", "test_one", "test_two", "test_sync"]


def test_the_settings_may_let_them_overlap_and_ask_for_order_in_other_suites(tmp_path):
    assert planned(tmp_path, {"test_a.py": SUITE}, shared_fixtures="overlap")["test_two"][1] == ()
    native = {"test_a.py": SUITE.replace("import pytest", "import rustest as pytest")}
    assert planned(tmp_path / "native", native, pytest_compat="off")["test_two"][1] == ()
    ordered = planned(tmp_path / "ordered", native, pytest_compat="off", shared_fixtures="ordered")
    assert ordered["test_two"][1] == ("test_a.py::test_one",)


def test_async_tests_that_name_files_of_the_project_run_one_at_a_time(tmp_path):
    source = """
    from pathlib import Path
    import pytest

    pytestmark = pytest.mark.asyncio
    HERE = Path(__file__).parent

    async def test_by_global(): (HERE / "data.txt").write_text("x")
    async def test_by_name(): open(__file__).close()
    async def test_free(): ...
    """
    plan = plan_project(tmp_path, {"test_a.py": source}, pytest_compat="on")
    keys = {step.item.function.name: step.keys for window in plan.windows for step in window.steps}
    assert keys["test_by_global"] == keys["test_by_name"] != keys["test_free"] == ()
