"""Parametrized fixtures, with pytest as the witness: the same tests, of the same names, in the same order."""

from param_suites import Suite
from pytest_oracle import OURS, THEIRS, pytests_order, write

from rustest.testing import plan

MADE_UP = 12
"""So many of the projects are made at random, always the same ones."""

BASICS = """
@fixture(params=[1, 2], ids=["m1", "m2"], scope="module")
def number(request): ...
@fixture(params=["x", param("y", id="why", marks=mark.slow), None], autouse=True)
def always(request): ...
@fixture
def doubled(number): ...
@fixture(params=[])
def nothing(request): ...

@parametrize("b", [3, 4])
@parametrize("a", ["a", "b"])
def test_four(doubled, a, b): ...
@parametrize("number", [7])
def test_direct(number): ...
@parametrize("number", [7, 8], indirect=True)
def test_indirect(doubled): ...
def test_nothing(nothing): ...
class TestIt:
    @fixture(params=[1, 1, "1"], scope="class")
    def own(self, number): ...
    def test_one(self, own): ...
    def test_two(self, number): ...
    def test_three(self, own): ...
def test_plain(): ...
"""

CONFTEST = """
@fixture(params=["root1", "root2"], scope="session")
def name(request): ...
@fixture(params=[[1], {}], scope="package")
def box(name): ...
"""
OVERRIDES = {
    "conftest.py": CONFTEST,
    "test_plain.py": "def test_one(box): ...\ndef test_two(name): ...\ndef test_three(): ...\n",
    "test_asks.py": """
@fixture(scope="session")
def name(name, request): ...
def test_one(name): ...
def test_two(box, name): ...
""",
    "test_hides.py": "@fixture(scope='session')\ndef name(): ...\ndef test_one(name): ...\ndef test_two(box): ...\n",
    "test_own.py": "@fixture(params='ab')\ndef name(name): ...\ndef test_one(name): ...\n",
}
LETTERS = """
@fixture(scope="module", autouse=True)
def b(): ...
@fixture(scope="module", params=[1, 2], autouse=True)
def z(b): ...
@fixture(scope="module", params=[3, 4], autouse=True)
def a(): ...
@fixture(scope="session", params=[5, 6])
def wide(): ...
@fixture
def narrow(wide): ...
def test_one(narrow): ...
def test_two(): ...
async def test_three(wide, narrow): ...
"""


def ours(folder):
    made = plan(folder, rootdir=str(folder), concurrency=1)
    assert made.problems == ()
    return [step.item.id for window in made.windows for step in window.steps]


def test_projects_have_pytests_tests_in_pytests_order(tmp_path):
    projects = [{"test_it.py": BASICS}, OVERRIDES, {"test_it.py": LETTERS}]
    projects += [Suite(seed).files for seed in range(MADE_UP)]
    for number, files in enumerate(projects):
        write(tmp_path / f"ours{number}", files, OURS)
        write(tmp_path / f"theirs{number}", files, THEIRS)
    theirs = pytests_order([tmp_path / f"theirs{number}" for number in range(len(projects))])
    assert "test_it.py::test_four[m1-x-a-3]" in theirs[0]
    assert sum(len(answer) for answer in theirs) > 20 * len(projects)
    for number, (files, answer) in enumerate(zip(projects, theirs, strict=True)):
        assert ours(tmp_path / f"ours{number}") == answer, files


ACROSS_FILES = """
@fixture(params=["box1", "box2"], scope="package")
def box(request): ...
@fixture(params=["wide1", "wide2"], scope="session")
def wide(request): ...
@fixture(params=["own1", "own2"], scope="module")
def own(request): ...
"""
ASKING_FOR_THEM = (
    "def test_box(box, wide): ...\ndef test_plain(): ...\ndef test_own(own): ...\ndef test_both(own, wide): ...\n"
)


def test_a_project_without_async_tests_keeps_pytests_order_whatever_the_concurrency(tmp_path):
    files = {"conftest.py": ACROSS_FILES, "test_a.py": ASKING_FOR_THEM, "test_b.py": ASKING_FOR_THEM}
    write(tmp_path, files, OURS)
    made = plan(tmp_path, rootdir=str(tmp_path))
    order = [step.item.id for window in made.windows for step in window.steps]
    assert order == ours(tmp_path)
