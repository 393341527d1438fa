"""What tests know of the worker in which they run, and what no two workers give to two tests."""

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

TOLD = """
import os
from pathlib import Path

def tell(what, text):
    with open(Path(__file__).parent / what, "a") as file:
        file.write(f"{text}\\n")
"""
FORKED = {"workers": 2, "worker_start": "fork"}


def told(folder, what):
    return (folder / what).read_text().split()


def each_file(source):
    """Two files, for two workers: each waits for the other one to have begun."""
    meet = """
from telling import tell
import time
from pathlib import Path

def test_meets():
    tell("met", __name__)
    while len((Path(__file__).parent / "met").read_text().split()) < 2:
        time.sleep(0.001)
"""
    return {"telling.py": TOLD, "conftest.py": "import telling", "test_a.py": meet + source, "test_b.py": meet + source}


def test_each_worker_has_a_name_of_its_own_by_fixture_and_environment(tmp_path):
    source = """
def test_tells(worker_id):
    import os
    assert os.environ["RUSTEST_WORKER"] == os.environ["PYTEST_XDIST_WORKER"] == worker_id
    assert os.environ["RUSTEST_WORKER_COUNT"] == os.environ["PYTEST_XDIST_WORKER_COUNT"] == "2"
    tell("names", worker_id)
"""
    run_project(tmp_path, each_file(source), **FORKED)
    assert sorted(told(tmp_path, "names")) == ["gw0", "gw1"]


def test_without_workers_the_only_process_is_the_master(tmp_path, monkeypatch):
    monkeypatch.delenv("RUSTEST_WORKER", raising=False)
    report = run_project(tmp_path, {"test_it.py": "def test_it(worker_id): assert worker_id == 'master'"})
    assert report.ids(Verdict.PASSED)


def test_folders_and_ports_are_given_once(tmp_path):
    source = """
def test_takes(tmp_path, unused_tcp_port_factory, unused_udp_port):
    tell("folders", tmp_path)
    for _ in range(200):
        tell("ports", unused_tcp_port_factory())
"""
    report = run_project(tmp_path, each_file(source), basetemp=str(tmp_path / "base"), **FORKED)
    assert len(report.ids(Verdict.PASSED)) == report.total
    assert len(set(told(tmp_path, "folders"))) == 2
    assert all(folder.startswith(str(tmp_path / "base")) for folder in told(tmp_path, "folders"))
    assert len(set(told(tmp_path, "ports"))) == 400


def test_a_sessions_fixture_is_set_up_and_torn_down_once_in_each_worker(tmp_path):
    source = """
from rustest import fixture

@fixture(scope="session")
def shared(worker_id):
    tell("lives", f"up-{worker_id}")
    yield
    tell("lives", f"down-{worker_id}")

def test_one(shared): pass
async def test_two(shared): pass
"""
    files = each_file(source)
    conftest = files["conftest.py"] + "\nfrom telling import tell" + source.partition("def test_one")[0]
    files = {name: text.replace(source, "def test_one(shared): pass\n") for name, text in files.items()}
    run_project(tmp_path, {**files, "conftest.py": conftest}, **FORKED)
    assert sorted(told(tmp_path, "lives")) == ["down-gw0", "down-gw1", "up-gw0", "up-gw1"]


def test_two_params_of_a_sessions_fixture_are_never_alive_at_once_in_a_worker(tmp_path):
    source = """
from rustest import fixture

@fixture(scope="session", params=[1, 2])
def number(request):
    tell("lives", f"up{request.param}")
    yield
    tell("lives", f"down{request.param}")

def test_one(number): pass
"""
    run_project(tmp_path, {"telling.py": TOLD, "test_it.py": "from telling import tell" + source}, workers=1)
    assert told(tmp_path, "lives") == ["up1", "down1", "up2", "down2"]


@pytest.mark.parametrize("kind", ["", "async "])
def test_what_is_marked_serial_has_all_workers_idle(tmp_path, kind):
    source = f"""
import time
from rustest import mark, parametrize

@parametrize("number", range(5))
{kind}def test_beside(number):
    tell("spans", time.monotonic())
    time.sleep(0.005)
    tell("spans", time.monotonic())
"""
    alone = f"""
import time
from rustest import mark
from telling import tell

@mark.serial
{kind}def test_alone():
    tell("alone", time.monotonic())
    time.sleep(0.02)
    tell("alone", time.monotonic())
"""
    run_project(tmp_path, {**each_file(source), "test_c.py": alone, "test_d.py": alone}, **FORKED)
    first, *_ = sorted(map(float, told(tmp_path, "alone")))
    assert max(map(float, told(tmp_path, "spans"))) < first
    _, end, begin_too, _ = map(float, told(tmp_path, "alone"))
    assert end < begin_too
