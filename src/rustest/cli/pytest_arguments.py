"""A command line as pytest reads it: its options beside rustest's, and those of plugins left to whoever knows them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from rustest.cli.options import check_values
from rustest.cli.parser import fill_in, make_parser, show_version
from rustest.compat.settings.option_values import find_packages, option_values
from rustest.compat.settings.options import PYTEST_OPTIONS, PytestOption, Takes
from rustest.model.errors import UsageError
from rustest.model.pytest_settings import Extend

if TYPE_CHECKING:
    from argparse import ArgumentParser


class PytestArguments(NamedTuple):
    """What a command line says."""

    given: Mapping[str, object] = MappingProxyType({})
    """Settings of rustest, checked."""
    options: Mapping[str, object] = MappingProxyType({})
    """Options of pytest's that are none of rustest's, by their names."""
    unknown: tuple[str, ...] = ()
    """Options that are neither."""
    argv: tuple[str, ...] = ()


def parse_pytest_arguments(argv: Sequence[str], where: str, extend: Extend | None = None) -> PytestArguments:
    """Read a command line by both tables; raises UsageError, which begins with `where` for a wrong value."""
    from argparse import ArgumentError

    try:
        namespace, unknown = _make_parser(extend).parse_known_intermixed_args([*fill_in(argv)])
    except ArgumentError as error:
        raise UsageError(f"{where}: {str(error).removeprefix('argument ')}") from None
    said: dict[str, object] = vars(namespace)
    options = {name.removeprefix(_DEST): said.pop(name) for name in [*said] if name.startswith(_DEST)}
    if said.pop("version", False) or options.get("version"):
        show_version()
    values = {**said, **option_values(options)}
    if options.get("pyargs"):
        values["paths"] = find_packages(cast("list[str]", said.get("paths", [])))
    return PytestArguments(check_values(values, where), options, tuple(unknown), tuple(argv))


_DEST = "pytest:"
"""Keeps the names of pytest's options apart from rustest's keys."""


def _make_parser(extend: Extend | None) -> "ArgumentParser":
    parser = make_parser((), for_more=True)
    for row in PYTEST_OPTIONS:
        _add(parser, row)
    if extend is not None:
        extend(parser, _DEST)
    return parser


def _add(parser: "ArgumentParser", row: PytestOption) -> None:
    match row.takes:
        case Takes.NOTHING:
            parser.add_argument(*row.flags, dest=_DEST + row.name, action="store_true")
        case Takes.VALUE:
            parser.add_argument(*row.flags, dest=_DEST + row.name, metavar="VALUE", choices=row.choices or None)
        case Takes.VALUES:
            parser.add_argument(*row.flags, dest=_DEST + row.name, action="append", metavar="VALUE")
        case Takes.MAYBE:
            parser.add_argument(*row.flags, dest=_DEST + row.name, nargs="?", const=True, metavar="VALUE")
