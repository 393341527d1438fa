"""Projects whose files say how they were imported, and pytest as the witness of how it imports them."""

from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from pytest_witness import ask_pytest

TELLING = """
import os, sys
def test_it(record_property):
    record_property("name", __name__)
    record_property("package", __package__)
    here = os.path.dirname(__file__)
    record_property("folder is on the path", here in sys.path)
    record_property("folder above is on the path", os.path.dirname(here) in sys.path)
"""


class Layout(NamedTuple):
    """A project, and how its files are imported."""

    name: str
    files: dict[str, str]
    modes: tuple[str, ...] = ("prepend", "append", "importlib")
    options: tuple[str, ...] = ()


RELATIVE = "from .near import value\ndef test_near():\n    assert value == 1\n"
NEIGHBOUR = "from near import value\ndef test_near():\n    assert value == 1\n"
DOTTED = "from tests.near import value\ndef test_near():\n    assert value == 1\n"
NEAR = "value = 1\n"
SAME = "def test_same():\n    pass\n"

LAYOUTS = [
    Layout("a file in the root folder", {"test_a.py": TELLING}),
    Layout("a file in a folder", {"tests/deep/test_a.py": TELLING}),
    Layout(
        "a file in a package", {"tests/__init__.py": "", "tests/sub/__init__.py": "", "tests/sub/test_a.py": TELLING}
    ),
    Layout("a package below a folder", {"top/pkg/__init__.py": "", "top/pkg/test_a.py": TELLING}),
    Layout("same names in folders", {"a/test_x.py": SAME, "b/test_x.py": SAME}),
    Layout(
        "same names in packages", {f"{d}/{f}": s for d in "ab" for f, s in (("__init__.py", ""), ("test_x.py", SAME))}
    ),
    Layout(
        "same conftests",
        {"a/conftest.py": "", "b/conftest.py": "", "a/test_a.py": SAME, "b/test_b.py": SAME},
        ("prepend", "importlib"),
    ),
    Layout("a neighbour, by its name", {"tests/near.py": NEAR, "tests/test_a.py": NEIGHBOUR}),
    Layout("a neighbour, by its folder", {"tests/near.py": NEAR, "tests/test_a.py": DOTTED}),
    Layout("a neighbour, from the folder", {"tests/near.py": NEAR, "tests/test_a.py": RELATIVE}),
    Layout("a neighbour in a package", {"tests/__init__.py": "", "tests/near.py": NEAR, "tests/test_a.py": RELATIVE}),
    Layout(
        "a neighbour of the conftest",
        {"tests/near.py": NEAR, "tests/conftest.py": "import near", "tests/test_a.py": SAME},
        ("prepend", "append"),
    ),
    Layout("a file with a dot in its name", {"tests/test_a.b.py": TELLING}, ("importlib",)),
    Layout(
        "folders as packages",
        {"src/ns/pkg/__init__.py": "", "src/ns/pkg/test_a.py": TELLING},
        options=("-o", "pythonpath=src", "-o", "consider_namespace_packages=true"),
    ),
]

Told = dict[str, tuple[str, dict[str, str]]]
"""By test its outcome and the properties that it recorded."""


def write(layout: Layout, folder: Path) -> None:
    for name, text in {"pytest.ini": "[pytest]\n", **layout.files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def ask(jobs: list[tuple[Layout, str, Path]]) -> list[Told]:
    """What pytest makes of each project in each mode; a file that it cannot import is an error of the file's name."""
    fixed = ("--continue-on-collection-errors", "--junit-xml=r.xml", "--assert=plain")
    answers = ask_pytest((folder, ["--import-mode", mode, *fixed, *layout.options]) for layout, mode, folder in jobs)
    assert {one.status for one in answers} <= {0, 1}
    return [dict(map(read_case, ElementTree.parse(folder / "r.xml").iter("testcase"))) for _, _, folder in jobs]


def read_case(case: ElementTree.Element) -> tuple[str, tuple[str, dict[str, str]]]:
    outcome = next((child.tag for child in case if child.tag in ("error", "failure")), "passed")
    properties = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
    where = f"{case.attrib['classname']}.{case.attrib['name']}".strip(".")
    return where, (outcome, properties)
