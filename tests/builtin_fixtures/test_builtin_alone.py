"""Tests whose fixtures change what the whole process shares are planned alone, with the reason."""

import pytest

from rustest.model.plan import Lane, Plan, RunStep
from rustest.testing import plan_project

SOURCE = """
    from rustest import fixture, mark

    @fixture
    def patched(monkeypatch): return monkeypatch

    @fixture(name="recwarn")
    def my_recwarn(): return []

    async def test_plain(tmp_path, capsys, caplog, unused_tcp_port, cache, anyio_backend): pass

    async def test_own_fixture_of_that_name(recwarn): pass

    @mark.parametrize("monkeypatch", [1])
    async def test_own_parameter_of_that_name(monkeypatch): pass

    async def test_direct(monkeypatch): monkeypatch.setenv('A', '1')

    async def test_unused(monkeypatch): pass

    async def test_indirect(patched): pass

    @mark.usefixtures("capfd")
    async def test_marked(): pass

    async def test_binary(capfdbinary): pass

    def test_sync(monkeypatch): pass
    """


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    return plan_project(tmp_path_factory.mktemp("project"), {"test_it.py": SOURCE})


def lanes(plan: Plan) -> dict[Lane, list[str]]:
    return {window.lane: [step.item.function.name for step in window.steps] for window in plan.windows}


def test_direct_and_indirect_users_are_alone_and_nobody_else_is(plan):
    assert lanes(plan) == {
        Lane.OVERLAP: ["test_plain", "test_own_fixture_of_that_name", "test_own_parameter_of_that_name", "test_unused"],
        Lane.SYNC: ["test_sync"],
        Lane.ALONE: ["test_direct", "test_indirect", "test_marked", "test_binary"],
    }


def test_the_reason_names_the_fixture(plan):
    reasons = {
        step.item.function.name: step.reasons
        for window in plan.windows
        for step in window.steps
        if isinstance(step, RunStep)
    }
    changes = "which changes what the whole process shares"
    assert reasons["test_indirect"] == (f"alone: it uses `monkeypatch`, {changes}",)
    assert reasons["test_marked"] == (f"alone: it uses `capfd`, {changes}",)
    assert reasons["test_sync"] == reasons["test_plain"] == ()


def test_recwarn_is_one_of_them(tmp_path):
    assert list(lanes(plan_project(tmp_path, {"test_it.py": "async def test_it(recwarn): pass"}))) == [Lane.ALONE]
