"""What is there when the run begins is passed over by the garbage collector, and nothing else is."""

import gc
import weakref

import pytest

from rustest.model.garbage import GarbageHeld
from rustest.testing import run_project


class Node:
    pass


def ring() -> "weakref.ref[Node]":
    node = Node()
    node.itself = node
    return weakref.ref(node)


def test_collecting_waits_and_comes_back():
    with GarbageHeld() as garbage:
        assert not gc.isenabled()
        garbage.let_go()
        assert gc.isenabled() and gc.get_freeze_count() > 0
        gone = ring()
        gc.collect()
        assert gone() is None
    assert gc.isenabled() and gc.get_freeze_count() == 0


@pytest.mark.parametrize(("before", "meanwhile"), [((700, 10, 10), (2000, 10, 10)), ((500, 5, 5), (500, 5, 5))])
def test_more_young_objects_are_let_come_unless_somebody_has_chosen_their_number(before, meanwhile):
    earlier = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with GarbageHeld() as garbage:
            garbage.let_go()
            assert gc.get_threshold() == meanwhile
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*earlier)


def test_what_became_garbage_before_is_collected_afterwards():
    with GarbageHeld() as garbage:
        gone = ring()
        garbage.let_go()
    gc.collect()
    assert gone() is None


def test_what_became_garbage_while_it_was_held_can_be_swept_away():
    earlier = ring()
    with GarbageHeld() as garbage:
        gone = ring()
        garbage.sweep()
        assert gone() is None and earlier() is not None
        garbage.let_go()
    gc.collect()
    assert earlier() is None


def test_a_class_that_was_made_anew_while_files_were_imported_is_gone_when_tests_run(tmp_path):
    source = """
        from dataclasses import dataclass

        class Base: pass

        @dataclass(slots=True)
        class Child(Base): pass

        def test_it(): assert Base.__subclasses__() == [Child]
    """
    assert run_project(tmp_path, {"test_it.py": source}).status == 0


def test_collecting_comes_back_where_the_plan_cannot_be_made():
    with pytest.raises(ValueError), GarbageHeld():
        raise ValueError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with GarbageHeld() as garbage:
            garbage.let_go()
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
