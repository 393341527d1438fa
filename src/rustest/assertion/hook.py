"""Where rewriting meets the import system: what loads test files, and what finds the packages that are rewritten too.

All of this is loaded at every start. The rewriter is loaded if a file's code is not in the cache, and what writes
messages if an assert fails.
"""

import os
import sys
from _frozen_importlib_external import PathFinder  # importlib.machinery has it too
from collections.abc import Collection, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from marshal import loads
from types import CodeType, ModuleType

from rustest.assertion.cache import Hidden, Rewritten, cache_path, load_code, stamp_of, store_code
from rustest.assertion.sketch import EXPLAIN
from rustest.model.hints import TYPE_CHECKING
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from rustest.assertion.explain import Ask

_NO_MESSAGE = object()
_verbosity = 0
_ask: "Ask | None" = None


def loader(name: str, path: str) -> SourceFileLoader:
    """What loads a module with its asserts rewritten; with `-O` there are none, and so nothing to rewrite."""
    return RewritingLoader(name, path) if __debug__ else SourceFileLoader(name, path)


@contextmanager
def rewriting(settings: Settings) -> Generator[None]:
    """Rewrite the packages of the settings as they are imported, and write messages as the settings say."""
    global _verbosity, _ask  # rewritten code can bring nothing along to know its run by
    outer, _verbosity, _ask = (_verbosity, _ask), settings.verbosity, None
    before = sys.meta_path[:]
    try:
        with _finding(settings.assert_packages, ()):
            yield
    finally:
        _verbosity, _ask = outer
        sys.meta_path[:] = [one for one in sys.meta_path if one in before or not isinstance(one, _Finder)]


def ask_first(ask: "Ask") -> None:
    """Ask that one what values differ in, as long as the run lasts, before the message says it by itself."""
    global _ask  # noqa: PLW0603 # as above
    _ask = ask


def rewrite_also(*packages: str) -> None:
    """Rewrite these packages and modules too, as long as the run lasts, where they are imported from now on."""
    sys.meta_path.insert(0, _Finder(packages, ()))


def rewriting_files(paths: Collection[str]) -> AbstractContextManager[None]:
    """Rewrite those files also where another imports them before their turn, as it may for a base class of tests."""
    return _finding((), paths)


@contextmanager
def _finding(packages: Collection[str], paths: Collection[str]) -> Generator[None]:
    if not packages and not paths:
        yield
        return
    finder = _Finder(packages, paths)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)


def explain_failure(sketch: bytes, message: object = _NO_MESSAGE) -> str:
    """The message of the assert that calls this, the user's own first; the sketch is as `marshal` writes it.

    Called from the assert, it looks the values up in there. Itself, it stands for values that there are not.
    """
    from rustest.assertion.explain import explain, text_of

    assert_of = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] # inspect's takes longer to import than to ask
    explanation = explain(loads(sketch), assert_of, _verbosity, _ask)  # noqa: S302 # the rewriter wrote it
    return explanation if message is _NO_MESSAGE else f"{text_of(message)}\n{explanation}"


class RewritingLoader(SourceFileLoader):
    """Loads a module's rewritten code, from the cache where it can."""

    def get_code(self, fullname: str) -> CodeType:
        """The code of the module; warns of tests that never run, also if it was compiled long ago."""
        stamp = stamp_of(self.path)
        rewritten = load_code(self.path, stamp) or self._compile(stamp)
        for hidden in rewritten.hidden:
            _warn(self.path, hidden)
        return rewritten.code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, which finds what explains its asserts among its globals."""
        module.__dict__[EXPLAIN] = explain_failure
        module.__dict__["__cached__"] = cache_path(self.path)
        super().exec_module(module)

    def _compile(self, stamp: bytes) -> Rewritten:
        from rustest.assertion.rewrite import compile_module

        rewritten = compile_module(self.get_data(self.path), self.path)
        store_code(rewritten, self.path, stamp, self.set_data)
        return rewritten


class _Finder:
    """Finds the modules of some packages and files as Python does, and has them loaded rewritten."""

    def __init__(self, packages: Collection[str], paths: Collection[str]) -> None:
        self._packages = frozenset(packages)
        self._below = tuple(f"{package}." for package in packages)
        self._paths = frozenset(paths)
        self._names = frozenset(os.path.basename(path).removesuffix(".py") for path in paths)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec; None for what is none of these, or is no source file."""
        is_packaged = fullname in self._packages or fullname.startswith(self._below)
        if not is_packaged and fullname.rpartition(".")[2] not in self._names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None
        if not is_packaged and spec.loader.path not in self._paths:
            return None
        spec.loader = loader(fullname, spec.loader.path)
        return spec


def _warn(path: str, hidden: Hidden) -> None:
    from warnings import warn_explicit

    message = f"{hidden.name} never runs: another one of that name, in line {hidden.by}, hides it; rename one of them"
    try:
        warn_explicit(message, SyntaxWarning, path, hidden.line)
    except SyntaxWarning:  # the filters make an error of it, as which Python has the compiler's warnings come too
        raise SyntaxError(message, (path, hidden.line, None, None)) from None
