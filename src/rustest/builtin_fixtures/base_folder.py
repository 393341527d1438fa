"""The base folder of a run's temporary folders: `rustest-of-USER/rustest-N` where the system keeps such things.

Several runs may go on at once. Each holds a lock file in its base folder for as long as it lives, by a lock that the
system takes back even when the process is killed. A run that ends removes what is neither locked nor among the last.
"""

import os
import re
import shutil
import stat
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import gettempdir

KEPT = 3
"""So many base folders are left for users to look into, where no setting says otherwise."""
_PREFIX = "rustest-"
_CURRENT = "rustest-current"
_GARBAGE = "garbage-"
_LOCK = ".lock"
_PRIVATE = 0o700


@contextmanager
def numbered_base(kept: int = KEPT) -> Generator[Path]:
    """A new base folder, for the time of the block; all but the last so many, and it, are removed then."""
    root = _make_root()
    with _locked(root / _LOCK):
        base = _make_next(root)
        lock = _open_lock(base / _LOCK)
        _try_lock(lock)
    _point_to(base)
    try:
        yield base
    finally:
        with suppress(OSError):  # the next run sweeps too
            _sweep(root, kept)  # while its own lock holds, so that this run's folder stays in any case
        os.close(lock)


@contextmanager
def made_base(asked: str | None, kept: int) -> Generator[str | None]:
    """The base folder for a run of several processes, made before them; None where none can be."""
    with ExitStack() as stack:
        base: Path | None = None
        with suppress(OSError):  # each process will find out, and say so where a test needs it
            base = emptied_base(Path(asked)) if asked is not None else stack.enter_context(numbered_base(kept))
        yield str(base) if base is not None else None


def emptied_base(path: Path) -> Path:
    """That folder, empty; it is made if it is not there."""
    if path.exists():
        remove_tree(path)
    path.mkdir(mode=_PRIVATE, parents=True)
    return path.resolve()


# --- making ---------------------------------------------------------------------------------------------------------


def _make_root() -> Path:
    """The folder of this user's base folders; raises OSError where it is somebody else's, who could meddle with it."""
    root = Path(gettempdir()).resolve() / f"rustest-of-{_user()}"
    root.mkdir(mode=_PRIVATE, exist_ok=True)
    status = root.lstat()
    if stat.S_ISLNK(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        raise OSError(f"{root} does not belong to the user who runs the tests: remove it, or choose another --basetemp")
    if status.st_mode & 0o077:
        root.chmod(_PRIVATE)
    return root


def _user() -> str:
    from getpass import getuser

    try:
        return re.sub(r"\W", "_", getuser())
    except (ImportError, KeyError, OSError):  # in many a container the user has no name
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _make_next(root: Path) -> Path:
    for number in count(max(_numbers(root), default=-1) + 1):
        base = root / f"{_PREFIX}{number}"
        with suppress(FileExistsError):
            base.mkdir(mode=_PRIVATE)
            return base
    raise AssertionError("numbers never end")


def _numbers(root: Path) -> Iterator[int]:
    for name in os.listdir(root):
        number = name.removeprefix(_PREFIX)
        if number != name and number.isdecimal():
            yield int(number)


def _point_to(base: Path) -> None:
    """Let `rustest-current` lead to the base folder, where there are such links; the latest run wins."""
    link = base.with_name(f".{base.name}")
    with suppress(OSError):
        link.symlink_to(base)
        link.replace(base.with_name(_CURRENT))


# --- locking --------------------------------------------------------------------------------------------------------


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _try_lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock the file until it is closed; False where somebody else has locked it, or nobody can tell."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # Windows, where an open file keeps its folder from being removed
        return True
    with suppress(OSError):
        flock(descriptor, LOCK_EX if wait else LOCK_EX | LOCK_NB)
        return True
    return False


@contextmanager
def _locked(path: Path) -> Generator[None]:
    descriptor = _open_lock(path)
    try:
        _try_lock(descriptor, wait=True)
        yield
    finally:
        os.close(descriptor)


# --- removing -------------------------------------------------------------------------------------------------------


def _sweep(root: Path, kept: int) -> None:
    """Remove the base folders of ended runs, except for the last ones, and what earlier sweeps have left."""
    with _locked(root / _LOCK):
        for number in sorted(_numbers(root), reverse=True)[kept:]:
            _discard(root / f"{_PREFIX}{number}")
    for garbage in root.glob(f"{_GARBAGE}*"):
        remove_tree(garbage)


def _discard(base: Path) -> None:
    """Rename the folder, if no run holds it: the removal itself takes its time, and needs no lock."""
    with suppress(OSError):
        lock = _open_lock(base / _LOCK)
        try:
            if _try_lock(lock):
                base.replace(base.with_name(f"{_GARBAGE}{base.name}-{os.getpid()}"))
        finally:
            os.close(lock)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, folders without permissions too, as far as that can be done."""
    for path, folders, _ in os.walk(folder):
        for name in folders:
            inner = os.path.join(path, name)
            if not os.path.islink(inner):
                with suppress(OSError):
                    os.chmod(inner, _PRIVATE)
    shutil.rmtree(folder, ignore_errors=True)
