"""A new bundle: what the one before held, and what this run has loaded beside."""

import marshal
import os
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, SourceFileLoader

# What loads asyncio from a bundle belongs into the first that has asyncio.
import rustest.cli.postponed  # noqa: F401 # pyright: ignore[reportUnusedImport]
from rustest.cli.bundle import HOME, LENGTH, ORIGIN, OURS, STDLIB, Bundle, stamp_of
from rustest.model.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from rustest.cli.bundle import Entry

_HEADER = 16
"""Bytes before the code in a `.pyc` file: the interpreter's number, flags, and the source's stamp."""


def bind(bundle: Bundle) -> None:
    """Write the bundle's file anew; raises OSError if what it held cannot be read any more."""
    content = b"".join(_parts(bundle))
    SourceFileLoader(__name__, bundle.path).set_data(bundle.path, content)  # puts up with a read-only folder


def _parts(bundle: Bundle) -> Iterator[bytes]:
    kept = {name: (entry, bundle.read(name)) for name, entry in bundle.index.items()}
    for name, module in sys.modules.items():
        spec = vars(module).get("__spec__") if isinstance(module, type(sys)) else None
        if isinstance(spec, ModuleSpec) and (type(spec.loader) is SourceFileLoader or name in bundle.missed):
            kept |= _compiled(name, spec)
    index, start = dict[str, "Entry"](), 0
    for name, ((file, is_package, stamp, _, _), code) in kept.items():
        index[name] = (file, is_package, stamp, start, len(code))
        start += len(code)
    head = marshal.dumps((ORIGIN, index, bundle.company))
    yield len(head).to_bytes(LENGTH, "little")
    yield head
    yield from (code for _, code in kept.values())


def _compiled(name: str, spec: ModuleSpec) -> "dict[str, tuple[Entry, bytes]]":
    """What Python has kept of a module, with its code, if it is of ours or the standard library's."""
    file, home = spec.origin, HOME if name.startswith(OURS) else STDLIB
    is_package = spec.submodule_search_locations is not None
    own = os.path.join(home, *name.split("."), *(["__init__"] if is_package else [])) + ".py"
    if file is None or file != own or spec.cached is None:
        return {}
    with open(spec.cached, "rb") as compiled:
        data = compiled.read()
    flags, *stamp = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    if flags or tuple(stamp) != stamp_of(file):
        return {}
    return {name: ((file, is_package, (stamp[0], stamp[1]), 0, 0), data[_HEADER:])}
