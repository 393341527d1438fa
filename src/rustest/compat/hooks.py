"""The hooks of `conftest.py` files and plugins, called by the stages of a run with the pytest door open."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from rustest.collect.conftest import Conftests
from rustest.collect.errors import CollectError
from rustest.collect.fixtures import conftest_fixtures
from rustest.collect.importer import Importer
from rustest.compat.config import Config
from rustest.compat.option_parser import Parser
from rustest.compat.tree import Tree
from rustest.model.errors import UsageError
from rustest.model.failure import Phase
from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.hooks import Bracket, Hooks, PhaseEnd
from rustest.model.item import Item, Problem, TestFunction
from rustest.model.node import RunConfig, TestNode
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from rustest.compat.collecting import Collecting
    from rustest.compat.plugins import Plugins
    from rustest.compat.runtest import RunTest

RUN_HOOKS = (
    *(f"pytest_runtest_{name}" for name in ("protocol", "logstart", "setup", "call", "teardown", "logfinish")),
    *("pytest_runtest_makereport", "pytest_runtest_logreport", "pytest_pyfunc_call", "pytest_exception_interact"),
)
"""The hooks that are called while tests run."""


class PytestHooks(Hooks):
    """Knows the plugins of a run, and calls their hooks; without any hook, pluggy is never loaded."""

    def __init__(self, settings: Settings) -> None:
        assert settings.pytest is not None
        self.parser = Parser()
        self.settings = settings
        self._modules: dict[str, ModuleType] = {}
        """Plugins and conftest files by their names, in the order in which they came."""
        self._plugins: Plugins | None = None
        self._config = Config(settings, settings.pytest, self.parser, self.open_plugins)
        self._tree = Tree(self._config)
        self._runtest: RunTest | None = None
        self._collecting: Collecting | None = None

    # --- plugins --------------------------------------------------------------------------------------------

    def open_plugins(self) -> "Plugins":
        """The registry, made when it is first needed, with all that came before."""
        if self._plugins is None:
            from rustest.compat.plugins import Plugins

            self._plugins = plugins = Plugins(self.load, lambda name: None)
            plugins.hook.pytest_addhooks.call_historic(kwargs={"pluginmanager": plugins})
            plugins.hook.pytest_addoption.call_historic(kwargs={"parser": self.parser, "pluginmanager": plugins})
            for name, module in self._modules.items():
                plugins.register(module, name)
        return self._plugins

    def add_plugin(self, module: ModuleType, name: str) -> None:
        """Take in a plugin or conftest, and the plugins that it names."""
        if name in self._modules:
            return
        self._modules[name] = module
        if self._plugins is not None:
            self._plugins.register(module, name)
        elif _has_hooks(module):
            self.open_plugins()
        for other in plugin_names(module):
            self.load(other)

    def load(self, name: str) -> None:
        """Load a plugin by its name; raises UsageError if there is none."""
        from importlib import import_module

        try:
            self.add_plugin(import_module(name), name)
        except ImportError as error:
            raise UsageError(f"plugin {name!r} cannot be imported: {error}") from error

    def add_conftest(self, module: ModuleType, path: str) -> None:
        """Take in the hooks of a conftest that was just imported."""
        self.add_plugin(module, path)

    def fixtures(self) -> tuple[FixtureDef, ...]:
        """Those that plugins bring along."""
        found: list[FixtureDef] = []
        for name, module in self._modules.items():
            if not os.path.isabs(name):  # the path of a conftest, whose fixtures are those of its folder
                try:
                    found += conftest_fixtures(module, BUILTIN, self.settings.rootdir)
                except CollectError as error:
                    raise UsageError(f"plugin {name}: {error}") from error
        return tuple(found)

    # --- the run --------------------------------------------------------------------------------------------

    def configure(self, importer: Importer) -> Settings:
        """Load what comes before the tests, settle the settings, and let hooks know that the run begins."""
        self._load_initial_conftests(importer)
        pytest = self.settings.pytest
        assert pytest is not None
        if pytest.reread is not None:
            self.settings = pytest.reread(self.parser.extend, tuple(self.parser.ini))
        self._settle()
        if self._plugins is not None:
            self._plugins.hook.pytest_configure.call_historic(kwargs={"config": self._config})
            self._plugins.hook.pytest_sessionstart(session=self._tree.session)
            self.settings = _with_lines(self.settings, self._config.added())
            self._settle()
        return self.settings

    def _settle(self) -> None:
        assert self.settings.pytest is not None
        self._config.settle(self.settings, self.settings.pytest)

    def _load_initial_conftests(self, importer: Importer) -> None:
        conftests = Conftests(self.settings, importer, self)
        for folder in _initial_folders(self.settings):
            conftests.enter(folder)

    @property
    def modifies(self) -> bool:
        """Whether there are hooks at all."""
        return self._plugins is not None

    def finish(self, exitstatus: int) -> None:
        """Let hooks know that the last test has ended."""
        if self._plugins is not None:
            self._plugins.hook.pytest_sessionfinish(session=self._tree.session, exitstatus=exitstatus)

    def close(self) -> None:
        """Let hooks know that the run has ended."""
        if self._plugins is not None:
            self._plugins.hook.pytest_unconfigure(config=self._config)
        self._config.clean_up()

    # --- what stages ask ------------------------------------------------------------------------------------

    def config(self, settings: Settings) -> RunConfig:
        """The run as fixtures and hooks see it."""
        return self._config

    def node(self, item: Item, config: RunConfig) -> TestNode:
        """The test as fixtures and hooks see it: one and the same through the whole run."""
        return self._tree.node(item)

    def add_module(self, module: ModuleType, path: str) -> None:
        """Take in what a test file asks for that was just imported."""
        self._tree.add_module(path, module)
        for name in plugin_names(module):
            self.load(name)

    def ignores(self, path: str) -> bool:
        """Whether that file or folder is to be left out."""
        if self._collecting is None:
            from rustest.compat.collecting import Collecting

            self._collecting = Collecting(self._config, self._modules)
        return self._collecting.ignores(path, self._plugins)

    def generate(self, function: TestFunction, fixtures: Iterable[FixtureDef]) -> TestFunction | Problem:
        """The test with the `parametrize` marks that hooks give it, which sees these fixtures."""
        if self._plugins is None and not self._tree.has_generator(function):
            return function
        from rustest.compat.metafunc import generate

        return generate(function, fixtures, self._tree, self.open_plugins())

    def name_value(self, value: object, argument: str) -> str | None:
        """What stands for a value in node ids; None where no hook has a word on it."""
        if self._plugins is None:
            return None
        hook = self._plugins.hook.pytest_make_parametrize_id
        given: object = hook(config=self._config, val=value, argname=argument)
        return None if given is None else str(given)

    @property
    def surrounds_tests(self) -> bool:
        """Whether any hook is to be called while tests run."""
        return self._plugins is not None and self._plugins.implements(*RUN_HOOKS)

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
            from rustest.compat.runtest import RunTest

            self._runtest = RunTest(self.open_plugins(), self._tree.session)
        return self._runtest

    def loop_factories(self, item: Item) -> Mapping[str, Callable[[], object]] | None:
        """What makes the loops on which an async test runs, once for each, by name; None where no hook says."""
        if self._plugins is None or not self._plugins.implements("pytest_asyncio_loop_factories"):
            return None
        asked = self._plugins.hook.pytest_asyncio_loop_factories
        found: Mapping[str, Callable[[], object]] | None = asked(config=self._config, item=self._tree.node(item))
        return found

    def modify(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The tests to run, as hooks leave them: in their order, with their marks."""
        if self._plugins is None:
            return items
        hook, session = self._plugins.hook, self._tree.session
        nodes: list[Any] = [self._tree.node(item) for item in items]
        for node in nodes:
            hook.pytest_itemcollected(item=node)
        session.testscollected = len(nodes)
        hook.pytest_collection_modifyitems(session=session, config=self._config, items=nodes)
        session.items = nodes
        hook.pytest_collection_finish(session=session)
        return tuple(node.settle() for node in nodes)


def _has_hooks(module: ModuleType) -> bool:
    return any(name.startswith("pytest_") and isinstance(found, FunctionType) for name, found in vars(module).items())


def plugin_names(module: ModuleType) -> list[str]:
    """The plugins that a module asks for by `pytest_plugins`; raises UsageError where that is none of its kind."""
    found = vars(module).get("pytest_plugins", ())
    if isinstance(found, str):
        return [name.strip() for name in found.split(",") if name.strip()]
    if isinstance(found, ModuleType) or not isinstance(found, list | tuple | set):
        raise UsageError(f"pytest_plugins of {module.__name__} is {found!r}, expected the names of modules")
    return [str(name) for name in found]


def _initial_folders(settings: Settings) -> Iterator[str]:
    """The folders whose conftests may bring options: of what the command line names, and `test*` folders below."""
    from glob import glob

    from rustest.model.folders import folders_of

    folders = folders_of(settings.paths)
    if not settings.paths:
        folders = folders_of(os.path.join(settings.rootdir, path) for path in settings.testpaths)
    for folder in dict.fromkeys(folders or [os.getcwd()]):
        yield folder
        yield from sorted(path for path in glob(os.path.join(folder, "test*")) if os.path.isdir(path))


def _with_lines(settings: Settings, added: "Any") -> Settings:
    """The settings with what hooks have added to them."""
    return settings._replace(
        markers=(*settings.markers, *added.get("markers", ())),
        filterwarnings=(*settings.filterwarnings, *added.get("filterwarnings", ())),
        usefixtures=(*settings.usefixtures, *added.get("usefixtures", ())),
    )


@contextmanager
def opened_hooks(settings: Settings, importer: Importer) -> Iterator[tuple[PytestHooks, Settings]]:
    """The hooks of a run with the pytest door open, and its settings once plugins are known."""
    hooks = PytestHooks(settings)
    try:
        yield hooks, hooks.configure(importer)
    finally:
        hooks.close()
