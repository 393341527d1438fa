"""`tmp_path` and `tmp_path_factory`: where the folders stand, what they are called, and how long they stay."""

import os
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path

import pytest
from small_projects import failing, results

from rustest import TempPathFactory
from rustest.builtin_fixtures.base_folder import KEPT, numbered_base, remove_tree
from rustest.model.errors import UsageError
from rustest.testing import run_project


@pytest.fixture(autouse=True)
def temp(tmp_path, monkeypatch) -> Path:
    """The folder where the system keeps temporary files."""
    import tempfile

    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def factory():
    with ExitStack() as cleaning:
        yield TempPathFactory(None, cleaning)


def bases(temp: Path) -> list[str]:
    (root,) = temp.iterdir()
    return sorted(path.name for path in root.iterdir() if path.is_dir() and not path.is_symlink())


def test_overlapping_tests_have_empty_folders_of_their_own_named_after_them(tmp_path, temp):
    source = """
        import asyncio
        from rustest import mark

        @mark.parametrize("word", ["a/b", "a b", "w" * 60])
        async def test_it(tmp_path, word):
            assert list(tmp_path.iterdir()) == []
            (tmp_path / "file").write_text(word)
            await asyncio.sleep(0.02)
            assert (tmp_path / "file").read_text() == word

        class TestClass:
            def test_it(self, tmp_path, tmp_path_factory):
                assert tmp_path.parent == tmp_path_factory.getbasetemp()
        """
    assert failing(tmp_path / "project", source) == {}
    (base,) = temp.glob("rustest-of-*/rustest-0")
    names = sorted(path.name for path in base.iterdir() if path.is_dir())
    assert names == ["test_it0", "test_it_a_b_0", "test_it_a_b_1", "test_it_" + "w" * 22 + "0"]


def test_nobody_else_can_look_into_the_folders(factory, temp):
    folder = factory.mktemp("x")
    (root,) = temp.iterdir()
    modes = {path: path.stat().st_mode & 0o777 for path in (root, factory.getbasetemp(), folder)}
    assert set(modes.values()) == {0o700}


def test_a_root_that_is_too_open_is_closed_and_a_link_is_refused(temp):
    with numbered_base() as base:
        root = base.parent
    root.chmod(0o755)
    with numbered_base():
        assert root.stat().st_mode & 0o777 == 0o700
    root.rename(temp / "elsewhere")
    root.symlink_to(temp / "elsewhere")
    with pytest.raises(OSError, match="does not belong to the user"), numbered_base():
        pass


def test_numbers_are_counted_up_and_what_is_there_is_passed_over(factory):
    (factory.getbasetemp() / "x1").mkdir()
    assert [factory.mktemp("x").name for _ in range(3)] == ["x0", "x2", "x3"]


def test_without_a_number_the_name_is_taken_as_it_is(factory):
    assert factory.mktemp("plain", numbered=False) == factory.getbasetemp() / "plain"
    with pytest.raises(FileExistsError):
        factory.mktemp("plain", numbered=False)


@pytest.mark.parametrize("name", ["a/b", "../x", "/x", "..", ".", "", "a/"])
def test_a_name_that_leads_elsewhere_is_refused(factory, name):
    with pytest.raises(ValueError, match="basename is one plain name"):
        factory.mktemp(name)


def test_the_last_three_base_folders_stay(temp):
    for number in range(KEPT + 3):
        with numbered_base() as base:
            assert base.name == f"rustest-{number}"
            (base / "file").write_text("")
            inner = base / "closed"
            inner.mkdir()
            (inner / "deep").mkdir()
            (inner / "deep" / "file").write_text("")
            inner.chmod(0)
    assert bases(temp) == ["rustest-3", "rustest-4", "rustest-5"]


@pytest.mark.parametrize("workers", [0, 2])
def test_of_the_last_ones_as_many_stay_as_the_settings_say(tmp_path, temp, workers):
    files = {"test_it.py": "def test_one(tmp_path): pass\ndef test_two(tmp_path): pass"}
    for _ in range(3):
        report = run_project(tmp_path / "project", files, workers=workers, tmp_path_retention_count=2)
        assert report.exit_status == 0
    assert bases(temp) == ["rustest-1", "rustest-2"]


def test_the_folder_of_a_run_that_goes_on_stays_and_goes_later(temp):
    with numbered_base():
        for _ in range(5):
            with numbered_base():
                pass
        assert bases(temp) == ["rustest-0", "rustest-3", "rustest-4", "rustest-5"]
    assert bases(temp) == ["rustest-0", "rustest-3", "rustest-4", "rustest-5"]
    with numbered_base():
        pass
    assert bases(temp) == ["rustest-4", "rustest-5", "rustest-6"]


def test_the_folder_of_a_run_that_was_killed_goes_as_well(temp):
    code = """
        import os
        from rustest.builtin_fixtures.base_folder import numbered_base
        with numbered_base():
            os._exit(1)
        """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)])
    assert bases(temp) == ["rustest-0"]
    for _ in range(3):
        with numbered_base():
            pass
    assert bases(temp) == ["rustest-1", "rustest-2", "rustest-3"]


def test_runs_that_begin_at_once_have_folders_of_their_own(temp):
    code = """
        from rustest.builtin_fixtures.base_folder import numbered_base
        with numbered_base() as base:
            (base / "mine").mkdir()
            print(base, flush=True)
            input()
            assert (base / "mine").is_dir()
        """
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    folders = [run.stdout.readline() for run in runs]
    ends = [(run.communicate("\n"), run.returncode)[1] for run in runs]
    assert ends == [0] * 6
    assert len(set(folders)) == 6
    with numbered_base():
        pass
    assert bases(temp) == ["rustest-4", "rustest-5", "rustest-6"]


def test_a_link_leads_to_the_latest_run(temp):
    for _ in range(2):
        with numbered_base() as base:
            assert (base.parent / "rustest-current").resolve() == base
    assert sorted(os.listdir(base.parent)) == [".lock", "rustest-0", "rustest-1", "rustest-current"]


def test_links_in_a_removed_tree_are_not_followed(tmp_path):
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir(mode=0o750)
    (outside / "file").write_text("kept")
    tree.mkdir()
    (tree / "link").symlink_to(outside)
    remove_tree(tree)
    assert not tree.exists()
    assert (outside / "file").read_text() == "kept"
    assert outside.stat().st_mode & 0o777 == 0o750


def test_basetemp_is_emptied_and_used(tmp_path, temp):
    given = tmp_path / "given" / "base"
    source = "def test_it(tmp_path): (tmp_path / 'file').write_text('')"
    for _ in range(2):
        assert results(tmp_path / "project", source, basetemp=str(given)) == {"test_it": "passed"}
        assert [path.name for path in given.iterdir()] == ["test_it0"]
    assert list(temp.iterdir()) == []


def test_basetemp_cannot_be_the_current_folder_or_one_above_it(tmp_path):
    for folder in (".", "..", "/"):
        with pytest.raises(UsageError, match="expected a folder that may be emptied"):
            run_project(tmp_path, {}, basetemp=folder)


def test_a_run_that_needs_no_folder_makes_none(tmp_path, temp):
    assert failing(tmp_path / "project", "def test_it(tmp_path_factory): pass") == {}
    assert list(temp.iterdir()) == []
