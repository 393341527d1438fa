"""Importing test files and conftest files: one module for each file, whatever else has its name."""

import os
import sys
from _frozen_importlib import module_from_spec  # importlib.util has it too, for a millisecond of start-up
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType

from rustest.assertion.hook import loader, rewrite_also
from rustest.collect.discover import near_names, node_path
from rustest.collect.errors import CollectError, failure_of, problem_of
from rustest.model.choices import ImportMode
from rustest.model.debuggers import has_quit_debugger
from rustest.model.errors import Exit, Skipped, skip_of
from rustest.model.failure import Failure, Phase, describe
from rustest.model.hints import assert_never
from rustest.model.item import Problem, SkippedFile
from rustest.model.settings import Settings
from rustest.output.owner import OWNER, Owner, sections
from rustest.output.routing import current_routing

_INIT, _CONFTEST = "__init__.py", "conftest.py"
_CLASHING = (ImportMode.PREPEND, ImportMode.APPEND)
"""In which a name belongs to the file that came first."""


class Importer:
    """Imports files as `import` would from the folder that holds their outermost package, and remembers them."""

    def __init__(self, settings: Settings) -> None:
        self._rootdir = settings.rootdir
        self._mode = settings.import_mode
        self._seeks_namespaces = settings.consider_namespace_packages
        self._modules: dict[str, ModuleType] = {}

    def import_file(self, path: str) -> ModuleType | Problem | SkippedFile:
        """The module of that file, or why there is none: it failed, or skips itself.

        What it prints goes with its problem, or else belongs to no test.
        """
        file = node_path(path, self._rootdir)
        owner = Owner(file, Phase.COLLECT)
        earlier = OWNER.set(owner)
        try:
            found = self._try(path, file)
        finally:
            OWNER.reset(earlier)
        if isinstance(found, Problem):
            return found._replace(output=sections(owner.close()))
        current_routing().leave_loose(owner)
        return found

    def _try(self, path: str, file: str) -> ModuleType | Problem | SkippedFile:
        try:
            return self.load(path)
        except KeyboardInterrupt:
            raise
        except Exit as ended:
            raise Exit(ended.reason) from None  # as in pytest, an import that ends the run does not choose the status
        except CollectError as error:
            return problem_of(error, file)
        except Skipped as skipped:
            return (
                SkippedFile(file, skipped.reason)
                if skipped.allow_module_level
                else Problem(file, _explain_skip(skipped))
            )
        except BaseException as error:  # whatever a file raises, SystemExit too, must not keep the others from running
            if has_quit_debugger(error):
                raise KeyboardInterrupt from None
            unittests = skip_of(error)
            return SkippedFile(file, unittests.reason) if unittests else Problem(file, self._failure_of(error))

    def _failure_of(self, error: BaseException) -> Failure:
        failure = failure_of(error)
        if isinstance(error, ModuleNotFoundError):
            from rustest.collect.absent_modules import hint_at

            if hint := hint_at(error, self._rootdir):
                return failure.noting(hint)
        return failure

    def _open_path(self, path: str) -> None:
        """Make the file's neighbours importable, as the mode has it; a file in a namespace package is already."""
        if self._seeks_namespaces:
            from rustest.collect.path_names import name_in_namespace

            if name_in_namespace(path) is not None:
                return
        match self._mode:
            case ImportMode.APART | ImportMode.PREPEND:
                prepend_path(_import_root(path))
            case ImportMode.APPEND:
                if (root := _import_root(path)) not in sys.path:
                    sys.path.append(root)
            case ImportMode.IMPORTLIB:
                pass
            case _:
                assert_never(self._mode)

    def load(self, path: str) -> ModuleType:
        """The module of that file, imported as test files are if it is not yet; raises whatever the file raises."""
        self._open_path(path)
        return self.module(path)

    def module(self, path: str) -> ModuleType:
        """The module of that file, imported if it is not yet; raises whatever the file raises."""
        module = self._modules.get(path)
        if module is None:
            module = self._modules[path] = self._import(path)
        return module

    def _import(self, path: str) -> ModuleType:
        folder, name = _place(path)
        if (by_path := self._name_by_path(path, folder)) is not None:
            return self._import_as(by_path, path)
        parent = self.module(os.path.join(folder, _INIT)) if is_package(folder) else None
        full_name = f"{parent.__name__}.{name}" if parent else name
        known = sys.modules.get(full_name)
        if known is not None and _is_from(known, path):
            return known
        module = _execute(full_name if known is None else self._second_name(known, path), path)
        if parent:
            setattr(parent, name, module)
        return module

    def _name_by_path(self, path: str, folder: str) -> str | None:
        """The name of a file that is called by its path, or by folders that are packages only by their place."""
        if self._seeks_namespaces:
            from rustest.collect.path_names import name_in_namespace

            if (name := name_in_namespace(path)) is not None:
                return name
        if self._mode is ImportMode.IMPORTLIB and not is_package(folder) and os.path.basename(path) != _INIT:
            from rustest.collect.path_names import name_by_path

            return name_by_path(path, self._rootdir)
        return None

    def _import_as(self, name: str, path: str) -> ModuleType:
        from rustest.collect.path_names import open_parents

        known = sys.modules.get(name)
        if known is not None and _is_from(known, path):
            return known
        open_parents(name, path)
        return _execute(name if known is None else self._second_name(known, path), path)

    def _second_name(self, known: ModuleType, path: str) -> str:
        """A name for a file whose own name is taken."""
        if os.path.basename(path) == _INIT and known not in self._modules.values():
            raise CollectError(_explain_taken_name(known, path))
        if self._mode in _CLASHING and os.path.basename(path) != _CONFTEST:
            raise CollectError(_explain_clash(known, path))
        # Python knows one module by each name. The second `test_x.py` is therefore called by its path below the root
        # folder, `b.test_x`, with as many underscores after it as it takes to be the only one of that name.
        name = node_path(os.path.join(*_place(path)), self._rootdir).replace(".", "_").replace("/", ".")
        while name in sys.modules:
            name += "_"
        return name


def prepend_paths(settings: Settings) -> None:
    """Make the folders of `pythonpath` the first that `import` looks into."""
    for folder in reversed(settings.pythonpath):
        prepend_path(os.path.normpath(os.path.join(settings.rootdir, folder)))


def missing_paths(settings: Settings) -> Iterator[str]:
    """What to say of the folders of `pythonpath` that are not there, a line each.

    It is asked when all files have been imported: a conftest may make such a folder.
    """
    for entry in settings.pythonpath:
        path = os.path.normpath(os.path.join(settings.rootdir, entry))
        if not os.path.exists(path):  # `import` looks into archives as well
            near = near_names(os.path.normpath(entry), path)
            yield f"pythonpath in the settings names {entry!r}, and there is no such folder{near}"


def prepend_path(folder: str) -> None:
    """Make a folder the first that `import` looks into."""
    if sys.path[:1] != [folder]:
        if folder in sys.path:
            sys.path.remove(folder)
        sys.path.insert(0, folder)


def is_package(folder: str) -> bool:
    """Whether the folder can be imported as a package with an `__init__.py`."""
    return os.path.basename(folder).isidentifier() and os.path.isfile(os.path.join(folder, _INIT))


def _import_root(path: str) -> str:
    """The first folder upwards that is not a package: where importing the file starts."""
    folder = os.path.dirname(path)
    while is_package(folder):
        folder = os.path.dirname(folder)
    return folder


def _place(path: str) -> tuple[str, str]:
    """The folder in which `import` finds the file, and the name by which it does."""
    folder, base = os.path.split(path)
    return os.path.split(folder) if base == _INIT else (folder, base.removesuffix(".py"))


def _is_from(module: ModuleType, path: str) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and (file == path or os.path.realpath(file) == os.path.realpath(path))


def _execute(name: str, path: str) -> ModuleType:
    """Run the file as the module of that name, which stands in `sys.modules` from before its first line."""
    file_loader = loader(name, path)
    spec = ModuleSpec(name, file_loader, origin=path, is_package=os.path.basename(path) == _INIT)
    spec.has_location = True
    if spec.submodule_search_locations is not None:
        spec.submodule_search_locations.append(os.path.dirname(path))
    module = sys.modules[name] = module_from_spec(spec)
    try:
        file_loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def fill_module(module: ModuleType, path: str) -> None:
    """Run a file as that module, with its asserts rewritten."""
    loader(module.__name__, path).exec_module(module)


def explain_asserts(packages: Iterable[str]) -> None:
    """Rewrite the asserts of these packages and modules where they are imported, as long as the run lasts."""
    if wanted := tuple(packages):
        rewrite_also(*wanted)


def _explain_skip(skipped: Skipped) -> Failure:
    message = "skip() outside of a test: to skip the whole file, call it with allow_module_level=True"
    return describe(skipped, Phase.COLLECT)._replace(type="", message=f"{message} (its reason: {skipped.reason})")


def _explain_clash(known: ModuleType, path: str) -> str:
    return (
        f"a file of this name is already imported, {getattr(known, '__file__', None) or 'of Python itself'}: "
        f"rename {os.path.basename(path)}, make its folder a package with {_INIT}, or use --import-mode importlib"
    )


def _explain_taken_name(known: ModuleType, path: str) -> str:
    origin = getattr(known, "__file__", None) or "Python itself"
    return (
        f"the folder {os.path.dirname(path)} is the package {known.__name__!r}, "
        f"but a package of that name is already imported from {origin}: "
        f"rename the folder, remove its {_INIT}, or keep the other from being imported first"
    )
