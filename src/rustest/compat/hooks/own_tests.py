"""Tests that hooks collect on nodes of their own making: from such a node down to what it holds."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from rustest.authoring.exception_info import ExceptionInfo
from rustest.collect.errors import CollectError, problem_of
from rustest.collect.fixtures import fixtures_in
from rustest.collect.harvest import Holder, Reader
from rustest.collect.members import own_marks
from rustest.collect.rules import make_rules, makes_itself
from rustest.collect.unittest_cases import as_case
from rustest.collect.xunit import Spot, class_fixtures, fixture_around
from rustest.compat.hooks.functions import Function
from rustest.compat.hooks.items import Item
from rustest.compat.hooks.nodes import Collector, File, Node, OwnNodeError
from rustest.compat.hooks.own_items import REQUEST, around_collector, around_item, has_set_up
from rustest.compat.hooks.python_nodes import Class, PyCollector
from rustest.model.errors import Exit, Skipped, skip_of
from rustest.model.failure import Failure, Phase, describe, problem
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR
from rustest.model.item import Harvest, Problem, SkippedFile, TestFunction
from rustest.model.marks import Mark

if TYPE_CHECKING:
    from rustest.compat.hooks.tree import Tree
    from rustest.model.hooks import NameValue


class OwnTests:
    """Goes through what hooks have made of one file, and keeps the tests, fixtures and problems that it finds."""

    def __init__(self, tree: "Tree", name_value: "NameValue | None") -> None:
        self._tree = tree
        self._rules = make_rules(tree.config.settings)
        self._name_value = name_value
        self._functions: list[TestFunction] = []
        self._fixtures: dict[str, FixtureDef] = {}
        self._problems: list[Problem] = []
        self._skipped: list[SkippedFile] = []
        self._refused: list[tuple[str, OwnNodeError]] = []
        self._around: dict[Collector, str] = {}
        """By collector the name of the fixture that sets it up."""

    def harvest(self) -> Harvest:
        """What was found so far."""
        return Harvest(
            tuple(self._functions), tuple(self._fixtures.values()), tuple(self._problems), tuple(self._skipped)
        )

    def add(self, made: object) -> None:
        """Add what a hook has made, or all that a collector holds."""
        if isinstance(made, list | tuple):
            for one in cast("Iterable[object]", made):
                self.add(one)
        elif isinstance(made, Function):
            self._add_written(made, made.written)
        elif isinstance(made, Class) and (as_case(made.obj) is not None or makes_itself(made.obj)):
            self._add_written(made, made.obj)
        elif isinstance(made, Item):
            self._add_item(made)
        elif isinstance(made, Collector):
            self._enter(made)
        elif made is not None:
            raise TypeError(f"collected {made!r}, which is neither a test nor a collector")

    def _enter(self, collector: Collector) -> None:
        self._open(collector)
        try:
            for held in collector.collect():
                self._add_parsed()
                self.add(held)
            self._add_parsed()
        except Exit:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            self._stop_at(collector, error)

    def _open(self, collector: Collector) -> None:
        """Let a collector stand in the tree, with what its class sets up."""
        if self._tree.put(collector) and isinstance(collector, Class):
            spot = Spot(".".join(_names(collector)), collector.nodeid, self._tree.config.settings.rootdir)
            self._fixtures.update((fixture.key, fixture) for fixture in class_fixtures(collector.obj, spot))

    def take_refused(self) -> Iterable[tuple[str, OwnNodeError]]:
        """The node ids of what holds tests that cannot be run here, with the reason, since this was last asked."""
        refused, self._refused = self._refused, []
        return refused

    def _add_parsed(self) -> None:
        """Add the fixtures of what a collector has had read for some."""
        parsed, rootdir = self._tree.session.parsed, self._tree.config.settings.rootdir
        while parsed:
            thing, place = parsed.pop(0)
            found = fixtures_in(thing, place, rootdir, self._name_value)
            self._fixtures.update((fixture.key, fixture) for fixture in found)

    def _stop_at(self, collector: Collector, error: BaseException) -> None:
        skip = skip_of(error) or error
        if isinstance(error, OwnNodeError):
            self._refused.append((collector.nodeid, error))
        elif isinstance(error, CollectError):
            self._problems.append(problem_of(error, collector.nodeid))
        elif isinstance(skip, Skipped):
            self._skipped.append(SkippedFile(collector.nodeid, skip.reason))
        else:
            self._problems.append(Problem(collector.nodeid, _failure_of(collector, error)))

    # --- tests -----------------------------------------------------------------------------------------------

    def _add_item(self, item: Item) -> None:
        node_id = self._tree.put_item(item)
        written = item.settle().function
        file = written.file
        around = [around_item(item, file)] if has_set_up(item) else []
        self._fixtures.update((fixture.key, fixture) for fixture in around)
        outer = (self._set_up_of(above) for above in item.listchain() if isinstance(above, Collector))
        names = (*filter(None, outer), *self._tree.plannable(item, file), *(one.name for one in around), REQUEST)
        self._functions.append(
            written._replace(
                name=node_id.removeprefix(f"{cast('Collector', item.parent).nodeid}{SEPARATOR}"),
                arguments=tuple(dict.fromkeys(names)),
                marks=item.item.marks,
                line=(item.reportinfo()[1] or 0) + 1,
            )
        )

    def _set_up_of(self, collector: Collector) -> str:
        """The name of what sets a collector up; empty where nothing does."""
        if collector not in self._around:
            name = ""
            if has_set_up(collector):
                number = sum(type(other) is type(collector) for other in self._around)
                name = f"{type(collector).__name__}.setup" + (f"_{number}" if number else "")
                around = around_collector(collector, name)
                self._fixtures[around.key] = around
            self._around[collector] = name
        return self._around[collector]

    def _add_written(self, made: Function | Class, thing: object) -> None:
        """Add a function or class, as if it stood in a module where its node does."""
        parent = cast("PyCollector", made.parent)
        for above in parent.listchain():
            if isinstance(above, PyCollector):
                self._open(above)
        self._add_parsed()
        reader, holder = self._reader(parent)
        reader.take_test(made.nodeid.removeprefix(f"{parent.nodeid}{SEPARATOR}"), thing, holder)
        self._take(reader.harvest(), made)

    def _take(self, found: Harvest, made: Node) -> None:
        own = tuple(made.own_markers) if isinstance(made, Item) else ()
        for function in found.functions:
            marks = tuple(mark for mark in own if not any(mark is known for known in function.marks))
            self._functions.append(function._replace(marks=(*marks, *function.marks)))
        self._fixtures.update((fixture.key, fixture) for fixture in found.fixtures)
        self._problems += found.problems

    def _reader(self, place: PyCollector) -> tuple[Reader, Holder]:
        file = cast("File", place.file)
        rootdir = self._tree.config.settings.rootdir
        reader = Reader(file.nodeid, rootdir, self._rules, str(file.path), self._name_value)
        return reader, _holder(place, file, rootdir, self._rules.marks)


def _holder(place: PyCollector, file: File, rootdir: str, everywhere: tuple[Mark, ...]) -> Holder:
    """The place of a collector, as modules and classes are read."""
    things = [(node, node.obj) for node in place.listchain() if isinstance(node, PyCollector)]
    classes = tuple(thing for _, thing in things if isinstance(thing, type))
    spot = Spot(file.path.stem, file.nodeid, rootdir)
    around = partial(fixture_around, things[0][1], spot)
    found = [mark for node, thing in reversed(things) for mark in (*node.own_markers, *_marks(thing))]
    unique = tuple({id(mark): mark for mark in (*found, *everywhere)}.values())
    cls = place.obj if isinstance(place.obj, type) else None
    return Holder(place.nodeid, classes, _names(place), unique, around, cls)


def _names(place: PyCollector) -> tuple[str, ...]:
    """The names of a collector and of those around it in its file."""
    return tuple(place.nodeid.removeprefix(cast("File", place.file).nodeid).split(SEPARATOR)[1:])


def _marks(thing: object) -> tuple[Mark, ...]:
    kinds = reversed(thing.__mro__) if isinstance(thing, type) else (thing,)
    return tuple(mark for kind in kinds for mark in own_marks(kind))


def _failure_of(collector: Collector, error: BaseException) -> Failure:
    kind = type(collector)
    if isinstance(error, collector.CollectError) or kind.repr_failure is not Collector.repr_failure:
        return problem(Phase.COLLECT, str(collector.repr_failure(ExceptionInfo(error))))
    return describe(error, Phase.COLLECT)
