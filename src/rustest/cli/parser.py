"""The parser of the table of options."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from itertools import zip_longest

from rustest.cli.kinds import STEPS, Kind
from rustest.cli.option import Option
from rustest.cli.options import OPTIONS, default_of
from rustest.model.hints import TYPE_CHECKING, NoReturn
from rustest.model.version import VERSION

if TYPE_CHECKING:
    from argparse import ArgumentParser

DESCRIPTION = "Run tests. Async tests overlap, each on an event loop of its own."
USAGE = """rustest [OPTION ...] [PATH ...]
       rustest doctor [--run] [OPTION ...] [PATH ...]
       rustest merge-reports OUT IN..."""
EPILOG = (
    "rustest doctor compares with pytest what is collected; with --run it says how tests wait. "
    "rustest merge-reports joins reports of several runs. What can be set in pyproject.toml as well: docs/settings.md."
)

HEADINGS = {
    "keyword": "which tests run, and how much is said",
    "workers": "several processes and machines",
    "concurrency": "overlap, limits and retries",
    "asyncio_mode": "event loops",
    "max_reruns": "tests that disturb each other",
    "lf": "the working loop",
    "tb": "what is printed",
    "assert_packages": "output, warnings and reports",
    "cov": "coverage",
    "tmp_path_retention_count": "what is told of fixtures, or in place of a run",
    "rootdir": "files and their import",
}
"""Where `--help` begins a group of the table: what stands above the first row that decides that setting."""

_WIDTH = 80


def fill_in(argv: Sequence[str]) -> Iterator[str]:
    """The arguments, with a value for each flag that may stand without one and does."""
    bare = {flag: option for option in OPTIONS if option.bare is not None for flag in option.flags}
    for argument, following in zip_longest(argv, argv[1:], fillvalue=""):
        option = bare.get(argument)
        yield argument if option is None or _can_be(option.kind, following) else f"{argument}={option.bare}"


def _can_be(kind: Kind, text: str) -> bool:
    if not text or text.startswith("-"):
        return False
    try:
        kind.check(kind.read(text))
    except ValueError:
        return False
    return True


def make_parser(argv: Sequence[str], *, for_more: bool = False) -> "ArgumentParser":
    """The parser of what the table has for those arguments; what they do not say is not in its namespace.

    `for_more` has all of the table, leaves room for another, whose flags win over these, and has `@file` stand for the
    lines in it.
    """
    from argparse import SUPPRESS, ArgumentParser, HelpFormatter

    needs_all = for_more or _may_say(argv, ("-h", "--help"))
    parser = ArgumentParser(
        "rustest",
        usage=USAGE,
        description=DESCRIPTION,
        epilog=EPILOG,
        # It asks how wide the terminal is, whatever it is wanted for, and that loads half a dozen modules.
        formatter_class=HelpFormatter if needs_all else partial(HelpFormatter, width=_WIDTH),
        argument_default=SUPPRESS,
        exit_on_error=False,
        allow_abbrev=False,
        conflict_handler="resolve" if for_more else "error",
        fromfile_prefix_chars="@" if for_more else None,
    )
    add: Callable[..., object] = parser.add_argument
    headings = {} if for_more or not needs_all else {**HEADINGS}  # for whoever reads them
    for option in OPTIONS:
        if heading := headings.pop(option.key, None):
            add = parser.add_argument_group(heading).add_argument
        if option.positional or (option.flags and (needs_all or _may_say(argv, option.flags))):
            _add(add, option)
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _may_say(argv: Sequence[str], flags: Sequence[str]) -> bool:
    """Whether one of the flags may be meant: `-xq` is two short ones, or `-x` and its value."""
    letters = {flag[1] for flag in flags if flag[1] != "-"}
    return any(
        word.partition("=")[0] in flags or (word[:1] == "-" != word[1:2] and not letters.isdisjoint(word))
        for word in argv
    )


def _add(add: Callable[..., object], option: Option) -> None:
    if option.positional:
        add(*option.flags, nargs="*", metavar=option.metavar, help=option.help)
    elif option.const is not None:
        action = "append_const" if option.kind is STEPS else "store_const"
        add(*option.flags, dest=option.key, action=action, const=option.const, help=option.help)
    else:
        action = "append" if option.kind.repeats else "store"
        read = _reader(option.kind)
        add(*option.flags, dest=option.key, action=action, type=read, metavar=option.metavar, help=_help(option))


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
    """What the flag means, what it takes where that is one of a few words, and the default where there is one."""
    told, default, expected = option.help, default_of(option.key), option.kind.expected
    if expected.startswith(("one of ", "'")) and expected not in told:
        told += f": {expected}"
    if isinstance(default, Enum):
        return f"{told} (default: {default.value})"
    return f"{told} (default: {default})" if default and isinstance(default, int | float) else told


def show_version() -> NoReturn:
    """Print the version and end the process."""
    print(f"rustest {VERSION}")
    raise SystemExit(0)
