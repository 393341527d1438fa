"""Tests as hooks know them that are functions, or examples of doctests."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from rustest.collect.doctests import Doctest
from rustest.compat.hooks.items import Item
from rustest.compat.hooks.nodes import Collector, OwnNodeError
from rustest.compat.hooks.python_nodes import Module, PyCollector
from rustest.model.ids import make_id
from rustest.model.item import Case
from rustest.model.unhandled import Unhandled

if TYPE_CHECKING:
    from doctest import DocTest

    from rustest.compat.hooks.known_fixtures import LiveFixtureInfo


class CallSpec:
    """What a test is parametrized with."""

    def __init__(self, case: Case) -> None:
        self.id = case.id
        given = {name: (param.value, param.number) for name, param in case.indirect.items()}
        self.params: dict[str, object] = {name: value for name, (value, _) in given.items()}
        self.params.update(case.direct())
        self.indices = {name: number for name, (_, number) in given.items()} | dict.fromkeys(case.names, 0)
        self.marks = list(case.marks)

    def getparam(self, name: str) -> object:
        """The value of that name; raises ValueError if there is none."""
        if name not in self.params:
            raise ValueError(name)
        return self.params[name]


class WrittenTest(Item):
    """A test that rustest finds by itself."""

    def _name_in_parent(self) -> str:
        """The function with its case: `test_x[1]`."""
        function = self._item.function
        return self._item.id.removeprefix(make_id(function.file, function.classes, ""))

    @property
    def location(self) -> tuple[str, int | None, str]:
        """File, line from 0, and the dotted name in it."""
        function = self._item.function
        return function.file, function.line - 1, ".".join((*function.classes, self.name))

    def reportinfo(self) -> tuple[Path | str, int | None, str]:
        """The same with the whole path."""
        _, line, name = self.location
        return self.path, line, name


class DoctestItem(WrittenTest):
    """A test that is the examples of a docstring or text file."""

    obj = None

    @property
    def dtest(self) -> "DocTest | None":
        """The examples, as the module doctest has them."""
        body = self._item.function.func
        return body.examples if isinstance(body, Doctest) else None


class Function(WrittenTest):
    """A test that is a function or method."""

    def __init__(
        self,
        name: str,
        parent: Collector | None = None,
        callobj: object = None,
        nodeid: str | None = None,
        **others: object,
    ) -> None:
        """One that a hook has made of a function: of its parent's by that name, where none is given."""
        if type(self) is not Function:
            raise OwnNodeError(
                f"a {type(self).__name__} is a kind of pytest.Function, and rustest runs functions itself"
            )
        super().__init__(name, parent, nodeid=nodeid)
        self.written: Any = getattr(cast("PyCollector", parent).obj, name) if callobj is None else callobj
        """What rustest is to collect in its place."""

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        func = self._item.function.func
        return func.written if isinstance(func, Unhandled) else func

    @property
    def obj(self) -> Callable[..., object]:
        """The test's function, bound to its class's instance once there is one; what is put here is called instead."""
        if self.body is not None:
            return self.body
        return self.function if self.instance is None else MethodType(self.function, self.instance)

    @obj.setter
    def obj(self, body: Callable[..., object]) -> None:
        # Whoever puts it here once there is an instance has found a method that knows it.
        self.body = body if self.instance is None else _without_instance(body)

    @property
    def _fixtureinfo(self) -> "LiveFixtureInfo":
        from rustest.compat.hooks.known_fixtures import LiveFixtureInfo

        return LiveFixtureInfo(self)

    @property
    def cls(self) -> type | None:
        """The test's class."""
        return self._item.function.cls

    @property
    def module(self) -> ModuleType:
        """The test's module."""
        holder: Any = self.getparent(Module)
        return holder.obj or sys.modules[self.function.__module__]

    @property
    def callspec(self) -> CallSpec:
        """What it is parametrized with; raises AttributeError where it is not."""
        if self._item.case is None:
            raise AttributeError("callspec")
        return CallSpec(self._item.case)


def _without_instance(body: Callable[..., object]) -> Callable[..., object]:
    def call(_: object, *arguments: object, **named: object) -> object:
        return body(*arguments, **named)

    return call
