"""What pytest's own files and options say, as a run with the pytest door open keeps it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from rustest.model.settings import Settings

NOTHING: Mapping[str, object] = MappingProxyType({})


Extend = Callable[["ArgumentParser", str], None]
"""Teaches a parser more options, whose values it keeps under names that begin with that text."""


class Declared(NamedTuple):
    """What plugins and conftest files have declared."""

    settings: tuple[str, ...] = ()
    """The names of settings in pytest's files."""
    flags: tuple[str, ...] = ()
    """Of options."""


Reread = Callable[[Extend, Declared], "Settings"]
"""Reads the command line once more, with the options of plugins, and knows the names of what they have declared."""


class IniValue(NamedTuple):
    """One value of pytest's settings as it was written."""

    value: object
    """A text or a list of texts; out of a native TOML table, whatever TOML has there."""
    native: bool = False
    """Whether it stands in a native TOML table, where each value has the type that pytest asks for."""
    origin: str = ""
    """Where it was written: the file, or `-o`."""


class PytestSettings(NamedTuple):
    """pytest's settings of one run; nothing in it is interpreted beyond what finding it takes."""

    rootdir: str = ""
    """pytest's root folder; absolute."""
    file: str | None = None
    """The configuration file; None where there is none."""
    invocation_dir: str = ""
    """The folder in which the command was called."""
    ini: Mapping[str, IniValue] = MappingProxyType({})
    """By name the values of the file, those of `-o` over them."""
    argv: tuple[str, ...] = ()
    """All arguments: those of `addopts`, then those of PYTEST_ADDOPTS, then those of the command line."""
    options: Mapping[str, object] = NOTHING
    """The options of pytest's that rustest has no setting for, by their names for `config.getoption`, where given."""
    unknown: tuple[str, ...] = ()
    """The options that neither rustest nor its part of pytest knows: a plugin may."""
    unsettled: tuple[str, ...] = ()
    """The names in `ini` that rustest knows nothing of: a plugin may."""
    strict_config: bool = False
    """Whether a name in `ini` that nobody knows is an error."""
    reread: Reread | None = None
    """How to read all again once plugins are known; raises UsageError for what is unknown even then."""
    warnings: tuple[str, ...] = ()
    """What cannot be honoured and changes what tests do, one line each."""
    notes: tuple[str, ...] = ()
    """What cannot be honoured and changes nothing that counts, one line each."""
    idle: tuple[str, ...] = ()
    """The settings and options that `notes` are of, by name."""

    def tell(self, *, verbose: bool) -> tuple[str, ...]:
        """What to say before the first test, a line each: what has no effect here, and if `verbose` why."""
        if verbose:
            return (f"pytest's settings: {self.file or 'none'}", *self.warnings, *self.notes)
        return (*self.warnings, *([f"without effect here: {', '.join(self.idle)}"] if self.idle else ()))
