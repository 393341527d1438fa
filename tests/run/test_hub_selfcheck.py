"""The check at start-up names all of asyncio's private parts that the hub relies on."""

import ast
import asyncio
from asyncio import events, tasks
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_runs import hub_run

from rustest.model.errors import UsageError
from rustest.run.hub import selfcheck

HUB = Path(selfcheck.__file__).parent


def private_names() -> Iterator[str]:
    for file in HUB.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                yield node.attr


def names_that_are_the_hubs() -> set[str]:
    """Methods of its own classes; `loop.py` derives from asyncio's."""
    trees = [ast.parse(file.read_text()) for file in HUB.glob("*.py") if file.name != "loop.py"]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def names_that_are_asyncios() -> set[str]:
    loop = asyncio.SelectorEventLoop()
    try:
        holders = (loop, asyncio.Handle, asyncio.TimerHandle, asyncio.Task, events, tasks)
        found = {name for name in private_names() if any(hasattr(holder, name) for holder in holders)}
    finally:
        loop.close()
    return found - names_that_are_the_hubs() - {"_selector"}  # which the loops are given by the hub


def test_every_private_name_that_the_hub_uses_is_checked():
    source = (HUB / "selfcheck.py").read_text()
    used = names_that_are_asyncios()
    assert len(used) > 20
    assert {name for name in used if f'"{name}"' not in source} == set()


def test_this_python_passes():
    selfcheck.check_asyncio()


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        (asyncio.selector_events.BaseSelectorEventLoop, "_close_self_pipe"),
        (asyncio.base_events.BaseEventLoop, "_check_running"),
        (asyncio.Handle, "_run"),
        (events, "_set_running_loop"),
    ],
)
def test_a_python_that_lacks_one_is_refused_with_its_name(monkeypatch, holder, name):
    monkeypatch.delattr(holder, name)
    with pytest.raises(UsageError, match=f"this Python's asyncio lacks {name}, on which rustest relies"), hub_run():
        pass


def test_a_python_whose_loops_keep_their_state_elsewhere_is_refused(monkeypatch):
    make = asyncio.base_events.BaseEventLoop.__init__

    def make_otherwise(loop) -> None:
        make(loop)
        loop.callbacks = loop.__dict__.pop("_scheduled")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "__init__", make_otherwise)
    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "close", lambda loop: setattr(loop, "_closed", True))
    with pytest.raises(UsageError, match="this Python's asyncio lacks _scheduled, on which rustest relies"), hub_run():
        pass
