"""The hooks that collect, called one function at a time: which of them has made a node says who is to answer for it."""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from rustest.compat.hooks.calling import hook_error
from rustest.compat.hooks.nodes import OwnNodeError
from rustest.compat.hooks.table import COLLECTING
from rustest.compat.plugins.loading import PluginLoader

_, _FILE, _, _ = COLLECTING
_WRAPS = "it wraps what collects in pytest, and here rustest does"


class Found(NamedTuple):
    """What one function of a hook has given."""

    plugin: str
    made: object
    """An OwnNodeError where it was about to make something that cannot be run here."""


class CollectingHooks:
    """Calls them, and gives up those that cannot be called here."""

    def __init__(self, loader: PluginLoader, rootdir: str) -> None:
        self._loader, self._rootdir = loader, rootdir
        self._given_up: set[tuple[str, str]] = set()
        """By hook and plugin those that are not called any more."""

    def has(self, hook: str) -> bool:
        """Whether anybody has a function for that hook."""
        return self._loader.plugins is not None and self._loader.plugins.implements(hook)

    def ask(self, hook: str, folder: str, arguments: Mapping[str, object]) -> list[Found]:
        """What the functions give that count in a folder: up to the first that gives something, of a file's all."""
        plugins = self._loader.open()
        found: list[Found] = []
        for one in reversed(getattr(plugins.relay(folder), hook).get_hookimpls()):
            if (hook, one.plugin_name) in self._given_up or one.plugin is plugins.own:  # what ours would, rustest makes
                continue
            if one.wrapper or one.hookwrapper:
                self._give_up(hook, one.plugin_name, _WRAPS)
                continue
            made = self._call(hook, one, [arguments[argument] for argument in one.argnames])
            found.append(Found(one.plugin_name, made))
            if made is not None and hook != _FILE:
                break
        return found

    def _call(self, hook: str, one: Any, arguments: list[object]) -> object:
        try:
            return one.function(*arguments)
        except OwnNodeError as own:
            return own
        except Exception as error:
            if os.path.isabs(one.plugin_name):  # the path of a conftest
                raise hook_error(hook, error) from error
            # a plugin that is merely installed must not end the run
            self._give_up(hook, one.plugin_name, f"it raised {type(error).__name__}: {error}")
            return None

    def _give_up(self, hook: str, name: str, why: str) -> None:
        self._given_up.add((hook, name))
        self._loader.notes.append(f"{hook} of {self._loader.place_of(name, self._rootdir)} is not run: {why}")
