"""The command line, read by the table of options; by pytest's too where it has to do with pytest."""

from collections.abc import Iterable, Mapping, Sequence

from rustest.model.choices import PytestCompat
from rustest.model.errors import UsageError

_COMPAT = "--pytest-compat"


def parse_arguments(argv: Sequence[str]) -> Mapping[str, object]:
    """The settings that the command line decides; raises UsageError, and SystemExit after `--help` or `--version`.

    `pytest` is among them where some of it is pytest's.
    """
    if not any(argument.startswith("-") for argument in argv):  # paths alone need no argparse: 6 ms of start-up
        return {"paths": tuple(argv)}
    if _asks_for_pytest(argv):
        return _parse_as_pytest(argv)
    from argparse import ArgumentError

    from rustest.cli.options import check_values
    from rustest.cli.parser import fill_in, make_parser, show_version

    try:
        namespace, unknown = make_parser(argv).parse_known_intermixed_args([*fill_in(argv)])
    except ArgumentError as error:
        raise UsageError(str(error).removeprefix("argument ") + _otherwise(argv)) from None
    given: dict[str, object] = vars(namespace)
    if given.pop("version", False):
        show_version()
    checked = check_values(given, "command line")
    if not unknown:
        return checked
    if checked.get("pytest_compat") is PytestCompat.OFF:
        raise UsageError(explain_unknown(unknown[0]))
    return _parse_as_pytest(argv)


def explain_unknown(option: str, others: Iterable[str] = ()) -> str:
    """That there is no such option, and which may have been meant: one of rustest's, or of those others."""
    from rustest.cli.options import nearest

    return f"there is no option {option}{nearest(option.partition('=')[0], (*_flags(), *others))}"


def _asks_for_pytest(argv: Sequence[str]) -> bool:
    modes = {mode.value for mode in PytestCompat}
    for argument, following in zip(argv, (*argv[1:], ""), strict=True):
        if argument == _COMPAT and following not in modes - {PytestCompat.ON.value}:
            return True
    return f"{_COMPAT}=on" in argv


def _parse_as_pytest(argv: Sequence[str]) -> Mapping[str, object]:
    from rustest.cli.pytest_arguments import parse_pytest_arguments
    from rustest.model.pytest_settings import PytestSettings

    arguments = parse_pytest_arguments(argv, "command line")
    typed = PytestSettings(argv=arguments.argv, options=arguments.options, unknown=arguments.unknown)
    return {**arguments.given, "pytest": typed}


def _otherwise(argv: Sequence[str]) -> str:
    """What to do about a command line that is wrong by rustest's table and right by pytest's, as with `--tb long`."""
    try:
        _parse_as_pytest(argv)
    except UsageError:
        return ""
    return "; with --pytest-compat it is read as pytest reads it"


def _flags() -> list[str]:
    from rustest.cli.options import OPTIONS

    return ["--help", "--version", *(flag for option in OPTIONS for flag in option.flags if not option.positional)]
