"""Where rewriting meets the import system: what loads test files, and what finds the packages that are rewritten too.

All of this is loaded at every start. The rewriter is loaded if a file's code is not in the cache, and what writes
messages if an assert fails.
"""

import sys
from _frozen_importlib_external import PathFinder  # importlib.machinery has it too
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType

from rustest.assertion.cache import Rewritten, load_code, stamp_of, store_code
from rustest.assertion.sketch import EXPLAIN, Sketch
from rustest.model.settings import Settings

_NO_MESSAGE = object()
_verbosity = 0


def loader(name: str, path: str) -> SourceFileLoader:
    """What loads a module with its asserts rewritten; with `-O` there are none, and so nothing to rewrite."""
    return RewritingLoader(name, path) if __debug__ else SourceFileLoader(name, path)


@contextmanager
def rewriting(settings: Settings) -> Generator[None]:
    """Rewrite the packages of the settings as they are imported, and write messages as the settings say."""
    global _verbosity
    finder, outer = _PackageFinder(settings.assert_packages), _verbosity
    _verbosity = settings.verbosity
    if settings.assert_packages:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        _verbosity = outer
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)


def explain_failure(sketch: Sketch, *values: object, message: object = _NO_MESSAGE) -> str:
    """The message of a failed assert: the user's own first. This very function stands for values that there are not."""
    from rustest.assertion.explain import explain, text_of

    explanation = explain(sketch, values, explain_failure, _verbosity)
    return explanation if message is _NO_MESSAGE else f"{text_of(message)}\n{explanation}"


class RewritingLoader(SourceFileLoader):
    """Loads a module's rewritten code, from the cache where it can."""

    def get_code(self, fullname: str) -> CodeType:  # importlib's own signature
        """The code of the module; warns of asserts that can never fail, also if it was compiled long ago."""
        stamp = stamp_of(self.path)
        rewritten = load_code(self.path, stamp) or self._compile(stamp)
        for line in rewritten.always_true:
            _warn(self.path, line)
        return rewritten.code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, which finds what explains its asserts among its globals."""
        module.__dict__[EXPLAIN] = explain_failure
        super().exec_module(module)

    def _compile(self, stamp: bytes) -> Rewritten:
        from rustest.assertion.rewrite import compile_module

        rewritten = compile_module(self.get_data(self.path), self.path)
        store_code(rewritten, self.path, stamp, self.set_data)
        return rewritten


class _PackageFinder:
    """Finds the modules of some packages as Python does, and has them loaded rewritten."""

    def __init__(self, packages: Collection[str]) -> None:
        self._packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec; None for what is in none of the packages, or is no source file."""
        if not any(fullname == package or fullname.startswith(f"{package}.") for package in self._packages):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None
        spec.loader = loader(fullname, spec.loader.path)
        return spec


def _warn(path: str, line: int) -> None:
    from warnings import warn_explicit

    message = (
        "this assert can never fail: it asserts a tuple, and a tuple that is not empty is always true; "
        "remove its parentheses, to assert what stands first in it"
    )
    warn_explicit(message, SyntaxWarning, path, line)
