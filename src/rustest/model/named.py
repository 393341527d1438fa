"""What a setting names as `package.module:name`, for no object can stand in a settings file or on a command line."""

from collections.abc import Callable

from rustest.model.errors import UsageError
from rustest.model.hints import cast

Factory = Callable[[], object]


def load_named(setting: str, written: str | Factory) -> Factory:
    """The function or class that the value of the setting names; raises UsageError where there is none."""
    if not isinstance(written, str):
        return written
    from importlib import import_module

    module, _, path = written.partition(":")
    try:
        found: object = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except Exception as error:  # whatever the user's module raises
        cause = f"{type(error).__name__}: {error}"
        raise UsageError(f"{setting} in the settings is {written!r}, which cannot be imported: {cause}") from error
    if not callable(found):
        raise UsageError(f"{setting} in the settings is {written!r}, which is no function but {found!r}")
    return cast("Factory", found)
