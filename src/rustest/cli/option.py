"""An option: one row of the table."""

from rustest.cli.kinds import Kind
from rustest.model.record import NamedTuple


class Option(NamedTuple):
    """One way to decide a setting."""

    key: str
    """The field of Settings."""
    kind: Kind
    help: str
    flags: tuple[str, ...] = ()
    """How the command line says it; a name without dashes stands for all arguments that are no flags."""
    metavar: str = ""
    const: object = None
    """What the flag means, where it takes no value."""
    once: bool = False
    """Whether it belongs to a single run, so that `[tool.rustest]` may not decide it."""
    bare: str | None = None
    """What the flag means where no value follows that could be one; None where one must."""

    @property
    def positional(self) -> bool:
        """Whether it takes the arguments that are no flags."""
        return bool(self.flags) and not self.flags[0].startswith("-")
