"""`cache`: values and folders from one run to the next."""

import json

import pytest
from small_projects import failing

from rustest import Cache


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / ".rustest_cache")


@pytest.mark.parametrize("value", [None, 0, "ü", [1, {"a": 2.5}], {"x": True}])
def test_a_value_is_kept(cache, tmp_path, value):
    cache.set("project/value", value)
    assert Cache(tmp_path / ".rustest_cache").get("project/value", "default") == value


def test_a_value_that_is_not_there_is_the_default_and_nothing_is_written(cache, tmp_path):
    assert cache.get("project/value", 7) == 7
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00"])
def test_a_broken_file_reads_as_the_default(cache, tmp_path, content):
    cache.set("value", 1)
    (file,) = tmp_path.rglob("value")
    file.write_bytes(content)
    assert cache.get("value", "default") == "default"
    cache.set("value", 2)
    assert cache.get("value", "default") == 2


def test_a_value_that_json_cannot_hold_raises_and_the_old_one_stays(cache, tmp_path):
    cache.set("value", 1)
    with pytest.raises(TypeError):
        cache.set("value", object())
    assert cache.get("value", None) == 1
    assert [path.name for path in tmp_path.rglob("*value*")] == ["value"]


@pytest.mark.parametrize("key", ["", "/etc/value", "../value", "a/../../value"])
def test_a_key_that_leads_elsewhere_is_refused(cache, key):
    for act in (lambda: cache.get(key, None), lambda: cache.set(key, 1)):
        with pytest.raises(ValueError, match="a cache key is a path such as"):
            act()


def test_folders_are_made_once(cache):
    folder = cache.mkdir("database")
    (folder / "file").write_text("kept")
    assert cache.mkdir("database") == folder
    assert (folder / "file").read_text() == "kept"
    for name in ("", "a/b", "..", "/a"):
        with pytest.raises(ValueError, match="one name without slashes"):
            cache.mkdir(name)


def test_the_folder_says_what_it_is_and_keeps_out_of_version_control(cache, tmp_path):
    cache.set("value", 1)
    folder = tmp_path / ".rustest_cache"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert "cache of rustest" in (folder / "README.md").read_text()
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_the_fixture_keeps_values_in_the_root_folder_from_run_to_run(tmp_path):
    source = """
        from rustest import fixture

        @fixture(scope="session")
        def runs(cache):
            cache.set("runs", cache.get("runs", 0) + 1)
            return cache.get("runs", None)

        async def test_it(runs, cache):
            assert cache.mkdir("folder").is_dir()
        """
    assert failing(tmp_path, source) == {}
    assert failing(tmp_path, source) == {}
    assert json.loads((tmp_path / ".rustest_cache/v/runs").read_text()) == 2
