"""Names for modules by their paths, as `--import-mode importlib` and namespace packages have them."""

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec

from rustest.collect.discover import is_below
from rustest.model.folders import upward


def name_by_path(path: str, rootdir: str) -> str:
    """The dotted path of a file below the root folder: no two files have the same; `__init__.py` is its folder."""
    below = os.path.relpath(path, rootdir) if is_below(path, rootdir) else os.path.splitdrive(path)[1].lstrip(os.sep)
    parts = os.path.splitext(below)[0].split(os.sep)
    if parts[-1] == "__init__" and len(parts) > 1:
        del parts[-1]
    return ".".join(part.replace(".", "_") for part in parts)


def open_parents(name: str, path: str) -> None:
    """Let the packages that a dotted name stands in be known, each as the folder that it is, so that `from .` works."""
    folder = os.path.dirname(path)
    while "." in name:
        name = name.rpartition(".")[0]
        if name not in sys.modules:
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = [folder]
            sys.modules[name] = module_from_spec(spec)
        folder = os.path.dirname(folder)


def name_in_namespace(path: str) -> str | None:
    """The dotted name by which `import` finds that very file, be folders without `__init__.py` part of it or not."""
    name = os.path.splitext(os.path.basename(path))[0]
    for folder in upward(os.path.dirname(path)):
        if _finds(name, path):
            return name
        name = f"{os.path.basename(folder)}.{name}"
    return None


def _finds(name: str, path: str) -> bool:
    if not all(part.isidentifier() for part in name.split(".")):
        return False
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    return spec is not None and spec.origin is not None and os.path.realpath(spec.origin) == os.path.realpath(path)
