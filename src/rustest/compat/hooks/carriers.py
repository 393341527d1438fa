"""Hooks around tests in the shape of autouse fixtures, so that planning sees what they do to all that tests share."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rustest.collect.discover import is_below, node_path
from rustest.compat.hooks.table import RUN_HOOKS
from rustest.model.calls import CallKind
from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.scope import Scope

if TYPE_CHECKING:
    from rustest.compat.plugins.registry import Plugins

_NAME = "hooks.of_{}"
"""With a dot, so that no argument can ask for it."""


def carriers(plugins: "Plugins", rootdir: str) -> Iterator[FixtureDef]:
    """A fixture without effect for each plugin or conftest that has hooks around tests."""
    for name, functions in plugins.functions_of(RUN_HOOKS).items():
        folder = os.path.dirname(name)
        place = node_path(folder, rootdir) if folder and is_below(folder, rootdir) else "" if folder else BUILTIN
        yield FixtureDef(
            name=_NAME.format(os.path.basename(name)),
            place=place,
            func=_nothing,
            kind=CallKind.PLAIN,
            scope=Scope.FUNCTION,
            arguments=(),
            autouse=True,
            params=None,
            ids=None,
            serial=(),
            cls=None,
            file=node_path(name, rootdir) if folder else name,
            line=0,
            origins=tuple(functions),
        )


def is_carrier(definition: FixtureDef) -> bool:
    """Whether it only stands for hooks, and is none of pytest's fixtures."""
    return definition.func is _nothing


def _nothing() -> None:
    """Do nothing: the hooks are called around the phases of the test."""
