"""`AssertionRewritingHook`: the loader that suites give to modules which they write and import by themselves."""

from importlib.machinery import ModuleSpec
from types import ModuleType

from rustest.collect.importer import fill_module


class AssertionRewritingHook:
    """Loads a module with its asserts rewritten."""

    def __init__(self, config: object = None) -> None:
        """Ask nothing of the settings: what is loaded by it is rewritten in any case."""

    def mark_rewrite(self, *names: str) -> None:
        """Take down nothing, for the same reason."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave that to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run its source; raises ImportError where it has no file."""
        origin = module.__spec__ and module.__spec__.origin
        if not origin:
            raise ImportError(f"{module.__name__} has no file whose asserts could be rewritten", name=module.__name__)
        fill_module(module, origin)
