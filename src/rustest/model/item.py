"""Tests as collected: the function as written, its cases, and the collection as a whole."""

from collections.abc import Callable, Mapping
from types import CodeType, MappingProxyType

from rustest.model.calls import CallKind
from rustest.model.failure import Failure, Frame
from rustest.model.fixtures import FixtureDef, FixtureParam
from rustest.model.ids import make_id
from rustest.model.marks import Mark
from rustest.model.output import Output
from rustest.model.record import NamedTuple

NO_PARAMS: Mapping[str, FixtureParam] = MappingProxyType({})


class TestFunction(NamedTuple):
    """A test as it is written: one `def`, before `parametrize` multiplies it."""

    file: str
    """The path below the root folder, with forward slashes."""
    classes: tuple[str, ...]
    """Names of the classes around it, outermost first."""
    name: str
    func: Callable[..., object]
    """The plain function; a method is called on a new instance of `cls`."""
    cls: type | None
    kind: CallKind
    arguments: tuple[str, ...]
    """Names of the fixtures and parameters that it asks for, without `self`."""
    marks: tuple[Mark, ...]
    """Nearest first: the function's own, then its classes', then its module's."""
    line: int
    make_instance: Callable[[], object] | None = None
    """What makes the instance, where that takes more than calling `cls`."""
    only_asked: bool = False
    """Whether `autouse` is nothing to it: it has the fixtures that it asks for, and no others."""

    @property
    def where(self) -> str:
        """File and line, as messages have them."""
        return f"{self.file}:{self.line}"

    @property
    def place(self) -> Frame:
        """Where it is written."""
        code: object = getattr(self.func, "__code__", None)
        return Frame(code.co_filename if isinstance(code, CodeType) else self.file, self.line, self.name)


class Case(NamedTuple):
    """One case of a parametrized test: pytest's callspec."""

    id: str | None
    """None where nothing stands for it in the node id."""
    names: tuple[str, ...]
    values: tuple[object, ...]
    """What goes straight to the test's arguments of those names, of which all cases have the one tuple."""
    indirect: Mapping[str, FixtureParam]
    """What goes to fixtures as `request.param`, by fixture name: of `indirect` ones and of parametrized fixtures."""
    marks: tuple[Mark, ...]
    wide: Mapping[str, FixtureParam] = NO_PARAMS
    """Those of `values` that were given a scope, in which tests with the same value are brought together."""

    def direct(self) -> dict[str, object]:
        """The values that go straight to the test's arguments, by name."""
        names, values = self.names, self.values
        if len(names) == 1:
            return {names[0]: values[0]}
        return dict(zip(names, values))  # noqa: B905 - `strict` takes longer than the rest


NO_CASE = Case(None, (), (), NO_PARAMS, ())
"""What stands for the case of a test that is not parametrized, where it is given one for its name's sake."""
_BARE = (Mark("asyncio"),)
IN_ORDER_FOR = "in_order_for"
"""The keyword of a `serial` mark that nobody has written: it names the plugin for which it is there."""


class Item(NamedTuple):
    """One test to run: a function, or one case of it."""

    id: str
    function: TestFunction
    case: Case | None
    marks: tuple[Mark, ...]
    """Nearest first: the case's own, then the function's marks."""

    @property
    def is_async(self) -> bool:
        """Whether the body needs an event loop."""
        return self.function.kind.is_async

    def is_plain(self) -> bool:
        """Whether it has no mark, or none but a bare `asyncio`, which says nothing more of an async test."""
        return not self.marks or self.marks == _BARE

    @property
    def runs_alone(self) -> bool:
        """Whether a bare `serial` mark asks that nothing else be in flight."""
        return any(not mark.args for mark in self.marked("serial"))

    @property
    def in_order_for(self) -> str:
        """The plugin that wants it alone, after all tests of its file that stand before it; empty without one."""
        return next((str(mark.kwargs[IN_ORDER_FOR]) for mark in self.marked("serial") if mark.kwargs), "")

    def marked(self, name: str) -> list[Mark]:
        """Its marks of that name, nearest first."""
        return [mark for mark in self.marks if mark.name == name]

    def is_like(self, other: "Item") -> bool:
        """Whether what planning decides for the other holds for it as well: they ask for the same at one place.

        Of cases, which may have values and marks of their own, it does not tell.
        """
        (_, function, case, marks), (_, last, other_case, other_marks) = self, other
        if case or other_case or function.arguments != last.arguments:
            return False
        if (marks or other_marks) and not (all(mark.name == "asyncio" for mark in marks) and marks == other_marks):
            return False
        return function.file is last.file and function.classes is last.classes and function.kind is last.kind

    def renamed(self, case_id: str | None) -> "Item":
        """The same test, with that id for its case."""
        function, case = self.function, self.case or NO_CASE
        node_id = make_id(function.file, function.classes, function.name, case_id)
        return self._replace(id=node_id, case=case._replace(id=case_id))


class Problem(NamedTuple):
    """Something that keeps a file or a test from running: it is reported, and the rest runs."""

    where: str
    """The node id of the file, class or test."""
    failure: Failure
    output: tuple[Output, ...] = ()
    """What a file printed and logged while it was imported."""
    only_here: bool = False
    """Whether pytest would collect it all the same."""


class SkippedFile(NamedTuple):
    """A test file that skips itself while it is imported, or that its conftest skips."""

    file: str
    """The path below the root folder, with forward slashes."""
    reason: str


class Harvest(NamedTuple):
    """What one file holds, in the order of its source."""

    functions: tuple[TestFunction, ...]
    fixtures: tuple[FixtureDef, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[SkippedFile, ...] = ()
    """What says of itself, while it is gone through, that it is to be skipped."""


NO_HARVEST = Harvest((), (), ())


class Wanted(NamedTuple):
    """What the user named in one file, where it was not the whole file."""

    file: str
    names: frozenset[str]
    """As node ids go on after the file: `TestC::test_y[case]`, or a part of that which holds several tests."""


class Collection(NamedTuple):
    """All that was found, in the order in which it stands in the tree."""

    items: tuple[Item, ...]
    """A test whose fixtures have params stands here once: only planning knows its fixtures."""
    fixtures: tuple[FixtureDef, ...]
    problems: tuple[Problem, ...] = ()
    skipped_files: tuple[SkippedFile, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    """The files in which only some tests are wanted; their other items are still there."""
    files: tuple[str, ...] = ()
    """Those that were read, by their paths below the root folder."""
    passed_over: int = 0
    """How many were not, because nobody wants what they hold."""
