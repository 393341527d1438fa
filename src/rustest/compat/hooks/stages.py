"""The hooks of `conftest.py` files and plugins, called by the stages of a run with the pytest door open."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from io import StringIO
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

from rustest.collect.discover import node_path
from rustest.compat.config import Config
from rustest.compat.hooks.calling import call_hook
from rustest.compat.hooks.table import COLLECTING, RUN_HOOKS
from rustest.compat.hooks.terminal import TerminalReporter
from rustest.compat.hooks.tree import Tree
from rustest.compat.plugins.hypothesis_tests import marked
from rustest.compat.plugins.loading import PluginLoader
from rustest.compat.plugins.one_at_a_time import keep_in_sequence
from rustest.compat.settings.option_names import pytest_options
from rustest.compat.settings.option_parser import Parser
from rustest.model.errors import Exit
from rustest.model.failure import Phase
from rustest.model.fixtures import ASKED_FIRST, FixtureDef
from rustest.model.hooks import NOT_READ, Bracket, Hooks, NameValue, PhaseEnd, Reading, Reporter, TakeLate
from rustest.model.item import Harvest, Item, Problem, TestFunction
from rustest.model.node import RunConfig, TestNode
from rustest.model.pytest_settings import PytestSettings
from rustest.model.settings import Settings
from rustest.model.worker_names import Seat

if TYPE_CHECKING:
    from rustest.compat.hooks.claims import Claims
    from rustest.compat.hooks.collecting import Collecting
    from rustest.compat.hooks.runtest import RunTest
    from rustest.compat.plugins.capture_manager import CaptureManager


class PytestHooks(Hooks):
    """Knows the plugins of a run, and calls their hooks; without any hook, pluggy is never loaded."""

    ends_run = (Exit, KeyboardInterrupt)

    def __init__(self, settings: Settings) -> None:
        pytest = settings.pytest or PytestSettings(settings.rootdir)
        self.settings = settings
        self.loader = PluginLoader(Parser(pytest_options(settings)), self._own_plugin)
        self.run_config = Config(settings, pytest, self.loader.parser, self.loader.open)
        self.tree = Tree(self.run_config)
        self.terminal = TerminalReporter(self.run_config, StringIO())
        self._runtest: RunTest | None = None
        self._collecting: Collecting | None = None

    def _own_plugin(self, name: str) -> object | None:
        if name == "capturemanager":
            return self._capture_manager
        return self.terminal if name == "terminalreporter" else None

    @cached_property
    def _capture_manager(self) -> "CaptureManager":
        from rustest.compat.plugins.capture_manager import CaptureManager

        return CaptureManager()

    @property
    def hook(self) -> Any:
        """The hooks, to call them; None where there are none."""
        return None if self.loader.plugins is None else self.loader.plugins.hook

    def reporter(self, stream: TextIO | None, status: Callable[[], int]) -> Reporter | None:
        """Who calls the hooks of the run's begin and end, and lets them print there."""
        from rustest.compat.hooks.run_end import RunEnd

        return RunEnd(self, StringIO() if stream is None or self.settings.llm else stream, status)

    def tell(self) -> tuple[str, ...]:
        """What to say of plugins and hooks that have no effect."""
        from rustest.compat.plugins.replacements import tell

        return (
            *self.loader.tell(self.settings.rootdir, has_workers=bool(self.settings.workers)),
            *tell(self.run_config),
        )

    def fixtures(self) -> tuple[FixtureDef, ...]:
        """Those that plugins bring along, and what stands for hooks around tests when their effects are looked for."""
        found = self.loader.fixtures(self.settings.rootdir, self.name_value)
        if self.loader.plugins is None:
            return found
        from rustest.compat.hooks.carriers import carriers

        return (*found, *carriers(self.loader.plugins, self.settings.rootdir))

    def around_set_ups(self, fixtures: tuple[FixtureDef, ...]) -> tuple[FixtureDef, ...]:
        """The fixtures, with what hooks do around their set-ups."""
        if self.loader.plugins is None or not self.loader.plugins.implements("pytest_fixture_setup"):
            return fixtures
        from rustest.compat.hooks.carriers import is_carrier
        from rustest.compat.hooks.fixture_setup import surrounded
        from rustest.compat.hooks.lazy_values import with_lazy_params

        return tuple(
            one if is_carrier(one) or one.name in ASKED_FIRST else with_lazy_params(surrounded(one)) for one in fixtures
        )

    def add_conftest(self, module: ModuleType, path: str) -> None:
        """Take in the hooks of a conftest that was just imported."""
        self.loader.add(module, path)

    def config(self, settings: Settings) -> RunConfig:
        """The run as fixtures and hooks see it."""
        return self.run_config

    def node(self, item: Item) -> TestNode:
        """The test as fixtures and hooks see it: one and the same through the whole run."""
        return self.tree.node(item)

    def before_import(self, path: str) -> None:
        """Take note of a test file that is about to be imported."""
        if self._collects:
            self.claims.before_import(path)

    def add_module(self, module: ModuleType, path: str, *, is_test: bool) -> None:
        """Take in what a file asks for that was just imported; one that is no test file is read for its doctests."""
        self.tree.add_module(path, module)
        self.loader.load_named(module)
        if is_test and self._collects:
            self.claims.members(path, module)

    def every_file(self) -> Sequence[str]:
        """The paths of all files of the run in order, if a hook may make something of any; else none."""
        return self.claims.every_file(()) if self._collects else ()

    def late_files(self, conftests: Sequence[str]) -> Iterator[str | Problem]:
        """The same for hooks that have come to light since, and what hooks would have that nobody runs."""
        unread = [path for path in conftests if path not in self.loader.modules]
        if unread or self._collects:
            yield from self.claims.every_file(unread)
            yield from self.claims.problems()

    def reading(self, path: str) -> Reading:
        """What hooks want that file to be read for."""
        return self.claims.reading(path) if self._collects else NOT_READ

    @property
    def _collects(self) -> bool:
        """Whether there are hooks that may collect."""
        return self.loader.plugins is not None and self.loader.plugins.implements(*COLLECTING)

    @cached_property
    def claims(self) -> "Claims":
        """What hooks would collect."""
        from rustest.compat.hooks.claims import Claims

        return Claims(self.tree, self.loader)

    def ignores(self, path: str) -> bool:
        """Whether that file or folder is to be left out."""
        if self._collects and self.claims.leaves_out(path):
            return True
        if self._collecting is None:
            from rustest.compat.hooks.collecting import Collecting

            self._collecting = Collecting(self.run_config, self.loader.modules)
        return self._collecting.ignores(path, self.loader.plugins)

    def harvested(
        self, found: Harvest, path: str, fixtures: tuple[FixtureDef, ...], module: ModuleType | None
    ) -> Harvest:
        """What a file holds, with what hooks have made of it; `fixtures` are those of its conftest files."""
        if not self._collects:
            return found
        self.tree.name_value = self.name_value
        file = node_path(path, self.settings.rootdir)
        self.tree.add_fixtures(file, (*self.fixtures(), *fixtures, *found.fixtures))
        return self.claims.harvested(found, path, module)

    def generate(
        self, functions: Sequence[TestFunction], fixtures: Iterable[FixtureDef]
    ) -> Sequence[TestFunction | Problem]:
        """The tests of a file with the `parametrize` marks that hooks give them; they see these fixtures."""
        if functions:
            self.tree.add_fixtures(functions[0].file, fixtures)
        if "hypothesis" in sys.modules:
            functions = [*map(marked, functions)]
        if self.loader.plugins is None and not any(map(self.tree.has_generator, functions)):
            return functions
        from rustest.compat.hooks.metafunc import generate
        from rustest.compat.hooks.own_items import is_node

        plugins = self.loader.open()
        return [one if is_node(one) else generate(one, fixtures, self.tree, plugins) for one in functions]

    @property
    def name_value(self) -> NameValue | None:
        """What gives the text that stands for a value in node ids; None where no hook has a word on it."""
        if self.loader.plugins is None:
            return None
        hook = self.loader.plugins.hook.pytest_make_parametrize_id

        def name_value(value: object, argument: str) -> str | None:
            given: object = hook(config=self.run_config, val=value, argname=argument)
            return None if given is None else str(given)

        return name_value

    def compare(self, op: str, left: object, right: object) -> list[str]:
        """What hooks have to say of a comparison that has failed."""
        if self.loader.plugins is None:
            return []
        from rustest.compat.hooks.comparing import compare

        return compare(self.loader.plugins, self.run_config, op, left, right)

    @property
    def surrounds_tests(self) -> bool:
        """Whether any hook is to be called while tests run."""
        return self.loader.plugins is not None and self.loader.plugins.implements(*RUN_HOOKS, "pytest_terminal_summary")

    def skipped(self, item: Item, why: BaseException) -> None:
        """Tell hooks of a test that is known not to run, as if its set-up had said so."""
        call_hook("a hook", lambda: self._run_hooks().skip(self.tree.node(item), why))

    def surround(self, node: TestNode) -> Bracket:
        """What is to happen around the whole test."""
        return self._run_hooks().surround(node)

    def bracket(self, phase: Phase, node: TestNode) -> Bracket:
        """What is to happen around that phase of the test."""
        return self._run_hooks().bracket(phase, node)

    def report(self, node: TestNode, end: PhaseEnd) -> BaseException | None:
        """Tell how a phase of the test has ended, and hear with what it has after all."""
        return self._run_hooks().report(node, end)

    def _run_hooks(self) -> "RunTest":
        if self._runtest is None:
            from rustest.compat.hooks.runtest import RunTest

            self._runtest = RunTest(self.loader.open(), self.tree.session, self.terminal)
        return self._runtest

    def loop_factories(self, item: Item) -> Mapping[str, Callable[[], object]] | None:
        """What makes the loops on which an async test runs, once for each, by name; None where no hook says."""
        if self.loader.plugins is None or not self.loader.plugins.implements("pytest_asyncio_loop_factories"):
            return None
        node = self.tree.node(item)
        found: Mapping[str, Callable[[], object]] | None = node.ihook.pytest_asyncio_loop_factories(
            config=self.run_config, item=node
        )
        return found

    @property
    def modifies(self) -> bool:
        """Whether there are hooks at all."""
        return self.hook is not None

    def modify(self, items: tuple[Item, ...], take: TakeLate) -> tuple[Item, ...]:
        """The tests to run, as hooks leave them: in their order, with their marks; `take` has a word on new ones."""
        from rustest.compat.hooks.late_tests import LateTests

        session, late = self.tree.session, LateTests(self.tree, self, take)
        nodes: list[Any] = [self.tree.node(item).renewed(item) for item in items]
        self._tell_starts(nodes)
        for node in nodes:
            call_hook("pytest_itemcollected", partial(node.ihook.pytest_itemcollected, item=node))
        session.testscollected = len(nodes)
        session.tests_of = late.tests_of
        arguments = {"session": session, "config": self.run_config, "items": nodes}
        call_hook(name := "pytest_collection_modifyitems", lambda: getattr(self.hook, name)(**arguments))
        session.items = list(dict.fromkeys(late.known(nodes)))
        settled = (node.settle() for node in session.items)
        return keep_in_sequence(settled, self.loader.modules, self.run_config)

    def _tell_starts(self, nodes: Iterable[Any]) -> None:
        """Let hooks know the folders, files and classes that hold tests, the outer ones first."""
        if self.loader.open().implements("pytest_collectstart"):
            for place in dict.fromkeys(above for node in nodes for above in node.listchain()[:-1]):
                call_hook("pytest_collectstart", partial(place.ihook.pytest_collectstart, collector=place))

    @property
    def deselected(self) -> int:
        """How many tests hooks say that they have left out."""
        return self.loader.plugins.own.deselected if self.loader.plugins is not None else 0

    def enter_worker(self, seat: Seat) -> None:
        """Let plugins know that this process is a worker, and have those hear nothing that hear it elsewhere."""
        self.run_config.enter_worker(seat)
        if self.loader.plugins is not None:
            self.loader.plugins.hush(self.run_config.asked_for_worker)

    def finish_collection(self, items: Iterable[Item]) -> None:
        """Let hooks know which tests will run."""
        if self.hook is not None:
            self.tree.session.items = [self.tree.node(item) for item in items]
            finish = partial(self.hook.pytest_collection_finish, session=self.tree.session)
            call_hook("pytest_collection_finish", finish)
