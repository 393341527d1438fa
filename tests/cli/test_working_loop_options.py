"""The options of the working loop, as they are read and as they fit together."""

import os

import pytest

from rustest.cli.arguments import parse_arguments
from rustest.cli.settings import make_settings
from rustest.model.errors import UsageError


@pytest.mark.parametrize(
    ("argv", "given"),
    [
        (["--randomize", "7"], {"randomize": 7}),
        (["--randomize=7", "a.py"], {"paths": ("a.py",), "randomize": 7}),
        (["--randomize"], {"randomize": 0}),
        (["--randomize", "a.py"], {"paths": ("a.py",), "randomize": 0}),
        (["a.py", "--randomize", "-x"], {"paths": ("a.py",), "maxfail": 1, "randomize": 0}),
        (["--lf", "--nf", "--last-failed"], {"lf": True, "nf": True}),
        (["--failed-first", "--stepwise", "--new-first"], {"ff": True, "sw": True, "nf": True}),
        (["--deselect", "a.py::test_x", "--deselect=b"], {"deselect": ("a.py::test_x", "b")}),
        (["--cache-dir", "x", "--cache-clear"], {"cache_dir": "x", "cache_clear": True}),
    ],
)
def test_arguments_decide_settings(argv, given):
    assert parse_arguments(argv) == given


def test_a_seed_that_is_none_is_refused():
    with pytest.raises(UsageError, match="--randomize: expected a whole number, 0 or more, not 'many'"):
        parse_arguments(["--randomize=many"])


def test_ignored_paths_of_the_command_line_are_below_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = parse_arguments(["--ignore", "sub", "--ignore=*_slow.py", "--ignore-glob", "sub/*.py", "--ignore", "/x"])
    assert given == {"ignore": (f"{tmp_path}/sub", "*_slow.py", f"{tmp_path}/sub/*.py", "/x")}


def test_a_seed_is_picked_where_none_is_given(tmp_path):
    rootdir = os.fspath(tmp_path)
    seeds = {make_settings({"rootdir": rootdir, "randomize": 0}).randomize for _ in range(5)}
    assert 0 not in seeds
    assert len(seeds) > 1


def test_a_run_step_by_step_stops_at_the_first_failure(tmp_path):
    rootdir = os.fspath(tmp_path)
    assert make_settings({"rootdir": rootdir, "sw": True, "maxfail": 5}).maxfail == 1


@pytest.mark.parametrize("asked", ["lf", "ff", "nf", "sw"])
def test_what_needs_a_memory_is_refused_where_there_is_none(tmp_path, asked):
    with pytest.raises(UsageError, match=f"--{asked} needs what earlier runs have left, and cache_dir is empty"):
        make_settings({"rootdir": os.fspath(tmp_path), "cache_dir": "", asked: True})
