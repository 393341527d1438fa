"""The test as fixtures see it: `request.node` and `request.config`."""

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping

from rustest.model.hints import TYPE_CHECKING, cast
from rustest.model.ids import split_id
from rustest.model.item import Item
from rustest.model.marks import Mark, MarkDecorator
from rustest.model.outcome import ExpectedFailure
from rustest.model.properties import NOTHING, Recorded, as_properties
from rustest.model.scope import Scope
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

_NOTHING = object()


class RunConfig:
    """The settings of the run, as fixtures see them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.suite_properties: list[tuple[str, object]] = []
        self._rootpath: Path | None = None

    @property
    def rootpath(self) -> "Path":
        """The root folder, made once: where a test has patched `os.name`, no path can be made."""
        if self._rootpath is None:
            from pathlib import Path

            self._rootpath = Path(self.settings.rootdir)
        return self._rootpath

    def getoption(self, name: str, default: object = _NOTHING) -> object:
        """The value of a setting by its key or flag, `--junit-xml` or `junit_xml`; ValueError for an unknown one."""
        value = getattr(self.settings, name.lstrip("-").replace("-", "_"), default)
        if value is _NOTHING:
            raise ValueError(f"no setting is called {name!r}")
        return value


class TestNode:
    """What a fixture may know of the test that asks for it, and add to it."""

    __test__ = False

    def __init__(self, item: Item, config: RunConfig) -> None:
        self.config = config
        self.stash: MutableMapping[object, object] = {}
        self.user_properties: list[tuple[str, object]] = []
        self.xml_attributes: list[tuple[str, object]] = []
        self.instance: object = None
        """That of its class on which the test is called, once it is made."""
        self.body: Callable[..., object] | None = None
        """What a hook wants to be called in place of the test's function."""
        self.funcargs: dict[str, object] = {}
        """What its fixtures have given, and its params, by name, for hooks to look at while it runs."""
        self.setbacks: list[BaseException] = []
        self._item = item
        self._added: list[Mark] = []
        self._finalizers: list[Callable[[], object]] = []

    @property
    def name(self) -> str:
        """The function with its case: `test_x[1]`."""
        return split_id(self._item.id).name

    @property
    def session(self) -> object:
        """The root of the tree of tests; raises AttributeError where nobody has made one: only hooks of pytest's do."""
        raise AttributeError("there is no session here: only suites of pytest's have one, see --pytest-compat")

    @property
    def originalname(self) -> str:
        """The function's name, without its case."""
        return self._item.function.name

    @property
    def nodeid(self) -> str:
        """The whole node id."""
        return self._item.id

    @property
    def path(self) -> "Path":
        """The test's file."""
        return self.config.rootpath / self._item.function.file

    @property
    def keywords(self) -> Mapping[str, object]:
        """The names by which `-k` finds it."""
        function = self._item.function
        names = (self.name, *function.classes, os.path.basename(function.file))
        return {**dict.fromkeys(names, True), **{mark.name: mark for mark in self.iter_markers()}}

    def get_closest_marker(self, name: str) -> Mark | None:
        """The nearest mark of that name."""
        return next(self.iter_markers(name), None)

    def iter_markers(self, name: str | None = None) -> Iterator[Mark]:
        """All marks, or those of that name, nearest first; what was added to the test counts as nearest."""
        for mark in (*reversed(self._added), *self._item.marks):
            if name is None or mark.name == name:
                yield mark

    def add_marker(self, marker: str | MarkDecorator) -> None:
        """Add a mark to this test alone; `xfail` and `skip` count from then on."""
        self._added.append(Mark(marker) if isinstance(marker, str) else marker.mark)

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        """Call this first when the test is torn down; of several the latest first."""
        self._finalizers.append(finalizer)

    def take_finalizers(self) -> list[Callable[[], object]]:
        """What is to be called then, the latest last."""
        taken, self._finalizers = self._finalizers, []
        return taken

    def let_go(self) -> None:
        """Keep nothing of what an attempt at the test has had."""
        self.instance = None
        self.funcargs.clear()

    def around(self, scope: Scope) -> "TestNode":
        """What spans the test in that scope; the test itself, where there is no tree of tests."""
        return self

    def take_setbacks(self) -> list[BaseException]:
        """What it has gone on after, and fails with all the same."""
        taken, self.setbacks = self.setbacks, []
        return taken

    def recorded(self) -> Recorded:
        """What the test has recorded so far."""
        if not (self.user_properties or self.xml_attributes):
            return NOTHING
        return Recorded(as_properties(self.user_properties), as_properties(self.xml_attributes))

    def expected_failure(self, planned: ExpectedFailure | None) -> ExpectedFailure | None:
        """What the test is expected to fail with, by a mark added while it ran or else by the plan."""
        for mark in reversed(self._added):
            if mark.name == "xfail" and all((*mark.args, mark.kwargs.get("condition", True))):
                return _expected_failure(mark, self.config.settings.xfail_strict)
        return planned


def _expected_failure(mark: Mark, strict: bool) -> ExpectedFailure:
    raises = mark.kwargs.get("raises")
    kinds = cast("tuple[type[BaseException], ...]", raises) if isinstance(raises, tuple) else (raises,)
    reason, strict = str(mark.kwargs.get("reason", "")), bool(mark.kwargs.get("strict", strict))
    return ExpectedFailure(reason, None if raises is None else cast("tuple[type[BaseException], ...]", kinds), strict)
