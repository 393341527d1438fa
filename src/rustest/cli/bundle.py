"""The bytecode of the modules that runs load, in one file: to find and open hundreds of files takes Python longer.

It is a second copy of what the folders `__pycache__` hold, and as valid as they are: a module comes from here only if
its source is still of that time and size, and if Python would have found the same file.
"""

import marshal
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False  # as in `rustest/__init__.py`: what comes before the bundle is loaded the slow way
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import CodeType, ModuleType

    _Stamp = tuple[int, int]
    """A source's time and size."""
    _Entry = tuple[str, bool, _Stamp, int, int]
    """A module's file, whether it is a package, its source's stamp, where its code begins, and how long that is."""

_HEADER = 16
"""Bytes before the code in a `.pyc` file: the interpreter's number, flags, and the source's stamp."""
_WORD = 0xFFFFFFFF
_LENGTH = 8
"""Bytes at the beginning of a bundle that say how long the index is, which comes next; then comes the code."""
_OURS = __name__.partition(".")[0] + "."
_STDLIB = os.path.dirname(os.__file__)
_HOME = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
_ORIGIN = (sys.version, _HOME, _STDLIB)
"""Whose code it is: a bundle that was moved, or that another interpreter made, counts for nothing."""

_UNREADABLE = (OSError, EOFError, ValueError, TypeError)
"""What comes of a file that is not there, or of which a half is missing."""


def install_bundle() -> "Bundle":
    """Take modules from the bundle from now on, where Python would have looked through its folders for them."""
    cached = __spec__.cached
    bundle = Bundle("" if cached is None else f"{os.path.splitext(cached)[0]}.bundle")
    if PathFinder in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), bundle)
    return bundle


class Bundle:
    """A finder of modules; it needs no more than the import system's own protocol."""

    def __init__(self, path: str) -> None:
        """Read what the file holds: nothing, where it is not there or makes no sense; without a path none is kept."""
        self._path = path
        self._index: dict[str, _Entry] = {}
        self._missed: set[str] = set()
        """The modules of ours that somebody asked for and that it did not have."""
        self._file = self._identity = -1
        try:
            self._file = os.open(path, os.O_RDONLY)
            self._identity = os.fstat(self._file).st_ino
            length = int.from_bytes(os.pread(self._file, _LENGTH, 0), "little")
            origin, index = marshal.loads(os.pread(self._file, length, _LENGTH))  # noqa: S302 # as Python does
        except _UNREADABLE:
            return
        self._start = _LENGTH + length
        if origin == _ORIGIN:
            self._index = index

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, _target: "ModuleType | None" = None
    ) -> ModuleSpec | None:
        """The module as it stands here, unless it has changed since, or Python would find another."""
        entry = self._index.get(name)
        if entry is None or entry[2] != _stamp_of(entry[0]):
            if name.startswith(_OURS):
                self._missed.add(name)
            return None
        file, is_package, *_ = entry
        folder = os.path.dirname(file)
        if not _is_found_in(os.path.dirname(folder) if is_package else folder, name, path):
            return None
        spec = ModuleSpec(name, _Loader(name, file, self), origin=file, is_package=is_package)
        spec.has_location = True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(folder)
        return spec

    def code_of(self, name: str) -> "CodeType | None":
        """A module's code; None where the file is lost, say because a test has closed all descriptors."""
        try:
            code: CodeType = marshal.loads(self._read(name))  # noqa: S302 # as Python does
        except _UNREADABLE:
            return None
        return code if code.co_filename == self._index[name][0] else None  # as it is not where the folder was moved

    def _read(self, name: str) -> bytes:
        """What stands there; raises OSError if the file is lost, and another may have its descriptor by now."""
        if os.fstat(self._file).st_ino != self._identity:
            raise OSError
        *_, start, length = self._index[name]
        return os.pread(self._file, length, self._start + start)

    def close(self) -> None:
        """Let go of the file; it is written anew, with all that this run has loaded, if it lacked a module of ours."""
        try:
            if self._path and not sys.dont_write_bytecode and not self._missed.isdisjoint(sys.modules):
                content = b"".join(self._parts())
                SourceFileLoader(__name__, self._path).set_data(self._path, content)  # puts up with a read-only folder
            if os.fstat(self._file).st_ino == self._identity:
                os.close(self._file)
        except OSError:
            pass  # a test has closed it, and nothing can be read any more

    def _parts(self) -> "Iterator[bytes]":
        kept = {name: (entry, self._read(name)) for name, entry in self._index.items()}
        kept |= {name: found for name, module in sys.modules.items() if (found := _compiled(name, module))}
        index, start = dict[str, "_Entry"](), 0
        for name, ((file, is_package, stamp, _, _), code) in kept.items():
            index[name] = (file, is_package, stamp, start, len(code))
            start += len(code)
        head = marshal.dumps((_ORIGIN, index))
        yield len(head).to_bytes(_LENGTH, "little")
        yield head
        yield from (code for _, code in kept.values())


class _Loader(SourceFileLoader):
    """Loads a module as ever, but for where its code comes from."""

    def __init__(self, fullname: str, path: str, bundle: Bundle) -> None:
        super().__init__(fullname, path)
        self._bundle = bundle

    def get_code(self, fullname: str) -> "CodeType | None":
        """The module's code."""
        return self._bundle.code_of(fullname) or super().get_code(fullname)


def _stamp_of(file: str) -> "_Stamp | None":
    """The source's time and size, as the header of its `.pyc` file has them."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return int(found.st_mtime) & _WORD, found.st_size & _WORD


def _is_found_in(folder: str, name: str, path: "Sequence[str] | None") -> bool:
    """Whether Python would find the module in that folder: a user's own of that name may come before it."""
    if path is not None:
        return path[0] == folder
    for entry in sys.path:
        if entry == folder:
            return True
        if entry not in sys.path_importer_cache:
            return False
        finder = sys.path_importer_cache[entry]
        if finder is not None and finder.find_spec(name) is not None:
            return False
    return False


def _compiled(name: str, module: object) -> "tuple[_Entry, bytes] | None":
    """What Python has kept of a module of ours or of the standard library's, with its code."""
    spec = vars(module).get("__spec__") if isinstance(module, type(sys)) else None
    if not isinstance(spec, ModuleSpec) or type(spec.loader) is not SourceFileLoader or spec.cached is None:
        return None
    file = spec.loader.path
    home = _HOME if name.startswith(_OURS) else _STDLIB
    is_package = spec.submodule_search_locations is not None
    if file != os.path.join(home, *name.split("."), *(["__init__"] if is_package else [])) + ".py":
        return None
    with open(spec.cached, "rb") as compiled:
        data = compiled.read()
    flags, *stamp = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    if flags or tuple(stamp) != _stamp_of(file):
        return None
    return (file, is_package, (stamp[0], stamp[1]), 0, 0), data[_HEADER:]
