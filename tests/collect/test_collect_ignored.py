"""What `--ignore` keeps from being collected: it is not even imported."""

import pytest

from rustest.testing import plan_project

FILES = {
    "test_a.py": "def test_it(): ...",
    "sub/test_a.py": "def test_it(): ...",
    "sub/test_slow.py": "def test_it(): ...",
    "sub/deep/test_b.py": "def test_it(): ...",
    "deep/test_broken.py": "1 / 0",
}


def files(folder, *ignore: str, **settings) -> set[str]:
    planned = plan_project(folder, FILES, ignore=ignore, **settings)
    assert planned.problems == ()
    return {node_id.partition("::")[0] for node_id in planned.ids()}


EVERYTHING = {"test_a.py", "sub/test_a.py", "sub/test_slow.py", "sub/deep/test_b.py"}


@pytest.mark.parametrize(
    ("ignore", "left_out"),
    [
        ("deep", set()),  # the one in the root folder, and no other
        ("./deep/", set()),
        ("deep/test_broken.py", set()),
        ("*broken*", set()),
        ("d[e]ep", {"sub/deep/test_b.py"}),
    ],
)
def test_paths_are_below_the_root_folder_and_names_anywhere(tmp_path, ignore, left_out):
    assert files(tmp_path, ignore) == EVERYTHING - left_out


@pytest.mark.parametrize(
    ("ignore", "left_out"),
    [
        ("sub", {"sub/test_a.py", "sub/test_slow.py", "sub/deep/test_b.py"}),
        ("sub/deep", {"sub/deep/test_b.py"}),
        ("test_a.py", {"test_a.py"}),
        ("test_a*", {"test_a.py", "sub/test_a.py"}),
        ("test_[s]low.py", {"sub/test_slow.py"}),
        ("sub/*_slow.py", {"sub/test_slow.py"}),
        ("de?p", {"sub/deep/test_b.py"}),
        ("nowhere/test_a.py", set()),
    ],
)
def test_what_is_ignored_is_left_out_and_nothing_else(tmp_path, ignore, left_out):
    assert files(tmp_path, ignore, "deep") == EVERYTHING - left_out


def test_what_is_named_and_ignored_is_ignored(tmp_path):
    for named in ("sub", "sub/test_slow.py", "sub/test_slow.py::test_it"):
        planned = plan_project(tmp_path, FILES, paths=[f"{tmp_path}/{named}"], ignore=["sub"])
        assert planned.total == 0


def test_a_name_with_a_bracket_is_a_path_where_there_is_one(tmp_path):
    planned = plan_project(tmp_path, {"a[1]/test_x.py": "1 / 0", "a1/test_y.py": "def test_y(): ..."}, ignore=["a[1]"])
    assert (planned.total, planned.problems) == (1, ())


def test_the_name_of_the_root_folder_matches_no_pattern(tmp_path):
    (root := tmp_path / "slow_checkout").mkdir()
    assert files(root, "*slow*", "deep") == EVERYTHING - {"sub/test_slow.py"}
