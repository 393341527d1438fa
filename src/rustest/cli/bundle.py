"""The bytecode of the modules that runs load, in one file: to find and open hundreds of files takes Python longer.

It is a second copy of what the folders `__pycache__` hold, and as valid as they are: a module comes from here only if
its source is still of that time and size, and if Python would have found the same file. It also says which modules of
ours come with which, so that they need not be looked for one by one. `cli/binding.py` writes it.
"""

import _thread
import marshal
import os
import sys
from importlib.machinery import BuiltinImporter, FileFinder, ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

TYPE_CHECKING = False  # as in `rustest/__init__.py`: what comes before the bundle is loaded the slow way
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    Stamp = tuple[int, int]
    """A source's time and size."""
    Entry = tuple[str, bool, Stamp, int, int]
    """A module's file, whether it is a package, its source's stamp, where its code begins, and how long that is."""

_WORD = 0xFFFFFFFF
LENGTH = 8
"""Bytes at the beginning of a bundle that say how long the index is, which comes next; then comes the code."""
OURS = __name__.partition(".")[0] + "."
STDLIB = os.path.dirname(os.__file__)
HOME = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
ORIGIN = (sys.version, HOME, STDLIB)
"""Whose code it is: a bundle that was moved, or that another interpreter made, counts for nothing."""
_CACHE = "__pycache__"
_BESIDE = os.path.join(os.path.dirname(__file__), _CACHE, "bundle")
_CACHED = __spec__.cached or ""
_SUFFIX = _CACHED.removeprefix(_BESIDE) if _CACHED.startswith(_BESIDE) else ""
"""How the names of `.pyc` files end; empty where they do not stand beside their sources, and Python has to tell."""

UNREADABLE = (OSError, EOFError, ValueError, TypeError)
"""What comes of a file that is not there, or of which a half is missing."""


def install_bundle() -> "Bundle":
    """Take modules from the bundle from now on, where Python would have looked through its folders for them."""
    bundle = Bundle(_CACHED and f"{os.path.splitext(_CACHED)[0]}.bundle")
    after = BuiltinImporter if BuiltinImporter in sys.meta_path else PathFinder  # nothing built in is ever in a bundle
    if after in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(after), bundle)
    return bundle


class Bundle:
    """A finder of modules; it needs no more than the import system's own protocol."""

    def __init__(self, path: str) -> None:
        """Read what the file holds: nothing, where it is not there or makes no sense; without a path none is kept."""
        self.path = path
        self.index: dict[str, Entry] = {}
        self.company: dict[str, tuple[str, ...]] = {}
        """By module of ours, those that are loaded while it is, each after what it needs itself."""
        self.missed: set[str] = set()
        """The modules of ours that somebody asked for and that it did not have."""
        self.loaded: list[str] = []
        """The modules of ours that have been loaded, each after what it needs itself."""
        self._listings: dict[str, tuple[int, set[str]]] = {}
        """What is in the folders where Python looks first, by the time of their last change."""
        self._file = self._identity = -1
        try:
            self._file = os.open(path, os.O_RDONLY)
            self._identity = os.fstat(self._file).st_ino
            length = int.from_bytes(os.pread(self._file, LENGTH, 0), "little")
            origin, index, company = marshal.loads(os.pread(self._file, length, LENGTH))  # noqa: S302 # as Python does
        except UNREADABLE:
            return
        self._start = LENGTH + length
        if origin == ORIGIN:
            self.index, self.company = index, company

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as it stands here, unless it has changed since, or Python would find another."""
        if (spec := self._spec_of(name)) is not None:
            return spec if self._is_found(spec, path) else None
        if not name.startswith(OURS):
            return None
        self.missed.add(name)
        self.index.pop(name, None)
        spec = PathFinder.find_spec(name, path)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _OwnLoader(name, spec.loader.path, self)
        return spec

    def _spec_of(self, name: str) -> ModuleSpec | None:
        """The module as it stands here, unless it has changed since."""
        entry = self.index.get(name)
        if entry is None or entry[2] != stamp_of(entry[0]):
            return None
        file, is_package, *_ = entry
        folder, _, base = file.rpartition(os.sep)
        loader = (_OwnLoader if name.startswith(OURS) else _LOADERS.get(name, _Loader))(name, file, self)
        spec = ModuleSpec(name, loader, origin=file, is_package=is_package)
        spec.has_location = True
        if _SUFFIX:  # Python would find out each time, from the ground up
            spec.cached = f"{folder}{os.sep}{_CACHE}{os.sep}{base.removesuffix('.py')}{_SUFFIX}"
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(folder)
        return spec

    def _is_found(self, spec: ModuleSpec, path: "Sequence[str] | None") -> bool:
        """Whether Python would find the module there, too: a user's own of that name may come before it."""
        file, is_package, *_ = self.index[spec.name]
        folder = os.path.dirname(os.path.dirname(file) if is_package else file)
        if path is not None:
            return path[0] == folder
        for entry in sys.path:
            if entry == folder:
                return True
            if self._may_know(entry, spec.name) and PathFinder.find_spec(spec.name, [entry]) is not None:
                return False
        return False

    def _may_know(self, entry: str, name: str) -> bool:
        """Whether it is worth asking: a folder's own finder takes longer to say no than a look at the folder."""
        finder = sys.path_importer_cache.get(entry, self)
        if type(finder) is not FileFinder:
            return finder is not None
        try:
            changed = os.stat(finder.path).st_mtime_ns
            known = self._listings.get(finder.path)
            if known is None or known[0] != changed:
                known = changed, {entry.partition(".")[0] for entry in os.listdir(finder.path)}
                self._listings[finder.path] = known
        except OSError:
            return True
        return name in known[1]

    # --- loading --------------------------------------------------------------------------------------------

    def code_of(self, name: str) -> "CodeType | None":
        """A module's code; None where the file is lost, say because a test has closed all descriptors."""
        if name not in self.index:
            return None
        try:
            code: CodeType = marshal.loads(self.read(name))  # noqa: S302 # as Python does
        except UNREADABLE:
            return None
        return code if code.co_filename == self.index[name][0] else None  # as it is not where the folder was moved

    def read(self, name: str) -> bytes:
        """What stands there; raises OSError if the file is lost, and another may have its descriptor by now."""
        if os.fstat(self._file).st_ino != self._identity:
            raise OSError
        *_, start, length = self.index[name]
        return os.pread(self._file, length, self._start + start)

    def load_company(self, name: str) -> None:
        """Load what was loaded along with that module when it was first, without a search and a lock for each.

        If one of them has changed, it may be that another is no longer needed, and Python sees to all of them. So it
        does where another thread may ask for one of them meanwhile.
        """
        if _thread._count():  # pyright: ignore[reportPrivateUsage] -- for those that threading has not started, too
            return
        missing = [one for one in self.company.get(name, ()) if one not in sys.modules]
        specs = [spec for one in missing if (spec := self._spec_of(one)) is not None]
        if len(specs) < len(missing):
            self.company.pop(name, None)  # it is found out anew
            return
        for spec in specs:
            if spec.name not in sys.modules and isinstance(spec.loader, _Loader):
                _load(spec.loader, spec)
                self.loaded.append(spec.name)

    def close(self) -> None:
        """Let go of the file; it is written anew, with all that this run has loaded, if it lacked a module of ours."""
        try:
            if not self.missed.isdisjoint(sys.modules) and self._may_be_kept():
                from rustest.cli.binding import bind

                bind(self)
            if os.fstat(self._file).st_ino == self._identity:
                os.close(self._file)
        except OSError:
            pass  # a test has closed it, and nothing can be read any more

    def _may_be_kept(self) -> bool:
        """Whether a new file would stay; in an installation of somebody else's, each run would try in vain."""
        folder = os.path.dirname(self.path)
        if not self.path or sys.dont_write_bytecode:
            return False
        return os.access(folder if os.path.isdir(folder) else os.path.dirname(folder), os.W_OK)


class _Loader(SourceFileLoader):
    """Loads a module as ever, but for where its code comes from."""

    def __init__(self, fullname: str, path: str, bundle: Bundle) -> None:
        super().__init__(fullname, path)
        self._bundle = bundle

    def get_code(self, fullname: str) -> "CodeType | None":
        """The module's code."""
        return self._bundle.code_of(fullname) or super().get_code(fullname)


class _OwnLoader(_Loader):
    """Loads a module of ours, after those that come with it; the first time, these are found out."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        bundle, name = self._bundle, module.__name__
        bundle.load_company(name)
        first = len(bundle.loaded)
        super().exec_module(module)
        bundle.company.setdefault(name, tuple(bundle.loaded[first:]))
        bundle.loaded.append(name)


class _AsyncioLoader(_Loader):
    """Loads asyncio without what few tests need of it, as far as the bundle has that when it is needed."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        from rustest.cli.postponed import load_asyncio

        load_asyncio(super().exec_module, module, self._bundle.index)


class _SslLoader(_Loader):
    """Loads `ssl` as if it had been loaded with asyncio."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        from rustest.cli.postponed import load_ssl

        load_ssl(super().exec_module, module)


_LOADERS = {"asyncio": _AsyncioLoader, "ssl": _SslLoader}


def _load(loader: _Loader, spec: ModuleSpec) -> None:
    """Make and run a module as Python does, but for the search and the locks."""
    parent, _, name = spec.name.rpartition(".")
    __import__(parent)
    module = ModuleType(spec.name)
    vars(module).update(
        __spec__=spec, __loader__=loader, __package__=spec.parent, __file__=spec.origin, __cached__=spec.cached
    )
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    sys.modules[spec.name] = module
    try:
        SourceFileLoader.exec_module(loader, module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    setattr(sys.modules[parent], name, module)


def stamp_of(file: str) -> "Stamp | None":
    """The source's time and size, as the header of its `.pyc` file has them."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return int(found.st_mtime) & _WORD, found.st_size & _WORD
