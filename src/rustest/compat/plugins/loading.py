"""Loads pytest plugins: by entry points, by name, from the environment, and as other modules ask for them."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, cast

from rustest.collect.errors import CollectError
from rustest.collect.fixtures import fixtures_in
from rustest.collect.importer import explain_asserts
from rustest.compat.hooks.calling import call_hook
from rustest.compat.plugins.entry_points import entry_points
from rustest.compat.plugins.naming import ENVIRONMENT, option_that_names, place_of_names
from rustest.compat.plugins.takeovers import TAKEOVERS, Fate, Takeover, is_part_of_pytest, takeover_of
from rustest.compat.settings.option_parser import Parser
from rustest.model.errors import UsageError
from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.hooks import NameValue
from rustest.model.pytest_settings import PytestSettings

if TYPE_CHECKING:
    from rustest.compat.plugins.registry import Plugins

_NOT_LOADED = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_BLOCK = "no:"


class PluginLoader:
    """Plugins and conftest files of a run; without any hook among them, pluggy is never loaded."""

    def __init__(self, parser: Parser, own: Callable[[str], object | None]) -> None:
        self.parser = parser
        self._own = own
        self.modules: dict[str, ModuleType] = {}
        """By name, in the order in which they came; conftest files by their paths."""
        self.plugins: Plugins | None = None
        """The registry, once there is a hook, or somebody asks for it."""
        self.taken: dict[str, None] = {}
        """The projects of plugins that were asked for by name, or are installed, and are not loaded."""
        self.notes: list[str] = []
        self._blocked: set[str] = set()
        self._fixtures: tuple[FixtureDef, ...] | None = None

    def load_all(self, pytest: PytestSettings) -> None:
        """Load what the options, the environment and the installed packages name; raises UsageError."""
        named = [name.strip() for name in _texts(pytest.options.get("plugins"))]
        self._blocked = {name.removeprefix(_BLOCK) for name in named if name.startswith(_BLOCK)}
        for name in named:
            if not name.startswith(_BLOCK):
                self.load(name, option_that_names(name, pytest))
        if not (os.environ.get(_NOT_LOADED) or pytest.options.get("disable_plugin_autoload")):
            self._load_installed()
        for name in os.environ.get(ENVIRONMENT, "").split(","):
            if name.strip():
                self.load(name.strip(), ENVIRONMENT)

    def is_blocked(self, name: str) -> bool:
        """Whether `-p no:` names it."""
        return name in self._blocked

    def _load_installed(self) -> None:
        installed = [*entry_points()]
        wanted = (found for found in installed if self._is_new(found.name) and takeover_of(found.name) is None)
        explain_asserts({_package(found.module) for found in wanted})
        for found in installed:
            name = found.name
            if self._is_loadable(name):
                try:
                    self.add(found.load(), name)
                except Exception as error:  # an installed plugin that nobody has asked for must not end the run
                    self.notes.append(
                        f"the plugin {name} of {found.package} is not used: {type(error).__name__}: {error}"
                    )

    def load(self, name: str, namer: str) -> None:
        """Load a plugin by the name of its module or of its entry point; raises UsageError if there is none.

        `namer` says in words what has named it.
        """
        if not self._is_loadable(name):
            return
        from importlib import import_module

        found = next((found for found in entry_points() if found.name == name), None)
        try:
            explain_asserts({_package(found.module) if found else name})
            self.add(found.load() if found else import_module(name), name)
        except ImportError as error:
            which = f"plugin {name!r} of {found.package}" if found else f"plugin {name!r}"
            raise UsageError(f"{which}, named by {namer}, cannot be imported: {error}") from error

    def _is_new(self, name: str) -> bool:
        return not (name in self.modules or name in self._blocked or is_part_of_pytest(name))

    def _is_loadable(self, name: str) -> bool:
        if not self._is_new(name):
            return False
        takeover = takeover_of(name)
        if takeover is None:
            return True
        if takeover.project not in self.taken:
            self.taken[takeover.project] = None
            self._stand_in(takeover)
            if takeover.is_told or takeover.fate is Fate.REFUSED:
                self.notes.append(f"the plugin {name} is {takeover.fate.value}: {takeover.note}")
        return False

    def _stand_in(self, takeover: Takeover) -> None:
        """Have what there has to be in the place of a plugin."""
        from importlib import import_module

        if takeover.imports:
            with suppress(ImportError):
                import_module(takeover.imports)
        if takeover.loads:
            self.add(import_module(takeover.loads), takeover.loads)

    def add(self, module: ModuleType, name: str) -> None:
        """Take in a plugin or conftest, and the plugins that it names."""
        if name in self.modules or module in self.modules.values():
            return
        self.modules[name] = module
        self._fixtures = None
        if self.plugins is not None:
            self._register(self.plugins, module, name)
        elif _has_hooks(module):
            self.open()
        self.load_named(module)

    def load_named(self, module: ModuleType) -> None:
        """Load the plugins that a module names by `pytest_plugins`; raises UsageError if there is none."""
        for name in _plugin_names(module):
            self.load(name, place_of_names(module))

    def open(self) -> "Plugins":
        """The registry, made when it is first needed, with all that came before."""
        if self.plugins is None:
            from rustest.compat.plugins.registry import Plugins

            self.plugins = plugins = Plugins(self.load, self._stands_in_for)
            for name in self._blocked:
                plugins.set_blocked(name)
            plugins.hook.pytest_addhooks.call_historic(kwargs={"pluginmanager": plugins})
            plugins.hook.pytest_addoption.call_historic(kwargs={"parser": self.parser, "pluginmanager": plugins})
            for name, module in self.modules.items():
                self._register(plugins, module, name)
        return self.plugins

    def _register(self, plugins: "Plugins", module: ModuleType, name: str) -> None:
        """Let a plugin's hooks count, and call those that are called at once, such as `pytest_addoption`."""
        call_hook("a hook", lambda: plugins.register(module, name))

    def _stands_in_for(self, name: str) -> object | None:
        takeover = takeover_of(name)
        return takeover if takeover is not None and takeover.fate is Fate.REPLACED else self._own(name)

    def marks(self) -> Iterator[str]:
        """Those that plugins would have registered which are not loaded."""
        for takeover in TAKEOVERS:
            if takeover.project in self.taken:
                yield from takeover.marks

    def fixtures(self, rootdir: str, name_value: NameValue | None) -> tuple[FixtureDef, ...]:
        """Those that plugins bring along; raises UsageError for one that cannot be read."""
        if self._fixtures is None:
            self._fixtures = tuple(self._read_fixtures(rootdir, name_value))
        return self._fixtures

    def _read_fixtures(self, rootdir: str, name_value: NameValue | None) -> Iterator[FixtureDef]:
        for name, module in self.modules.items():
            if not os.path.isabs(name):  # the path of a conftest, whose fixtures are those of its folder
                try:
                    yield from fixtures_in(module, BUILTIN, rootdir, name_value)
                except CollectError as error:
                    raise UsageError(f"plugin {name}: {error}") from error

    def place_of(self, name: str, rootdir: str) -> str:
        """What a plugin or conftest of that name is called in a sentence."""
        if os.path.isabs(name):
            return os.path.relpath(name, rootdir)
        if name.isdecimal() and self.plugins is not None:  # by which pluggy names an object
            name = self.loaded_name(name) or type(self.plugins.get_plugin(name)).__name__
        return f"the plugin {name}"

    def loaded_name(self, name: str) -> str:
        """The name by which `-p no:` keeps a plugin out, for what it has registered as well; empty without one."""
        if name in self.modules or self.plugins is None:
            return name if name in self.modules else ""
        package = type(self.plugins.get_plugin(name)).__module__.partition(".")[0]
        loaded = (known for known, module in self.modules.items() if module.__name__.partition(".")[0] == package)
        return next((known for known in loaded if not os.path.isabs(known)), "")

    def tell(self, rootdir: str, *, has_workers: bool) -> Iterator[str]:
        """What to say of plugins that are not used, and of hooks that are not run, each once."""
        yield from self.notes
        if self.plugins is not None:
            for hook, plugin, why in self.plugins.idle_hooks(has_workers=has_workers):
                yield f"{hook} of {self.place_of(plugin, rootdir)} is not run: {why}"


def _package(module: str) -> str:
    """That in which a plugin's module is; itself where it stands alone."""
    return module.rpartition(".")[0] or module


def _plugin_names(module: ModuleType) -> list[str]:
    found = vars(module).get("pytest_plugins", ())
    if isinstance(found, str):
        return [name.strip() for name in found.split(",") if name.strip()]
    if isinstance(found, ModuleType) or not isinstance(found, list | tuple | set):
        raise UsageError(f"{place_of_names(module)} is {found!r}, expected the names of modules")
    return _texts(cast("object", found))


def _has_hooks(module: ModuleType) -> bool:
    return any(name.startswith("pytest_") and isinstance(found, FunctionType) for name, found in vars(module).items())


def _texts(found: object) -> list[str]:
    return [*map(str, cast("Iterable[object]", found))] if isinstance(found, Iterable) else []
