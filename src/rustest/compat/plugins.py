"""`config.pluginmanager`: pluggy's registry of plugins, which knows pytest's hooks and loads plugins by name."""

from collections.abc import Callable, Iterator
from types import FunctionType, MethodType, SimpleNamespace
from typing import Any, cast

from pluggy import HookimplOpts, HookspecOpts, PluginManager

from rustest.compat.hook_markers import SPECIFICATION
from rustest.compat.hook_table import BY_NAME, HOOKS, Hook

HookCall = Callable[..., Any]


class Plugins(PluginManager):
    """The plugins of one run, conftest files among them; a name that is blocked is never registered."""

    def __init__(self, load: Callable[[str], None], taken_over: Callable[[str], object | None]) -> None:
        super().__init__("pytest")
        self._load = load
        self._taken_over = taken_over
        self.rewrite_hook = None
        self.add_hookspecs(SimpleNamespace(**{hook.name: hook.spec for hook in HOOKS}))

    # --- what pluggy asks ------------------------------------------------------------------------------------

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        """Take each function whose name begins with `pytest_` for a hook, marked as one or not."""
        if not name.startswith("pytest_") or name == "pytest_plugins":
            return None
        if (marked := super().parse_hookimpl_opts(plugin, name)) is not None:
            return marked
        found: object = getattr(plugin, name, None)
        if not isinstance(found, FunctionType | MethodType):
            return None
        return _UNMARKED.copy()

    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> HookspecOpts | None:
        """Know pytest's own hooks by the table, and those that plugins add by their marks or names."""
        spec = getattr(module_or_class, name)
        if (hook := BY_NAME.get(name)) is not None and spec is hook.spec:
            return _spec(hook)
        marked = getattr(spec, SPECIFICATION, None)
        if isinstance(marked, dict):
            return cast("HookspecOpts", marked)
        return HookspecOpts(_NO_SPEC) if name.startswith("pytest_") else None

    def register(self, plugin: object, name: str | None = None) -> str | None:
        """Register a plugin, and tell those that want to know."""
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
        self._load(modname)

    # --- what rustest asks -----------------------------------------------------------------------------------

    def idle_hooks(self) -> Iterator[tuple[str, str, str]]:
        """The hooks that plugins have and nobody will call: name, plugin, and why."""
        for plugin_name, plugin in self.list_name_plugin():
            for caller in (self.get_hookcallers(plugin) or ()) if plugin is not None else ():
                hook = BY_NAME.get(caller.name)
                if hook is not None and not hook.runs:
                    yield caller.name, plugin_name, hook.note
                elif hook is None and not caller.has_spec() and not _is_optional(caller, plugin):
                    yield caller.name, plugin_name, "no hook of pytest's or of a plugin has this name"

    def implements(self, *names: str) -> bool:
        """Whether any plugin has one of these hooks."""
        return any(getattr(self.hook, name).get_hookimpls() for name in names)


_UNMARKED = HookimplOpts(
    wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
)
_NO_SPEC = HookspecOpts(firstresult=False, historic=False, warn_on_impl=None, warn_on_impl_args=None)


def _spec(hook: Hook) -> HookspecOpts:
    return HookspecOpts(firstresult=hook.firstresult, historic=hook.historic, warn_on_impl=None, warn_on_impl_args=None)


def _is_optional(caller: Any, plugin: object) -> bool:
    return all(one.optionalhook for one in caller.get_hookimpls() if one.plugin is plugin)
