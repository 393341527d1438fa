"""Where what a module's globals stand for is at home: found by what modules hold, without running any code."""

import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import cast

_FIXED = (FunctionType, bool, int, float, complex, str, bytes, tuple, frozenset, type(None))
"""The kinds of objects that nobody changes in place: it does not matter where they are from."""


def find_path(name: str, known: object, names: Mapping[str, object]) -> str:
    """The dotted name of what stands under a name among a module's `names`; empty for what is the module's own."""
    if isinstance(known, ModuleType):
        return "" if vars(known) is names else known.__name__
    if isinstance(known, type | FunctionType):
        return f"{known.__module__}.{known.__qualname__}" if known.__module__ != names.get("__name__") else ""
    if type(known) in _FIXED:
        return ""
    others = [module for module in _others_with(name, known, names) if not _is_of_tests(module)]
    return f"{others[-1]}.{name}" if others else ""


def _others_with(name: str, known: object, names: Mapping[str, object]) -> Iterator[str]:
    """The other modules that hold the same object under the same name."""
    modules = cast("Mapping[str, object]", sys.modules)
    for module_name, module in list(modules.items()):
        members = module.__dict__ if isinstance(module, ModuleType) else {}  # anything may stand there
        if members is not names and members.get(name) is known:
            yield module_name


def _is_of_tests(module: str) -> bool:
    last = module.rpartition(".")[2]
    return last.startswith("test_") or last.endswith("_test") or last == "__main__"
