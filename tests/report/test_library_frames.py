"""Of libraries' frames in a row, those are shown that your code meets, and that which raised."""

import os

import pytest

from rustest.model.choices import Traceback
from rustest.model.failure import HOME, Failure, Frame, Phase, Value
from rustest.report.failure.failures import failure_text

LIBRARIES = "/venv/lib/python3/site-packages"


def frame(name: str) -> Frame:
    return Frame(name if name.startswith("/") else f"{LIBRARIES}/{name}.py", 1, "f")


def told(*names: str, root: str = "/project", style: Traceback = Traceback.AUTO) -> list[str]:
    frames = tuple(frame(name)._replace(line=line) for line, name in enumerate(names, 1))
    lines = failure_text(Failure(Phase.CALL, "KeyError", "1", frames), root, style).split("\n")[1:]
    return [line.strip().removesuffix(" in f").removeprefix(f"{LIBRARIES}/") for line in lines]


TEST, APP = "/project/test_it.py", "/project/app.py"


def test_the_middle_of_a_long_row_is_counted_with_the_names_of_its_libraries():
    names = [TEST, "httpx/a", "httpx/b", "anyio/c", os.__file__, "six", APP]
    assert told(*names) == [
        "test_it.py:1",
        "httpx/a.py:2",
        "... 3 frames of httpx, anyio, os ...",
        "six.py:6",
        "app.py:7",
    ]


def test_the_one_that_raised_is_shown():
    assert told(TEST, *["httpx/a"] * 2, "httpx/b", "httpx/c") == [
        "test_it.py:1",
        "httpx/a.py:2",
        "... 2 frames of httpx ...",
        "httpx/c.py:5",
    ]


def test_a_short_row_is_shown_as_it_is():
    assert told(TEST, "a", "b", "c", APP) == ["test_it.py:1", "a.py:2", "b.py:3", "c.py:4", "app.py:5"]


def test_where_each_frame_is_wanted_none_is_left_out():
    names = [TEST, "a", "b", "c", "d", "e"]
    assert len(told(*names, style=Traceback.SHORT)) == len(names)
    assert not any("frames of" in line for line in told(f"{HOME}run/attempt.py", *names))
    wanted = frame("a")._replace(locals=(Value("x", "1"),))
    text = failure_text(Failure(Phase.CALL, "KeyError", "1", (wanted,) * 2 + (frame("b"), frame("c"))), "/project")
    assert "frames of" not in text


@pytest.mark.parametrize("source", ["", "src"])
def test_the_projects_own_package_is_no_library_where_it_is_installed(tmp_path, source):
    (tmp_path / source / "shop").mkdir(parents=True)
    names = [str(tmp_path / "test_it.py"), *(f"shop/{name}" for name in "abcde")]
    assert not any("frames" in line for line in told(*names, root=str(tmp_path)))
