"""`parser`, as `pytest_addoption` gets it: the options and settings that conftest files and plugins bring along."""

import os
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rustest.compat.settings.ini_kinds import IniKind
from rustest.model.pytest_settings import Declared

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

StrPath = str | os.PathLike[str]

_KINDS: Mapping[str | None, IniKind] = {
    None: IniKind.TEXT,
    "string": IniKind.TEXT,
    "bool": IniKind.BOOL,
    "args": IniKind.ARGS,
    "linelist": IniKind.LINES,
    "paths": IniKind.PATHS,
    "pathlist": IniKind.PATHS,
    "int": IniKind.COUNT,
    "float": IniKind.NUMBER,
}
_NOT_GIVEN = object()
_EMPTY: Mapping[IniKind, object] = {
    IniKind.TEXT: "",
    IniKind.BOOL: False,
    IniKind.COUNT: 0,
    IniKind.NUMBER: 0.0,
}


class IniOption(NamedTuple):
    """A setting that a plugin reads from pytest's files."""

    name: str
    kind: IniKind
    default: object


class OptionGroup:
    """Some options that belong together; here, all are read alike."""

    def __init__(self, parser: "Parser", name: str) -> None:
        self.name = name
        self._parser = parser

    def addoption(self, *flags: str, **attributes: object) -> None:
        """Add an option, as `argparse` has them."""
        self._parser.addoption(*flags, **attributes)

    _addoption = addoption


class Parser:
    """Takes down what plugins declare; the command line is read when all have."""

    def __init__(self, known: Mapping[str, object] = MappingProxyType({}), *, _ispytest: bool = True) -> None:
        self._known = known
        """The values of pytest's own options, which are read elsewhere."""
        self.ini: dict[str, IniOption] = {}
        self.destinations: dict[str, str] = {}
        """By flag the name under which its value is kept."""
        self._options: list[tuple[tuple[str, ...], Mapping[str, object]]] = []
        self._adding: set[str] = set()
        self._groups: dict[str, OptionGroup] = {}

    def addoption(self, *flags: str, **attributes: object) -> None:
        """Add an option, as `argparse` has them."""
        flags = tuple(flag for flag in flags if flag)
        name = str(attributes.get("dest") or _destination(flags))
        self._options.append((flags, {**attributes, "dest": name}))
        if attributes.get("action") in ("append", "append_const", "extend", "count"):
            self._adding.add(name)
        self.destinations.update(dict.fromkeys((*flags, name), name))

    def getgroup(self, name: str, description: str = "", after: str | None = None) -> OptionGroup:
        """The group of that name, made if there is none."""
        return self._groups.setdefault(name, OptionGroup(self, name))

    addgroup = getgroup

    def addini(
        self,
        name: str,
        help: str,
        type: str | None = None,
        default: object = _NOT_GIVEN,
        *,
        aliases: Sequence[str] = (),
    ) -> None:
        """Declare a setting of pytest's files, of the kind `type` and with that default."""
        if type not in _KINDS:
            raise ValueError(f"addini({name!r}): the type is {type!r}, expected one of {', '.join(map(repr, _KINDS))}")
        kind = _KINDS[type]
        option = IniOption(name, kind, _EMPTY.get(kind, []) if default is _NOT_GIVEN else default)
        self.ini.update(dict.fromkeys((name, *aliases), option))

    def extend(self, parser: "ArgumentParser", prefix: str) -> None:
        """Teach a parser the options, the names of their values after that prefix, which say nothing if not given."""
        from argparse import SUPPRESS

        for flags, attributes in self._options:
            given = {**attributes, "dest": f"{prefix}{attributes['dest']}", "default": SUPPRESS}
            parser.add_argument(*flags, **cast("Mapping[str, Any]", given))

    def values(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """The values of all options; of those that add up, what is given comes after the default."""
        values = dict(self.defaults())
        for name, value in given.items():
            default = values.get(name)
            if isinstance(default, list) and isinstance(value, list) and name in self._adding:
                values[name] = [*cast("list[object]", default), *cast("list[object]", value)]
            elif isinstance(default, int) and isinstance(value, int) and name in self._adding:
                values[name] = default + value
            else:
                values[name] = value
        return values

    def defaults(self) -> Mapping[str, object]:
        """The values of options that nobody gives, by name."""
        return vars(self._argument_parser().parse_args([])) if self._options else {}

    def parse(self, args: Iterable[StrPath], namespace: "Namespace | None" = None) -> "Namespace":
        """What these words say of the options that are declared; argparse ends the program if one is not."""
        parser = self._argument_parser()
        parser.add_argument("file_or_dir", nargs="*")
        words = [os.fspath(word) for word in args]
        return parser.parse_args(words) if namespace is None else parser.parse_args(words, namespace)

    def parse_known_args(self, args: Iterable[StrPath], namespace: "Namespace | None" = None) -> "Namespace":
        """What these words say of the options that are declared by now, beside what is known of pytest's own."""
        return self.parse_known_and_unknown_args(args, namespace)[0]

    def parse_known_and_unknown_args(
        self, args: Iterable[StrPath], namespace: "Namespace | None" = None
    ) -> "tuple[Namespace, list[str]]":
        """The same, and the words that say something else."""
        parser = self._argument_parser()
        parser.set_defaults(**{name: value for name, value in self._known.items() if name not in self.destinations})
        words = [os.fspath(word) for word in args]
        return parser.parse_known_args(words) if namespace is None else parser.parse_known_args(words, namespace)

    def _argument_parser(self) -> "ArgumentParser":
        from argparse import ArgumentParser

        parser = ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
        for flags, attributes in self._options:
            given = {key: value for key, value in attributes.items() if key != "required"}
            parser.add_argument(*flags, **cast("Mapping[str, Any]", given))
        return parser

    def declared(self) -> Declared:
        """The names of all settings and options."""
        return Declared(tuple(self.ini), tuple(flag for flags, _ in self._options for flag in flags))


def _destination(flags: tuple[str, ...]) -> str:
    """As argparse names it: by the first long flag."""
    if not flags:
        raise ValueError("addoption: give the option a flag, such as '--size'")
    long = next((flag for flag in flags if flag.startswith("--")), flags[0])
    return long.lstrip("-").replace("-", "_")
