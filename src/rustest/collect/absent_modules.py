"""A module of the project's own that cannot be imported: where it lies, and what makes it importable."""

import os
import sys
from collections.abc import Iterator

from rustest.collect.discover import node_path

_NO_PLACES = ("node_modules", "site-packages")


def hint_at(error: ModuleNotFoundError, rootdir: str) -> str:
    """What to do about it, if the root folder or a folder in it holds such a module; or else nothing."""
    name = (error.name or "").partition(".")[0]
    if not name.isidentifier() or name in sys.modules:
        return ""
    folder = next((place for place in _places(rootdir) if _holds(place, name)), None)
    if folder is None:
        return ""
    path = node_path(folder, rootdir) or "."
    where = "the root folder" if path == "." else path
    return (
        f"{name!r} lies in {where}, where Python does not look: install the project (pip install -e .), "
        f'or set pythonpath = ["{path}"] in [tool.rustest]'
    )


def _places(rootdir: str) -> Iterator[str]:
    yield rootdir
    with os.scandir(rootdir) as entries:
        folders = sorted(entry.path for entry in entries if entry.is_dir() and entry.name not in _NO_PLACES)
    yield from (folder for folder in folders if not os.path.basename(folder).startswith("."))


def _holds(folder: str, name: str) -> bool:
    """Whether the folder has such a module or package; a package need not have an `__init__.py`."""
    path = os.path.join(folder, name)
    if os.path.isfile(f"{path}.py"):
        return True
    try:
        return any(entry.endswith(".py") for entry in os.listdir(path))
    except OSError:
        return False
