"""Rewritten code is kept beside Python's own bytecode, and used for as long as it is of this source."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from rustest.assertion import cache
from rustest.assertion.hook import loader

FAILING = "def fail(): assert 1 + 1 == {}\n"


@pytest.fixture(autouse=True)
def writing_bytecode(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "test_x.py"
    path.write_text(FAILING.format(3))
    return path


def load(path: Path) -> ModuleType:
    file_loader = loader("test_x", str(path))
    module = module_from_spec(spec_from_file_location("test_x", path, loader=file_loader))
    file_loader.exec_module(module)
    return module


def first_line(module: ModuleType) -> str:
    with pytest.raises(AssertionError) as caught:
        module.fail()
    return str(caught.value).splitlines()[0]


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("**/*.pyc"))


def mark_kept(path: Path) -> None:
    """Change the kept code in a way that shows when it is used."""
    (file,) = path.parent.glob("__pycache__/*.pyc")
    content = file.read_bytes()
    assert content.count(b"fail") > 0
    file.write_bytes(content.replace(b"fail", b"foul"))


def uses_what_is_kept(path: Path) -> bool:
    return hasattr(load(path), "foul")


def test_the_code_is_kept_under_a_name_of_its_own(source):
    module = load(source)
    name = f"test_x.{sys.implementation.cache_tag}-rustest-{cache.VERSION}.pyc"
    assert kept(source.parent) == [name]
    assert module.__cached__ == str(source.parent / "__pycache__" / name)


def test_what_is_kept_is_used_again_and_explains_as_before(source):
    assert first_line(load(source)) == "assert 2 == 3"
    assert first_line(load(source)) == "assert 2 == 3"
    mark_kept(source)
    assert uses_what_is_kept(source)


def test_a_changed_source_of_the_same_size_is_compiled_again_however_soon_it_changed(source):
    load(source)
    before = source.stat()
    source.write_text(FAILING.format(4))
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert first_line(load(source)) == "assert 2 == 4"


def test_a_source_of_another_size_is_compiled_again(source):
    load(source)
    before = source.stat()
    source.write_text(FAILING.format(44))
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert first_line(load(source)) == "assert 2 == 44"


def test_what_another_version_of_the_rewriter_kept_is_not_used(source, monkeypatch):
    load(source)
    mark_kept(source)
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert not uses_what_is_kept(source)
    assert len(kept(source.parent)) == 2


@pytest.mark.parametrize("length", [0, 3, 19, 20, 21, 60, -1])
def test_half_a_file_is_compiled_again_and_replaced(source, length):
    load(source)
    (file,) = source.parent.glob("__pycache__/*.pyc")
    whole = file.read_bytes()
    file.write_bytes(whole[:length])
    assert first_line(load(source)) == "assert 2 == 3"
    assert file.read_bytes() == whole


def test_a_file_of_something_else_is_compiled_again(source):
    load(source)
    (file,) = source.parent.glob("__pycache__/*.pyc")
    file.write_bytes(file.read_bytes()[:20] + b"i\x01\x00\x00\x00")
    assert first_line(load(source)) == "assert 2 == 3"


def test_a_file_that_moved_with_its_cache_tells_its_new_place(source):
    load(source)
    moved = source.parent.parent / "moved"
    source.parent.rename(moved)
    assert load(moved / "test_x.py").fail.__code__.co_filename == str(moved / "test_x.py")


def test_nothing_is_kept_where_python_is_told_to_keep_no_bytecode(source, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert first_line(load(source)) == "assert 2 == 3"
    assert kept(source.parent) == []


def test_bytecode_goes_where_python_is_told_to_keep_it(source, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setattr(sys, "pycache_prefix", str(elsewhere))
    load(source)
    assert kept(source.parent) == []
    assert len(kept(elsewhere)) == 1


def test_a_python_without_a_cache_tag_keeps_nothing(source, monkeypatch):
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    assert first_line(load(source)) == "assert 2 == 3"
    assert kept(source.parent) == []


def test_a_folder_that_cannot_hold_the_cache_does_no_harm(source):
    """A file in the folder's place, which no permission of root's can write into."""
    (source.parent / "__pycache__").write_text("")
    assert first_line(load(source)) == "assert 2 == 3"


def test_no_half_written_file_is_left_beside_it(source):
    load(source)
    assert [path.suffix for path in (source.parent / "__pycache__").iterdir()] == [".pyc"]


LOADED = """
import sys
sys.dont_write_bytecode = False
from rustest.cli.main import main
main(["-q"])
print(*sorted(set(sys.modules) & {"ast", "rustest.assertion.rewrite", "rustest.assertion.explain", "difflib"}))
"""


def loaded_by_a_run(folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_a_run_loads_the_rewriter_only_for_files_that_are_not_kept(tmp_path):
    (tmp_path / "test_x.py").write_text("def test_x(): assert 1 + 1 == 2\n")
    (tmp_path / "pyproject.toml").write_text("[tool.rustest]\n")
    assert loaded_by_a_run(tmp_path) == ["rustest.assertion.rewrite"]
    assert loaded_by_a_run(tmp_path) == []
