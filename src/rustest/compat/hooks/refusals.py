"""What hooks would collect by nodes that cannot be run here, told: a run without it must not be green."""

import os
from collections.abc import Iterator

from rustest.compat.plugins.loading import PluginLoader
from rustest.model.failure import Phase, problem
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem

_NAMED = 5
"""So many of what a hook would collect are named, the rest counted."""


class Refusals:
    """Keeps what is refused, and makes one problem of it for each hook and plugin."""

    def __init__(self, loader: PluginLoader, rootdir: str) -> None:
        self._loader, self._rootdir = loader, rootdir
        self._refused: dict[tuple[str, str], dict[str, str]] = {}
        """By hook and plugin the node ids of what it would collect, each with why it cannot be run."""

    def add(self, hook: str, plugin: str, place: str, why: object) -> None:
        """Keep one."""
        self._refused.setdefault((hook, plugin), {})[place] = str(why)

    def problems(self) -> Iterator[Problem]:
        """What was refused."""
        for (hook, plugin), refused in self._refused.items():
            places = [*refused]
            more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
            message = (
                f"{hook} of {self._loader.place_of(plugin, self._rootdir)} collects tests that rustest does not run: "
                f"{', '.join(places[:_NAMED])}{more}; {refused[places[0]]}; "
                f"run them with pytest, and leave out {self._kept_out(plugin)} here"
            )
            yield Problem(places[0].partition(SEPARATOR)[0], problem(Phase.COLLECT, message), only_here=True)

    def _kept_out(self, plugin: str) -> str:
        """What keeps such tests out."""
        if os.path.isabs(plugin):  # the path of a conftest
            return "these files (--ignore)"
        loaded = self._loader.loaded_name(plugin)
        named = f"the plugin (-p no:{loaded}), " if loaded else ""
        return f"the option that asks for them, {named}or these files (--ignore)"
