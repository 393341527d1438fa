"""`config.pluginmanager`: pluggy's registry of plugins, which knows pytest's hooks and loads plugins by name."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any, cast

from pluggy import HookimplOpts, HookspecOpts, PluginManager

from rustest.collect.patterns import Patterns
from rustest.compat.hooks.markers import SPECIFICATION
from rustest.compat.hooks.table import BY_NAME, HOOKS, OF_WORKERS, TOLD
from rustest.compat.plugins.takeovers import takeover_of

CONFTEST = "/conftest.py"
"""What the names of conftest files end in, which are their paths."""

_WORK = frozenset({"pytest_fixture_setup", "pytest_pyfunc_call"})
"""Hooks by which plugins set fixtures up and call tests themselves."""

HookCall = Callable[..., Any]


class Plugins(PluginManager):
    """The plugins of one run, conftest files among them; a name that is blocked is never registered."""

    def __init__(self, load: Callable[[str, str], None], taken_over: Callable[[str], object | None]) -> None:
        super().__init__("pytest")
        self._load = load
        self._taken_over = taken_over
        self._relays: dict[str, Any] = {}
        self.add_hookspecs(_specifications())
        self.own = _Own()
        self.register(self.own, "rustest")  # first, and so the last to be asked

    # --- what pluggy asks ------------------------------------------------------------------------------------

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        """Take each function whose name begins with `pytest_` for a hook, marked as one or not."""
        if not name.startswith("pytest_") or name == "pytest_plugins":
            return None
        if (marked := super().parse_hookimpl_opts(plugin, name)) is not None:
            return marked
        found: object = getattr(plugin, name, None)
        if not isinstance(found, FunctionType | MethodType) or (name in _WORK and _is_of_replaced(found)):
            return None
        return _UNMARKED.copy()

    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> HookspecOpts | None:
        """Know pytest's own hooks by the table, and those that plugins add by their marks or names."""
        marked = getattr(getattr(module_or_class, name), SPECIFICATION, None)
        if isinstance(marked, dict):
            return cast("HookspecOpts", marked)
        return _NO_SPEC.copy() if name.startswith("pytest_") else None

    def register(self, plugin: object, name: str | None = None) -> str | None:
        """Register a plugin, and tell those that want to know."""
        self._relays.clear()
        registered = super().register(plugin, name)
        if registered is not None:
            self.hook.pytest_plugin_registered.call_historic(
                kwargs={"plugin": plugin, "plugin_name": registered, "manager": self}
            )
        return registered

    # --- what plugins ask ------------------------------------------------------------------------------------

    def getplugin(self, name: str) -> object | None:
        """The plugin of that name."""
        return self.get_plugin(name)

    def hasplugin(self, name: str) -> bool:
        """Whether there is a plugin of that name, or rustest stands in for it."""
        return self.has_plugin(name)

    def get_plugin(self, name: str) -> Any | None:
        """The plugin of that name; for one that rustest stands in for, what stands in its place."""
        found = super().get_plugin(name)
        return self._taken_over(name) if found is None and not self.is_blocked(name) else found

    def has_plugin(self, name: str) -> bool:
        """Whether there is a plugin of that name, or rustest stands in for it."""
        return self.get_plugin(name) is not None

    def import_plugin(self, modname: str, consider_entry_points: bool = False) -> None:
        """Load a plugin by the name of its module, or of its entry point; raises UsageError if there is none."""
        self._load(modname, "config.pluginmanager.import_plugin")

    # --- what rustest asks -----------------------------------------------------------------------------------

    def idle_hooks(self, *, has_workers: bool) -> Iterator[tuple[str, str, str]]:
        """The hooks that plugins have and nobody will call: name, plugin, and why."""
        for plugin_name, plugin in self.list_name_plugin():
            for caller in (self.get_hookcallers(plugin) or ()) if plugin is not None else ():
                hook = BY_NAME.get(caller.name)
                if hook in OF_WORKERS and not has_workers:
                    continue
                if hook is not None and not hook.runs:
                    yield caller.name, plugin_name, hook.note
                elif hook is None and not caller.has_spec() and not _is_optional(caller, plugin):
                    yield caller.name, plugin_name, "no hook of pytest's or of a plugin has this name"

    def relay(self, folder: str) -> Any:
        """The hooks that count for tests of a folder: those of conftest files elsewhere do not."""
        if folder not in self._relays:
            elsewhere = [
                plugin
                for name, plugin in self.list_name_plugin()
                if name.endswith(CONFTEST) and not f"{folder}/".startswith(name.removesuffix(CONFTEST[1:]))
            ]
            self._relays[folder] = Relay(self, elsewhere) if elsewhere else self.hook
        return self._relays[folder]

    def hush(self, packages: Collection[str]) -> None:
        """Tell nothing of tests to objects that these packages have registered: they hear of them in another process.

        Modules go on hearing of them, as under pytest-xdist, where each process has its own.
        """
        away = [plugin for _, plugin in self.list_name_plugin() if _is_object_of(plugin, packages)]
        for name in TOLD:
            setattr(self.hook, name, self.subset_hook_caller(name, away))
        self._relays.clear()

    def functions_of(self, names: Iterable[str]) -> dict[str, list[HookCall]]:
        """The functions of these hooks, by plugin."""
        found: dict[str, list[HookCall]] = {}
        for name in names:
            for one in getattr(self.hook, name).get_hookimpls():
                if one.plugin is not self.own:
                    found.setdefault(one.plugin_name, []).append(one.function)
        return found

    def implements(self, *names: str) -> bool:
        """Whether any plugin has one of these hooks."""
        return any(one.plugin is not self.own for name in names for one in getattr(self.hook, name).get_hookimpls())


class Relay:
    """The hooks without those of some plugins."""

    def __init__(self, plugins: Plugins, elsewhere: list[object]) -> None:
        self._plugins = plugins
        self._elsewhere = elsewhere

    def __getattr__(self, name: str) -> Any:
        caller = self.__dict__[name] = self._plugins.subset_hook_caller(name, self._elsewhere)
        return caller


class _Own:
    """What rustest itself answers where no plugin has a word."""

    def __init__(self) -> None:
        self.deselected = 0

    def pytest_collect_file(self, file_path: Path, parent: Any) -> object | None:
        """Make a module of a test file, for a folder of a hook's own that asks what there is."""
        from rustest.compat.hooks.python_nodes import Module

        patterns = Patterns(parent.config.settings.python_files)
        is_test = file_path.suffix == ".py" and patterns.match(file_path.name, str(file_path))
        return Module.from_parent(parent, path=file_path) if is_test else None

    def pytest_collect_directory(self, path: Path, parent: Any) -> object:
        """Make a folder, in the same way."""
        from rustest.compat.hooks.nodes import Dir, Package

        return (Package if (path / "__init__.py").is_file() else Dir).from_parent(parent, path=path)

    def pytest_deselected(self, items: Any) -> None:
        """Count the tests that a hook has left out."""
        self.deselected += len(items)

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Let the marks that are written on the test have their turn: after hooks, unless these want to be last."""
        metafunc.made += metafunc.written

    def pytest_report_to_serializable(self, report: Any) -> dict[str, object]:
        """Give a report as plain values."""
        found: dict[str, object] = report._to_json()
        return found

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str]:
        """Say what a report counts as, with a letter and a word for it."""
        from rustest.compat.hooks.terminal import status_of

        return status_of(report)

    def pytest_runtest_makereport(self, item: Any, call: Any) -> object:
        """Make a report of a phase of a test."""
        from rustest.compat.hooks.test_reports import report_of

        return report_of(item, call)


_UNMARKED = HookimplOpts(
    wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
)
_NO_SPEC = HookspecOpts(firstresult=False, historic=False, warn_on_impl=None, warn_on_impl_args=None)


def _specifications() -> ModuleType:
    """The hooks of the table, in the shape in which pluggy reads them: functions with these arguments."""
    holder = ModuleType("hooks")
    for hook in HOOKS:
        names = tuple(hook.arguments.split(", "))
        code = _nothing.__code__.replace(co_argcount=len(names), co_nlocals=len(names), co_varnames=names)
        function = FunctionType(code, {}, hook.name)
        options = HookspecOpts(
            firstresult=hook.firstresult, historic=hook.historic, warn_on_impl=None, warn_on_impl_args=None
        )
        setattr(function, SPECIFICATION, options)
        setattr(holder, hook.name, function)
    return holder


def _nothing() -> None:
    pass


def _is_of_replaced(hook: FunctionType | MethodType) -> bool:
    """Whether a plugin whose part rustest plays has written it: a conftest file may import some of its hooks."""
    return takeover_of(hook.__module__.partition(".")[0]) is not None


def _is_object_of(plugin: object, packages: Collection[str]) -> bool:
    return not isinstance(plugin, ModuleType) and type(plugin).__module__.partition(".")[0] in packages


def _is_optional(caller: Any, plugin: object) -> bool:
    return all(one.optionalhook for one in caller.get_hookimpls() if one.plugin is plugin)
