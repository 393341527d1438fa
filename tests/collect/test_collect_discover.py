"""Which files are collected, and in which order."""

import os
from pathlib import Path

import pytest

from rustest.collect.collector import collect
from rustest.collect.discover import discover
from rustest.model.errors import UsageError
from rustest.model.settings import Settings


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def make(*files: str) -> Path:
        for file in files:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    return make


def found(root: Path, *paths: str, **settings) -> list[str]:
    discovery = discover(Settings(rootdir=str(root), paths=paths, **settings))
    assert discovery.problems == ()
    return [wanted.file for wanted in discovery.files]


def test_files_are_found_by_both_patterns_and_nothing_else_is(tree):
    root = tree("test_a.py", "b_test.py", "testing.py", "helper.py", "test_c.rst", "sub/test_d.py", "test.py")
    assert found(root) == ["b_test.py", "sub/test_d.py", "test_a.py"]


def test_files_that_only_hold_doctests_are_told_apart(tree):
    root = tree("test_a.py", "helper.py", "setup.py", "test_c.txt", "d.rst")
    files = discover(Settings(rootdir=str(root), doctest_modules=True, doctest_glob=("*.txt", "*.rst"))).files
    assert [(wanted.file, wanted.is_test) for wanted in files] == [
        ("d.rst", False),
        ("helper.py", False),
        ("test_a.py", True),
        ("test_c.txt", False),
    ]


def test_a_file_that_is_named_is_a_test_file_though_its_folder_is_searched_for_doctests(tree):
    root = tree("helper.py")
    settings = Settings(rootdir=str(root), paths=("helper.py", "."), doctest_modules=True)
    assert [(wanted.file, wanted.is_test) for wanted in discover(settings).files] == [("helper.py", True)]


def test_a_text_file_may_be_named(tree):
    root = tree("guide.rst", "helper.py")
    assert found(root, str(root / "guide.rst")) == ["guide.rst"]


def test_python_files_in_the_settings_replace_the_patterns(tree):
    root = tree("test_a.py", "check_b.py", "c.spec.py", "deep/d/check_e.py")
    assert found(root, python_files=("check_*.py",)) == ["check_b.py", "deep/d/check_e.py"]
    assert found(root, python_files=("?.spec.py",)) == ["c.spec.py"]
    assert found(root, python_files=("d/check_*.py",)) == ["deep/d/check_e.py"]


def test_files_and_folders_are_sorted_by_name_together(tree):
    root = tree("test_b.py", "test_a.py", "test_aa/test_z.py", "a/test_z.py", "z/test_a.py")
    assert found(root) == ["a/test_z.py", "test_a.py", "test_aa/test_z.py", "test_b.py", "z/test_a.py"]


def test_folders_that_norecursedirs_names_are_left_out(tree):
    root = tree(
        ".hidden/test_a.py", "build/test_b.py", "x.egg/test_c.py", "venv/test_d.py", "ok/test_e.py", "{arch}/test_f.py"
    )
    assert found(root) == ["ok/test_e.py"]


def test_norecursedirs_with_a_slash_is_held_against_the_path(tree):
    root = tree("a/data/test_a.py", "b/data/test_b.py")
    assert found(root, norecursedirs=("a/data",)) == ["b/data/test_b.py"]
    assert found(root, norecursedirs=("[ab]/data",)) == []


def test_a_folder_given_by_name_is_searched_whatever_its_name(tree):
    root = tree("build/test_a.py", "build/build/test_b.py")
    assert found(root, "build") == ["build/test_a.py"]


def test_a_virtual_environment_is_known_by_its_pyvenv_cfg(tree):
    root = tree("env/pyvenv.cfg", "env/lib/test_a.py", "test_b.py")
    assert found(root) == ["test_b.py"]


def test_symbolic_links_that_lead_round_end(tree):
    root = tree("a/test_a.py", "b/test_b.py")
    (root / "a" / "up").symlink_to(root)
    (root / "a" / "to_b").symlink_to(root / "b")
    (root / "b" / "to_a").symlink_to(root / "a")
    (root / "self").symlink_to(root / "self")
    (root / "test_gone.py").symlink_to(root / "nowhere.py")
    assert found(root) == ["a/test_a.py", "a/to_b/test_b.py", "b/test_b.py", "b/to_a/test_a.py"]


def test_a_file_given_by_name_is_collected_whatever_its_name(tree):
    root = tree("checks.py", "test_a.py")
    assert found(root, "checks.py") == ["checks.py"]


def test_files_keep_the_order_in_which_they_are_given_and_come_once(tree):
    root = tree("test_a.py", "test_b.py", "sub/test_c.py")
    assert found(root, "test_b.py", "./sub/../test_b.py", str(root / "test_a.py"), ".") == [
        "test_b.py",
        "test_a.py",
        "sub/test_c.py",
    ]


def test_paths_are_relative_to_the_current_folder_and_ids_to_the_root(tree, monkeypatch):
    root = tree("a/test_x.py", "a/b/test_y.py")
    monkeypatch.chdir(root / "a")
    assert found(root, "b") == ["a/b/test_y.py"]
    assert found(root, "test_x.py") == ["a/test_x.py"]


def test_without_paths_testpaths_count_and_then_the_root_folder(tree):
    root = tree("src/test_a.py", "tests/test_b.py", "more/unit/test_c.py")
    assert found(root) == ["more/unit/test_c.py", "src/test_a.py", "tests/test_b.py"]
    assert found(root, testpaths=("tests", "m*/unit")) == ["tests/test_b.py", "more/unit/test_c.py"]


def test_without_paths_a_folder_below_the_root_means_itself(tree, monkeypatch):
    root = tree("tests/test_a.py", "tests/unit/test_b.py")
    monkeypatch.chdir(root / "tests" / "unit")
    assert found(root, testpaths=("tests",)) == ["tests/unit/test_b.py"]


def test_without_paths_the_root_is_searched_from_outside_of_it(tree, monkeypatch, tmp_path_factory):
    root = tree("test_a.py")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert found(root) == ["test_a.py"]


def test_a_file_outside_of_the_root_has_a_relative_id(tree):
    root = tree("inner/test_a.py", "outer/test_b.py")
    assert found(root / "inner", "outer/test_b.py") == ["../outer/test_b.py"]


def test_node_ids_of_one_file_are_gathered_and_the_whole_file_wins(tree):
    root = tree("test_a.py", "test_b.py")
    arguments = ("test_a.py::test_x[a::b]", "test_b.py::TestC::test_y", "test_a.py::test_z")
    names = [wanted.names for wanted in discover(Settings(rootdir=str(root), paths=arguments)).files]
    assert names == [{"test_x[a::b]", "test_z"}, {"TestC::test_y"}]
    for paths in (("test_a.py", "test_a.py::test_x"), ("test_a.py::test_x", "test_a.py")):
        assert [wanted.names for wanted in discover(Settings(rootdir=str(root), paths=paths)).files] == [frozenset()]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("tests/test_logn.py", "no such file or folder: tests/test_logn.py; did you mean tests/test_login.py?"),
        ("test/test_login.py", "no such file or folder: test/test_login.py; did you mean tests?"),
        ("quite/else", "no such file or folder: quite/else"),
        ("tests::test_x", "tests::test_x: tests is a folder; only a file can be followed by ::"),
    ],
)
def test_a_path_that_cannot_be_collected_is_a_usage_error(tree, path, message):
    root = tree("tests/test_login.py")
    with pytest.raises(UsageError) as raised:
        found(root, path)
    assert str(raised.value) == message


def test_a_named_file_of_another_kind_is_read_only_if_a_hook_makes_something_of_it(tree):
    settings = Settings(rootdir=str(tree("README.md")), paths=("README.md",))
    assert [(wanted.is_test, wanted.is_read) for wanted in discover(settings).files] == [(False, False)]
    with pytest.raises(UsageError) as raised:
        collect(settings)
    assert str(raised.value) == "README.md is not a Python file: tests are collected from files that end in .py"


def test_a_testpath_that_does_not_exist_is_a_usage_error(tree):
    root = tree("tests/test_a.py")
    with pytest.raises(UsageError, match=r"testpaths in the settings names 'test', .* did you mean tests\?"):
        found(root, testpaths=("test",))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_cannot_be_read_is_a_problem(tree):
    root = tree("closed/test_a.py", "test_b.py")
    (root / "closed").chmod(0)
    discovery = discover(Settings(rootdir=str(root)))
    (root / "closed").chmod(0o755)
    assert [problem.where for problem in discovery.problems] == ["closed"]
    assert [wanted.file for wanted in discovery.files] == ["test_b.py"]
