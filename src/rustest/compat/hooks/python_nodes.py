"""The tree of tests as hooks know it, where it is Python code: files that are modules, and classes."""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from rustest.collect.fixtures import declaration_of
from rustest.collect.members import class_members, member_of, module_members, own_marks
from rustest.collect.rules import is_concrete, make_rules
from rustest.compat.hooks.nodes import Collector, File, Node

if TYPE_CHECKING:
    from rustest.compat.hooks.functions import Function


class PyCollector(Collector):
    """A place in Python code."""

    def __init__(self, name: str, parent: Collector | None = None, obj: object = None, **place: Any) -> None:
        super().__init__(name, parent, **place)
        self._obj = obj

    @property
    def obj(self) -> Any:
        """The module or class, found when somebody asks."""
        if self._obj is None:
            self._obj = self._getobj()
            self.own_markers = [*self.own_markers, *own_marks(self._obj)]
        return self._obj

    @obj.setter
    def obj(self, obj: object) -> None:
        self._obj = obj

    def _getobj(self) -> object:
        """Find it: what kinds of hooks' own do in a way of their own."""
        return None

    @property
    def module(self) -> Any:
        """The module that it is, or stands in."""
        return self.getparent(Module).obj

    @property
    def cls(self) -> object:
        """The class that it is, or stands in; None where it is in none."""
        return None

    def funcnamefilter(self, name: str) -> bool:
        """Whether functions of that name are tests."""
        return make_rules(self.config.settings).names_function(name)

    def classnamefilter(self, name: str) -> bool:
        """Whether classes of that name hold tests."""
        return make_rules(self.config.settings).is_test_class(name, object)

    def istestfunction(self, obj: object, name: str) -> bool:
        """Whether that is a test."""
        is_one = self.funcnamefilter(name) or make_rules(self.config.settings).is_test(name, obj)
        return is_one and callable(obj) and declaration_of(member_of(name, obj, None)) is None

    def istestclass(self, obj: type, name: str) -> bool:
        """Whether that class holds tests."""
        is_one = self.classnamefilter(name) or make_rules(self.config.settings).is_test_class(name, obj)
        return is_one and is_concrete(obj)

    def collect(self) -> Iterable[Node]:
        """What hooks make of all that stands there, and what they leave to its names."""
        self.session.known_fixtures.parsefactories(self)
        for name, thing in self._members():
            made = self.ihook.pytest_pycollect_makeitem(collector=self, name=name, obj=thing)
            if made is None:
                yield from self._by_name(name, thing)
            else:
                yield from cast("list[Node]", made) if isinstance(made, list) else (made,)

    def _members(self) -> Iterable[tuple[str, object]]:
        return class_members(self.obj) if isinstance(self.obj, type) else module_members(self.obj)

    def _by_name(self, name: str, thing: object) -> Iterator[Node]:
        if isinstance(thing, type):
            if self.istestclass(thing, name):
                yield Class(name, self, thing)
        elif self.istestfunction(thing, name):
            yield from self._genfunctions(name, thing)

    def _genfunctions(self, name: str, funcobj: object) -> "Iterator[Function]":
        """The test that a function is, which `parametrize` multiplies later."""
        from rustest.compat.hooks.functions import Function

        yield from self.session.tests_of(Function(name, self, callobj=funcobj))


class Module(File, PyCollector):
    """A test file."""

    def _getobj(self) -> object:
        return self._importtestmodule()

    def _importtestmodule(self) -> ModuleType | None:
        """The module that the file has become by now, or becomes."""
        return self.session.import_file(str(self.path)) if self.path.suffix == ".py" else None


class DoctestModule(Module):
    """A Python file that is read for the examples in its docstrings."""


class DoctestTextfile(Module):
    """A text that is read for its examples."""


class Class(PyCollector):
    """A class of tests."""

    def _getobj(self) -> object:
        """What its parent has by that name."""
        return getattr(cast("PyCollector", self.parent).obj, self.name, None)

    @property
    def cls(self) -> object:
        """The class that it is."""
        return self.obj
