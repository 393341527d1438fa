"""The `loop_factory` of the settings: by name, for no object can stand in a settings file."""

from collections.abc import Callable
from importlib import import_module

from rustest.model.errors import UsageError
from rustest.model.hints import cast

LoopFactory = Callable[[], object]


def load_loop_factory(written: str | LoopFactory | None) -> LoopFactory | None:
    """The function that `"package.module:function"` names; raises UsageError where there is none."""
    if not isinstance(written, str):
        return written
    module, _, path = written.partition(":")
    try:
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except Exception as error:  # whatever the user's module raises
        cause = f"{type(error).__name__}: {error}"
        raise UsageError(f"loop_factory in the settings is {written!r}, which cannot be imported: {cause}") from error
    if not callable(found):
        raise UsageError(f"loop_factory in the settings is {written!r}, which is no function but {found!r}")
    return cast("LoopFactory", found)
