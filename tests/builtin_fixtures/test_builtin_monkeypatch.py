"""`monkeypatch`: what it changes, and that all of it is as it was afterwards."""

import os
import sys
import types
from pathlib import Path

import pytest
from small_projects import results

import rustest
from rustest import MonkeyPatch
from rustest.builtin_fixtures.monkeypatch import NOTSET


class Plain:
    value = "class"

    @staticmethod
    def static() -> str:
        return "static"

    @classmethod
    def of_class(cls) -> str:
        return cls.__name__


class Derived(Plain):
    pass


class Slotted:
    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 1


class Forwarding:
    """Like a lazy settings object: it keeps its attributes elsewhere."""

    def __init__(self) -> None:
        self.__dict__["held"] = types.SimpleNamespace(debug=False)

    def __getattr__(self, name: str) -> object:
        return getattr(self.held, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.held, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self.held, name)


@pytest.fixture
def patch():
    patch = MonkeyPatch()
    yield patch
    patch.undo()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (Plain, "value"),
        (Plain, "static"),
        (Plain, "of_class"),
        (Derived, "value"),
        (Derived, "static"),
        (Plain(), "value"),
        (Slotted(), "value"),
        (types.SimpleNamespace(value=1), "value"),
        (os, "getcwd"),
        (Plain, "absent"),
        (Plain(), "absent"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_attribute_is_set_and_then_stands_where_and_as_it_stood(patch, target, name):
    before = dict(getattr(target, "__dict__", {}))
    seen = getattr(target, name, None)
    patch.setattr(target, name, "new", raising=False)
    assert getattr(target, name) == "new"
    patch.undo()
    assert dict(getattr(target, "__dict__", {})) == before
    assert getattr(target, name, None) == seen


def test_an_attribute_that_is_kept_elsewhere_is_set_back_there(patch):
    settings = Forwarding()
    patch.setattr(settings, "debug", True)
    assert settings.held.debug is True
    patch.undo()
    assert settings.held.debug is False


def test_a_dotted_name_is_imported_and_set(patch):
    patch.setattr("xml.dom.minidom.parseString", len)
    import xml.dom.minidom

    assert xml.dom.minidom.parseString is len
    patch.undo()
    assert xml.dom.minidom.parseString is not len


def test_none_is_a_value_like_any_other(patch):
    patch.setattr(Plain, "value", None)
    assert Plain.value is None
    patch.setattr("os.sep", None)
    assert os.sep is None


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda patch: patch.setattr(Plain, "absent", 1), AttributeError, "has no attribute 'absent'"),
        (lambda patch: patch.setattr("os.absent", 1), AttributeError, "'absent'"),
        (lambda patch: patch.setattr("os.absent.more", 1), AttributeError, "nor is there a module 'os.absent'"),
        (lambda patch: patch.setattr("getcwd", 1), TypeError, "names no attribute"),
        (lambda patch: patch.setattr(Plain, "value"), TypeError, "what is to be changed"),
        (lambda patch: patch.setattr(Plain, 3, 1), TypeError, "is a string, not 3"),
        (lambda patch: patch.delattr(Plain, "absent"), AttributeError, "has no attribute 'absent'"),
        (lambda patch: patch.delattr("os.absent"), AttributeError, "'absent'"),
        (lambda patch: patch.delitem({}, "absent"), KeyError, "absent"),
        (lambda patch: patch.delenv("RUSTEST_ABSENT"), KeyError, "RUSTEST_ABSENT"),
    ],
)
def test_what_cannot_be_raises_and_leaves_nothing_to_undo(patch, act, error, message):
    with pytest.raises(error, match=message):
        act(patch)
    patch.undo()
    assert not hasattr(Plain, "absent")
    assert not hasattr(os, "absent")


def test_raising_may_be_turned_off(patch):
    patch.setattr("os.absent", 1, raising=False)
    assert os.absent == 1
    patch.delattr(Plain, "absent", raising=False)
    patch.delattr("os.not_there", raising=False)
    patch.delitem({}, "absent", raising=False)
    patch.delenv("RUSTEST_ABSENT", raising=False)
    patch.undo()
    assert not hasattr(os, "absent")


def test_attributes_are_deleted_and_come_back_as_they_were(patch):
    raw = vars(Plain)["static"]
    patch.delattr(Plain, "static")
    patch.delattr("os.path.join")
    assert not hasattr(Plain, "static")
    assert not hasattr(os.path, "join")
    patch.undo()
    assert vars(Plain)["static"] is raw
    assert os.path.join("a", "b")


def test_items_are_set_deleted_and_come_back(patch):
    from collections import defaultdict

    table = {"kept": 1, "deleted": 2}
    counts: defaultdict[str, int] = defaultdict(int)
    patch.setitem(table, "kept", 10)
    patch.setitem(table, "added", 3)
    patch.delitem(table, "deleted")
    patch.setitem(counts, "added", 3)
    assert table == {"kept": 10, "added": 3}
    del table["added"]
    patch.undo()
    assert table == {"kept": 1, "deleted": 2}
    assert counts == {}


def test_environment_variables_are_set_prepended_deleted_and_come_back(patch):
    before = dict(os.environ)
    patch.setenv("RUSTEST_NEW", "b")
    patch.setenv("RUSTEST_NEW", "a", prepend=":")
    patch.setenv("RUSTEST_FIRST", "a", prepend=":")
    assert (os.environ["RUSTEST_NEW"], os.environ["RUSTEST_FIRST"]) == ("a:b", "a")
    patch.delenv("PATH")
    assert "PATH" not in os.environ
    patch.undo()
    assert dict(os.environ) == before


def test_an_environment_variable_that_is_no_string_is_made_one_with_a_warning(patch):
    with pytest.warns(UserWarning, match="RUSTEST_NUMBER is set to 3") as warned:
        patch.setenv("RUSTEST_NUMBER", 3)
    assert os.environ["RUSTEST_NUMBER"] == "3"
    assert warned[0].filename == __file__


def test_the_search_path_and_the_current_folder_come_back(patch, tmp_path):
    before, object_before, here = list(sys.path), sys.path, Path.cwd()
    (tmp_path / "module_found_by_path.py").write_text("answer = 42")
    patch.syspath_prepend(tmp_path)
    import module_found_by_path

    assert module_found_by_path.answer == 42
    sys.path = [*sys.path, "left over"]
    patch.chdir(tmp_path)
    patch.chdir("/")
    patch.undo()
    assert (sys.path, Path.cwd()) == (before, here)
    assert sys.path is object_before


def test_attributes_are_undone_before_items_and_each_latest_first(patch):
    undone = []

    class Noting(dict):
        def __setitem__(self, key: str, value: object) -> None:
            undone.append(("item", value))
            super().__setitem__(key, value)

        def __setattr__(self, key: str, value: object) -> None:
            undone.append(("attribute", value))
            super().__setattr__(key, value)

    table = Noting()
    table["a"], table.a = 0, 0
    patch.setitem(table, "a", 1)
    patch.setattr(table, "a", 1)
    patch.setitem(table, "a", 2)
    undone.clear()
    patch.undo()
    assert undone == [("attribute", 0), ("item", 1), ("item", 0)]


def test_what_a_suite_adds_to_the_changes_is_undone(patch):
    table, owner = {"kept": 2, "added": 2}, types.SimpleNamespace(kept=2, added=2)
    patch._setitem.extend([(table, "kept", 1), (table, "added", NOTSET), (table, "absent", NOTSET)])
    patch._setattr.extend([(owner, "kept", 1), (owner, "added", NOTSET)])
    patch.undo()
    assert table == {"kept": 1} and vars(owner) == {"kept": 1}


def test_a_change_that_cannot_be_undone_does_not_keep_the_others_from_it(patch):
    class Refusing:
        def __setattr__(self, name: str, value: object) -> None:
            if value == "old" and name in self.__dict__:
                raise ValueError("no way back")
            self.__dict__[name] = value

    refusing, table = Refusing(), {}
    refusing.value = "old"
    patch.setitem(table, "a", 1)
    patch.setattr(refusing, "value", "new")
    patch.setitem(table, "b", 1)
    with pytest.raises(ValueError, match="no way back"):
        patch.undo()
    assert table == {}


def test_undo_begins_anew(patch, tmp_path):
    here, path = Path.cwd(), list(sys.path)
    for _ in range(2):
        patch.chdir(tmp_path)
        patch.syspath_prepend(tmp_path)
        patch.undo()
        assert (Path.cwd(), sys.path) == (here, path)


def test_a_context_is_undone_at_its_end_also_when_it_fails():
    table: dict[str, int] = {}
    with pytest.raises(ZeroDivisionError), MonkeyPatch.context() as patch:
        patch.setitem(table, "a", 1)
        assert table == {"a": 1}
        1 / 0
    assert table == {}


def test_the_fixture_undoes_its_changes_however_the_test_ends(tmp_path):
    source = """
        import asyncio, os
        from rustest import MonkeyPatch, fixture, mark, skip

        @fixture(autouse=True)
        def is_clean():
            yield
            assert "RUSTEST_LEFT" not in os.environ

        @fixture
        def left(monkeypatch):
            assert isinstance(monkeypatch, MonkeyPatch)
            monkeypatch.setenv("RUSTEST_LEFT", "1")

        def test_passes(left): assert os.environ["RUSTEST_LEFT"] == "1"

        @mark.xfail
        def test_fails(left): assert False

        def test_skips(left): skip("no")

        @mark.asyncio(timeout=0.05)
        async def test_times_out(left): await asyncio.sleep(10)

        @mark.xfail
        async def test_shares_the_fixtures_changes(left, monkeypatch):
            monkeypatch.setenv("RUSTEST_LEFT", "2")
            left = os.environ["RUSTEST_LEFT"]
            assert left == "3"
        """
    assert results(tmp_path, source) == {
        "test_passes": "passed",
        "test_fails": "xfailed; AssertionError: assert False",
        "test_skips": "skipped",
        "test_times_out": "timed out; Test timed out after 0.05 seconds",
        "test_shares_the_fixtures_changes": "xfailed; AssertionError: assert '2' == '3'",
    }
    assert "RUSTEST_LEFT" not in os.environ


def test_the_class_is_one_of_the_packages_names():
    assert rustest.MonkeyPatch is MonkeyPatch
