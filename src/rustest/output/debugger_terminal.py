"""pdb talks to the terminal, wherever it is started from: the output of tests may be going elsewhere.

It is imported by whoever first wants it, so a finder waits for that import; nothing is paid for by tests that do
without. `breakpoint()` comes this way too.
"""

import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from rustest.model.hints import TYPE_CHECKING, Protocol, cast
from rustest.output.routing import current_routing

if TYPE_CHECKING:
    from pdb import Pdb

_PDB = "pdb"


class _Loader(Protocol):
    def create_module(self, spec: ModuleSpec) -> ModuleType | None: ...

    def exec_module(self, module: ModuleType) -> None: ...


class DebuggerTerminal:
    """A context in which every pdb has the terminal."""

    def __init__(self) -> None:
        self._undo: Callable[[], None] = _do_nothing

    def __enter__(self) -> None:
        if _PDB in sys.modules:
            self._bind(sys.modules[_PDB])
        else:
            sys.meta_path.insert(0, self)

    def __exit__(self, *_: object) -> None:
        self._stop_waiting()
        self._undo()

    def _stop_waiting(self) -> None:
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    # --- the import of pdb ----------------------------------------------------------------------------------

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """Find pdb as it would be found without this; nothing else."""
        if name != _PDB or (spec := PathFinder.find_spec(name, path)) is None:
            return None
        self._loader = cast("_Loader", spec.loader)
        spec.loader = self  # type: ignore[assignment]
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave that to the loader."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run pdb's code, and bind what it has made to the terminal."""
        module.__loader__ = self._loader  # type: ignore[assignment]
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader  # type: ignore[assignment]
        self._stop_waiting()
        self._loader.exec_module(module)
        self._bind(module)

    def _bind(self, module: ModuleType) -> None:
        kind = cast("type[Pdb]", module.Pdb)
        usual = kind.interaction

        def interaction(debugger: "Pdb", *arguments: object) -> None:
            with _on_terminal(debugger):
                usual(debugger, *arguments)  # type: ignore[arg-type]

        def undo() -> None:
            kind.interaction = usual  # type: ignore[method-assign]

        kind.interaction = interaction  # type: ignore[assignment,method-assign]
        self._undo = undo


def _do_nothing() -> None:
    pass


@contextmanager
def _on_terminal(debugger: "Pdb") -> Generator[None]:
    """Have the debugger read and write where the process does; one with streams of its own keeps them."""
    if debugger.stdout not in (sys.stdout, sys.__stdout__):
        yield
        return
    before, sys.stdin = sys.stdin, sys.__stdin__ or sys.stdin
    try:
        with current_routing().put_aside(), _usual_interrupts():
            debugger.stdin, debugger.stdout = sys.stdin, sys.stdout
            yield
    finally:
        sys.stdin = before


@contextmanager
def _usual_interrupts() -> Generator[None]:
    """Have Ctrl-C end what is typed at the prompt, and not the run."""
    try:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # off the main thread there are no signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
