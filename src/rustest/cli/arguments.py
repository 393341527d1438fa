"""The command line, read by the table of options."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rustest.cli.kinds import STEPS, Kind
from rustest.cli.options import OPTIONS, Option, check_values, default_of, nearest
from rustest.model.errors import UsageError
from rustest.model.version import VERSION

if TYPE_CHECKING:
    from argparse import ArgumentParser

DESCRIPTION = "Run tests. Async tests overlap, each on an event loop of its own."


def parse_arguments(argv: Sequence[str]) -> Mapping[str, object]:
    """The settings that the command line decides; raises UsageError, and SystemExit after `--help` or `--version`."""
    if not any(argument.startswith("-") for argument in argv):  # paths alone need no argparse: 6 ms of start-up
        return {"paths": tuple(argv)}
    from argparse import ArgumentError

    try:
        namespace, unknown = make_parser().parse_known_intermixed_args([*_fill_in(argv)])
    except ArgumentError as error:
        raise UsageError(str(error).removeprefix("argument ")) from None
    if unknown:
        raise UsageError(f"there is no option {unknown[0]}{nearest(unknown[0].partition('=')[0], _flags())}")
    given: dict[str, object] = vars(namespace)
    if given.pop("version", False):
        print(f"rustest {VERSION}")
        raise SystemExit(0)
    return check_values(given, "command line")


def _fill_in(argv: Sequence[str]) -> Iterator[str]:
    """The arguments, with a value for each flag that may stand without one and does."""
    bare = {flag: option for option in OPTIONS if option.bare for flag in option.flags}
    for argument, following in zip_longest(argv, argv[1:], fillvalue=""):
        option = bare.get(argument)
        yield argument if option is None or _can_be(option.kind, following) else f"{argument}={option.bare}"


def _can_be(kind: Kind, text: str) -> bool:
    try:
        kind.check(kind.read(text))
    except ValueError:
        return False
    return True


def make_parser() -> "ArgumentParser":
    """The parser of the table; what the command line does not say is not in its namespace."""
    from argparse import SUPPRESS, ArgumentParser

    parser = ArgumentParser(
        "rustest", description=DESCRIPTION, argument_default=SUPPRESS, exit_on_error=False, allow_abbrev=False
    )
    for option in OPTIONS:
        if option.flags:
            _add(parser, option)
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _add(parser: "ArgumentParser", option: Option) -> None:
    if option.positional:
        parser.add_argument(*option.flags, nargs="*", metavar=option.metavar, help=option.help)
    elif option.const is not None:
        action = "append_const" if option.kind is STEPS else "store_const"
        parser.add_argument(*option.flags, dest=option.key, action=action, const=option.const, help=option.help)
    else:
        action = "append" if option.kind.repeats else "store"
        read = _reader(option.kind)
        parser.add_argument(
            *option.flags, dest=option.key, action=action, type=read, metavar=option.metavar, help=_help(option)
        )


def _reader(kind: Kind) -> Callable[[str], object]:
    from argparse import ArgumentTypeError

    def read(text: str) -> object:
        try:
            given = kind.read(text)
            checked = kind.check(given)
        except ValueError:
            raise ArgumentTypeError(f"expected {kind.expected}, not {text!r}") from None
        return given if kind.repeats else checked  # of several, the list of all is checked in the end

    return read


def _help(option: Option) -> str:
    default = default_of(option.key)
    return f"{option.help} (default: {default})" if isinstance(default, int | float) else option.help


def _flags() -> list[str]:
    return ["--help", "--version", *(flag for option in OPTIONS for flag in option.flags if not option.positional)]
