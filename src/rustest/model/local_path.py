"""`LocalPath`: the path that `tmpdir` gives, as `py.path.local` has it, for suites older than pathlib."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

StrPath = str | os.PathLike[str]
Chooses = Callable[["LocalPath"], object]

_KINDS: dict[str, Callable[[str], bool]] = {
    "exists": os.path.exists,
    "file": os.path.isfile,
    "dir": os.path.isdir,
    "link": os.path.islink,
}


class LocalPath:
    """An absolute path; what it does not have of `py.path.local`, pathlib has: `Path(path)`."""

    sep = os.sep

    def __init__(self, path: StrPath | None = None, expanduser: bool = False) -> None:
        given = "" if path is None else os.fspath(path)
        self.strpath = os.path.abspath(os.path.expanduser(given) if expanduser else given)

    def __fspath__(self) -> str:
        return self.strpath

    def __str__(self) -> str:
        return self.strpath

    def __repr__(self) -> str:
        return f"local({self.strpath!r})"

    def __hash__(self) -> int:
        return hash(self.strpath)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str | os.PathLike) and self.strpath == os.fspath(cast("StrPath", other))

    def __lt__(self, other: StrPath) -> bool:
        return self.strpath < os.fspath(other)

    def __truediv__(self, other: StrPath) -> "LocalPath":
        return self.join(other)

    def __add__(self, other: object) -> "LocalPath":
        return self._like(f"{self.strpath}{other}")

    def __getattr__(self, name: str) -> object:
        """Nothing: raises AttributeError, which says where to look."""
        raise AttributeError(f"paths of tmpdir have no {name!r} under rustest: use pathlib.Path(path)", name=name)

    @property
    def basename(self) -> str:
        """The last part."""
        return os.path.basename(self.strpath)

    @property
    def dirname(self) -> str:
        """All but the last part."""
        return os.path.dirname(self.strpath)

    @property
    def purebasename(self) -> str:
        """The last part without its suffix."""
        return self.basename.removesuffix(self.ext)

    @property
    def ext(self) -> str:
        """The suffix, with its dot; all of `.hidden`, as py has it."""
        return "".join(self.basename.rpartition(".")[1:]) if "." in self.basename else ""

    def join(self, *args: StrPath, abs: bool = False) -> "LocalPath":
        """The path below this one; with `abs` an absolute part begins anew."""
        path = self.strpath
        for part in args:
            path = os.fspath(part) if abs and os.path.isabs(part) else f"{path}{os.sep}{os.fspath(part)}"
        return self._like(path)

    def dirpath(self, *args: StrPath) -> "LocalPath":
        """The folder that holds it, or what stands there."""
        return self._like(self.dirname).join(*args)

    def new(self, **parts: str) -> "LocalPath":
        """The path with its `dirname`, `basename`, `purebasename` or `ext` exchanged."""
        suffix = parts.get("ext", self.ext)
        suffix = f".{suffix}" if suffix and not suffix.startswith(".") else suffix
        name = parts.get("basename", parts.get("purebasename", self.purebasename) + suffix)
        return self._like(os.path.join(parts.get("dirname", self.dirname), name))

    def parts(self, reverse: bool = False) -> list["LocalPath"]:
        """The path and all folders above it, the outermost first."""
        path = Path(self.strpath)
        found = [self._like(part) for part in (path, *path.parents)]
        return found if reverse else found[::-1]

    def relto(self, relpath: StrPath) -> str:
        """The way from that folder down to here; empty where it leads elsewhere."""
        folder = os.path.join(os.fspath(relpath), "")
        return self.strpath.removeprefix(folder) if self.strpath.startswith(folder) else ""

    def bestrelpath(self, dest: StrPath) -> str:
        """The way from this folder to that path."""
        return os.path.relpath(dest, self.strpath)

    def common(self, other: StrPath) -> "LocalPath":
        """The deepest folder that holds both."""
        return self._like(os.path.commonpath([self.strpath, os.fspath(other)]))

    def check(self, **kinds: object) -> bool:
        """Whether it exists, or is a `file`, `dir` or `link`: `check(dir=True)`, `check(notfile=True)`."""
        return all(self._is(kind) == bool(wanted) for kind, wanted in (kinds or {"exists": True}).items())

    def _is(self, kind: str) -> bool:
        if kind in _KINDS:
            return _KINDS[kind](self.strpath)
        if (bare := kind.removeprefix("not")) in _KINDS:
            return not _KINDS[bare](self.strpath)
        raise TypeError(f"check() knows {', '.join(_KINDS)}, not {kind!r}: use pathlib.Path(path)")

    def exists(self) -> bool:
        """Whether there is something."""
        return os.path.exists(self.strpath)

    def isdir(self) -> bool:
        """Whether there is a folder."""
        return os.path.isdir(self.strpath)

    def isfile(self) -> bool:
        """Whether there is a file."""
        return os.path.isfile(self.strpath)

    def islink(self) -> bool:
        """Whether it is a symbolic link."""
        return os.path.islink(self.strpath)

    def samefile(self, other: StrPath) -> bool:
        """Whether both lead to one file."""
        return self == other or os.path.samefile(self.strpath, other)

    def fnmatch(self, pattern: str) -> bool:
        """Whether the name matches the pattern; with a slash in it, the whole path."""
        from fnmatch import fnmatch

        if os.sep not in pattern:
            return fnmatch(self.basename, pattern)
        return fnmatch(self.strpath, pattern if os.path.isabs(pattern) else f"*{os.sep}{pattern}")

    def open(self, mode: str = "r", ensure: bool = False, encoding: str | None = None) -> IO[Any]:
        """The opened file; with `ensure` the folders above it are made."""
        if ensure:
            os.makedirs(self.dirname, exist_ok=True)
        return open(self.strpath, mode, encoding=encoding)  # the caller closes it

    def read(self, mode: str = "r") -> Any:
        """What stands in the file."""
        with self.open(mode) as file:
            return file.read()

    def read_text(self, encoding: str) -> str:
        """The text in the file."""
        with self.open(encoding=encoding) as file:
            return cast("str", file.read())

    def read_binary(self) -> bytes:
        """The bytes in the file."""
        return cast("bytes", self.read("rb"))

    def readlines(self, cr: int = 1) -> list[str]:
        """The lines of the file, with their ends or without."""
        text = cast("str", self.read())
        return text.splitlines(keepends=True) if cr else text.split("\n")

    def write(self, data: object, mode: str = "w", ensure: bool = False) -> None:
        """Write bytes, or anything else as text."""
        if isinstance(data, bytes):
            mode = mode if "b" in mode else f"{mode}b"
        with self.open(mode, ensure) as file:
            file.write(data if isinstance(data, bytes | str) else str(data))

    def write_text(self, data: str, encoding: str, ensure: bool = False) -> None:
        """Write text."""
        with self.open("w", ensure, encoding) as file:
            file.write(data)

    def write_binary(self, data: bytes, ensure: bool = False) -> None:
        """Write bytes."""
        self.write(data, "wb", ensure)

    def ensure(self, *args: StrPath, dir: bool = False) -> "LocalPath":
        """The path below this one, at which there is a file now, or a folder, as before or empty."""
        path = self.join(*args)
        os.makedirs(path.strpath if dir else path.dirname, exist_ok=True)
        if not path.exists():
            path.write(b"")
        return path

    def ensure_dir(self, *args: StrPath) -> "LocalPath":
        """The folder below this one, made if it is missing."""
        return self.ensure(*args, dir=True)

    def mkdir(self, *args: StrPath) -> "LocalPath":
        """A new folder below this one, or this one itself."""
        path = self.join(*args)
        os.mkdir(path)
        return path

    def mksymlinkto(self, value: StrPath, absolute: bool = True) -> None:
        """Make it a symbolic link to that path."""
        os.symlink(value if absolute else self.dirpath().bestrelpath(value), self.strpath)

    def remove(self, rec: bool = True, ignore_errors: bool = False) -> None:
        """Remove the file, or the folder with all that is in it."""
        if self.isdir() and not self.islink():
            shutil.rmtree(self.strpath, ignore_errors) if rec else os.rmdir(self.strpath)
        elif self.exists() or self.islink() or not ignore_errors:
            os.remove(self.strpath)

    def rename(self, target: StrPath) -> None:
        """Move it to that path."""
        os.rename(self.strpath, target)

    def move(self, target: StrPath) -> None:
        """Move it to that path, on another disk too."""
        shutil.move(self.strpath, target)

    def copy(self, target: StrPath, mode: bool = False) -> None:
        """Copy the file, into a folder too, or the folder with all that is in it; with `mode` the permissions too."""
        if self.isdir():
            shutil.copytree(self.strpath, target, copy_function=shutil.copy if mode else shutil.copyfile)
        else:
            to = LocalPath(target)
            (shutil.copy if mode else shutil.copyfile)(self.strpath, to.join(self.basename) if to.isdir() else to)

    def listdir(self, fil: str | Chooses | None = None, sort: bool | None = None) -> list["LocalPath"]:
        """What is in the folder: all, or what a pattern or function chooses."""
        found = [path for path in map(self.join, os.listdir(self.strpath)) if _chooses(fil, path)]
        return sorted(found) if sort else found

    def visit(self, fil: str | Chooses | None = None, rec: str | Chooses | None = None) -> Iterator["LocalPath"]:
        """All that is below the folder, or what a pattern or function chooses; `rec` chooses where to look."""
        for path in self.listdir():
            if path.isdir() and not path.islink() and _chooses(rec, path):
                yield from path.visit(fil, rec)
            if _chooses(fil, path):
                yield path

    def chdir(self) -> "LocalPath":
        """Make it the current folder, and give the one that was."""
        earlier = LocalPath()
        os.chdir(self.strpath)
        return earlier

    @contextmanager
    def as_cwd(self) -> Generator["LocalPath"]:
        """The current folder, while the block runs; it gets the one that was."""
        earlier = self.chdir()
        try:
            yield earlier
        finally:
            earlier.chdir()

    def stat(self, raising: bool = True) -> os.stat_result | None:
        """What the system says of it."""
        return os.stat(self.strpath) if raising or self.exists() else None

    def size(self) -> int:
        """Its bytes."""
        return os.path.getsize(self.strpath)

    def mtime(self) -> float:
        """When it was last changed."""
        return os.path.getmtime(self.strpath)

    def realpath(self) -> "LocalPath":
        """Where it leads through all links."""
        return self._like(os.path.realpath(self.strpath))

    def readlink(self) -> str:
        """What the symbolic link says."""
        return os.readlink(self.strpath)

    @classmethod
    def _like(cls, path: StrPath) -> "LocalPath":
        return cls(path)


def _chooses(fil: str | Chooses | None, path: LocalPath) -> bool:
    return fil is None or bool(path.fnmatch(fil) if isinstance(fil, str) else fil(path))
