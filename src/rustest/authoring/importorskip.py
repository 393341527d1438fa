"""`importorskip`: tests that need a package which may be missing."""

from types import ModuleType

from rustest.model.errors import Skipped


def importorskip(name: str, minversion: str | None = None, reason: str | None = None) -> ModuleType:
    """Import that module, or skip the test that is running; at module level, skip the whole file.

    `minversion` is compared with the module's `__version__`, number by number: `"1.10"` is newer than `"1.9"`. Only a
    missing module skips: an ImportError from inside the module is raised. Raises ValueError where `minversion` is not
    of numbers and dots.
    """
    wanted = None if minversion is None else _read_version(minversion)
    if minversion is not None and wanted is None:
        raise ValueError(f"minversion must be numbers and dots, such as '2.1', not {minversion!r}")
    module = _import_or_skip(name, reason)
    if wanted is not None:
        found = getattr(module, "__version__", None)
        version = _read_version(found) if isinstance(found, str) else None
        if version is None or version < wanted:
            raise Skipped(reason or _complain(name, found, minversion, version is not None), allow_module_level=True)
    return module


def _import_or_skip(name: str, reason: str | None) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        # A module that is there, but whose own imports are missing, is broken rather than absent.
        if missing.name is None or not f"{name}.".startswith(f"{missing.name}."):
            raise
        raise Skipped(reason or f"could not import {name!r}: {missing}", allow_module_level=True) from None


def _complain(name: str, found: object, wanted: str | None, readable: bool) -> str:
    if readable:
        return f"{name} {found} is older than {wanted}"
    return f"{name} must be {wanted} or newer, and its __version__ cannot be compared: {found!r}"


def _read_version(text: str) -> tuple[int, ...] | None:
    """The numbers of a version, without trailing zeros and `+local` part; None where it is not numbers and dots."""
    parts = text.partition("+")[0].split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
