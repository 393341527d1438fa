"""`monkeypatch`: changes to objects and to the process that are undone after the test, which therefore runs alone."""

import os
import sys
from collections.abc import Generator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager, suppress

from rustest.authoring.fixture import fixture
from rustest.builtin_fixtures.dotted_names import resolve_owner
from rustest.model.hints import TypeVar, cast, overload

_K = TypeVar("_K")
_V = TypeVar("_V")


class NotSetType:
    """Stands for an argument that was left out, and for what was not there: None may be a value."""


NOTSET = NotSetType()


@fixture
def monkeypatch() -> Generator["MonkeyPatch"]:
    """Changes attributes, items, environment variables, `sys.path` and the current folder until the test has ended."""
    with MonkeyPatch.context() as patch:
        yield patch


class MonkeyPatch:
    """Makes changes, and undoes them."""

    def __init__(self) -> None:
        # Named as in pytest, for suites add to them: each entry says what was there, or NOTSET.
        self._setattr: list[tuple[object, str, object]] = []
        self._setitem: list[tuple[MutableMapping[object, object], object, object]] = []
        self._path: tuple[list[str], list[str]] | None = None
        self._folder: str | None = None

    @classmethod
    @contextmanager
    def context(cls) -> Generator["MonkeyPatch"]:
        """A `MonkeyPatch` whose changes are undone at the end of the block, whatever happens in it."""
        patch = cls()
        try:
            yield patch
        finally:
            patch.undo()

    # --- attributes and items -------------------------------------------------------------------------------

    @overload
    def setattr(self, target: str, name: object, value: NotSetType = ..., raising: bool = ...) -> None: ...

    @overload
    def setattr(self, target: object, name: str, value: object, raising: bool = ...) -> None: ...

    def setattr(self, target: object, name: object, value: object = NOTSET, raising: bool = True) -> None:
        """Set an attribute: `setattr(owner, "name", value)`, or `setattr("module.owner.name", value)`.

        Raises AttributeError where there is no such attribute yet, unless `raising` is false.
        """
        if isinstance(value, NotSetType):
            target, name, value = *_resolve(target, 'setattr("module.name", value)', raising), name
        name = _checked(name)
        found = cast("object", getattr(target, name, NOTSET))
        if raising and found is NOTSET:
            raise AttributeError(f"{target!r} has no attribute {name!r}")
        own = _own_attribute(target, name)
        setattr(target, name, value)
        if own is NOTSET and _own_attribute(target, name) is not NOTSET:
            found = NOTSET  # it came from further up: set back, it would leave a copy here
        elif isinstance(target, type) and own is not NOTSET:
            found = own
        self._setattr.append((target, name, found))

    def delattr(self, target: object, name: str | NotSetType = NOTSET, raising: bool = True) -> None:
        """Delete an attribute: `delattr(owner, "name")`, or `delattr("module.owner.name")`.

        Raises AttributeError where there is none, unless `raising` is false.
        """
        if isinstance(name, NotSetType):
            target, name = _resolve(target, 'delattr("module.name")', raising)
        found = cast("object", getattr(target, name, NOTSET))
        if found is NOTSET:
            if raising:
                raise AttributeError(f"{target!r} has no attribute {name!r}")
            return
        own = _own_attribute(target, name)
        delattr(target, name)
        self._setattr.append((target, name, found if own is NOTSET else own))

    def setitem(self, dic: Mapping[_K, _V], name: _K, value: _V) -> None:
        """Set an item of a mapping."""
        target = cast("MutableMapping[object, object]", dic)
        self._keep_item(target, name)
        target[name] = value

    def delitem(self, dic: Mapping[_K, _V], name: _K, raising: bool = True) -> None:
        """Delete an item; raises KeyError where there is none, unless `raising` is false."""
        target = cast("MutableMapping[object, object]", dic)
        if name not in target:
            if raising:
                raise KeyError(name)
            return
        self._keep_item(target, name)
        del target[name]

    def _keep_item(self, target: MutableMapping[object, object], name: object) -> None:
        self._setitem.append((target, name, target.get(name, NOTSET)))

    # --- the process ----------------------------------------------------------------------------------------

    def setenv(self, name: str, value: str, prepend: str | None = None) -> None:
        """Set an environment variable; with `prepend`, put the value and that separator before what it is now.

        A value that is no string is made one, with a warning.
        """
        value = _text(name, value)
        if prepend and name in os.environ:
            value = f"{value}{prepend}{os.environ[name]}"
        self.setitem(os.environ, name, value)

    def delenv(self, name: str, raising: bool = True) -> None:
        """Delete an environment variable; raises KeyError where there is none, unless `raising` is false."""
        self.delitem(os.environ, name, raising)

    def syspath_prepend(self, path: str | os.PathLike[str]) -> None:
        """Put a folder in front of `sys.path`, so that the modules in it can be imported."""
        from importlib import invalidate_caches

        if self._path is None:
            self._path = sys.path, sys.path[:]
        sys.path.insert(0, os.fspath(path))
        invalidate_caches()  # the folder may have been written a moment ago

    def chdir(self, path: str | os.PathLike[str]) -> None:
        """Make that folder the current one."""
        if self._folder is None:
            self._folder = os.getcwd()
        os.chdir(path)

    def undo(self) -> None:
        """Undo attributes, then items, each latest first; one that cannot be undone does not keep others from it."""
        with ExitStack() as undoing:  # which begins with what comes last here
            if self._folder is not None:
                undoing.callback(os.chdir, self._folder)
            if self._path is not None:
                undoing.callback(_set_path, *self._path)
            for item in self._setitem:
                undoing.callback(_set_item_back, *item)
            for attribute in self._setattr:
                undoing.callback(_set_back, *attribute)
            self._path = self._folder = None
            self._setitem.clear()
            self._setattr.clear()


def _resolve(target: object, spelling: str, raising: bool) -> tuple[object, str]:
    if not isinstance(target, str):
        raise TypeError(f"what is to be changed? say {spelling}, or give the object, the attribute's name and value")
    return resolve_owner(target, raising)


def _checked(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the name of an attribute is a string, not {name!r}")
    return name


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return value
    from warnings import warn

    warn(f"environment variable {name} is set to {value!r}, which is no string: made one", stacklevel=3)
    return str(value)


def _own_attribute(target: object, name: str) -> object:
    """What stands under that name in the object itself, as it stands there: of a class a staticmethod unopened."""
    return cast("Mapping[str, object]", getattr(target, "__dict__", {})).get(name, NOTSET)


def _set_back(target: object, name: str, found: object) -> None:
    if found is not NOTSET:
        setattr(target, name, found)
    else:
        with suppress(AttributeError):  # gone already: nothing is left to do
            delattr(target, name)


def _set_item_back(target: MutableMapping[object, object], name: object, found: object) -> None:
    if found is not NOTSET:
        target[name] = found
    else:
        with suppress(KeyError):
            del target[name]


def _set_path(path: list[str], found: list[str]) -> None:
    path[:] = found
    sys.path = path
