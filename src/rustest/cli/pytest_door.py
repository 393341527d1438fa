"""pytest's settings and options made part of a run's settings, where the run has to do with pytest."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, cast

from rustest.cli.arguments import explain_unknown
from rustest.cli.kinds import STEPS
from rustest.cli.options import OPTIONS, check_values
from rustest.cli.pytest_arguments import PytestArguments, parse_pytest_arguments
from rustest.cli.settings import layer, settle_order
from rustest.compat.glance import uses_pytest
from rustest.compat.settings.ini import Ini, IniAsked, find_ini
from rustest.compat.settings.ini_kinds import split_words
from rustest.compat.settings.ini_table import KNOWN_INI
from rustest.compat.settings.ini_values import is_strict, mean_ini, read_one, unknown_names
from rustest.compat.settings.option_values import tell_options
from rustest.compat.settings.options import PYTEST_OPTIONS
from rustest.compat.settings.requirements import check_requirements
from rustest.model.choices import AsyncioMode, ImportMode, PytestCompat
from rustest.model.errors import UsageError
from rustest.model.ids import SEPARATOR
from rustest.model.pytest_settings import Declared, Extend, PytestSettings
from rustest.model.settings import Settings

ADDOPTS = "PYTEST_ADDOPTS"

Values = Mapping[str, object]

_DEFAULTS: Values = {"asyncio_mode": AsyncioMode.STRICT, "import_mode": ImportMode.PREPEND}
"""What is otherwise in pytest, and in plugins that rustest stands in for, where nobody says anything."""
_SUMS = {option.key for option in OPTIONS if option.kind is STEPS and not option.once}
_LISTS = {"paths", *(option.key for option in OPTIONS if option.kind.repeats)}

_NOTHING_DECLARED = Declared()


class Door(NamedTuple):
    """What pytest's settings and options decide."""

    rootdir: str
    beneath: Values
    """What the files, `addopts` and PYTEST_ADDOPTS say: checked values, below what the command line says."""
    settings: PytestSettings


def settings_with_pytest(rootdir: str, table: Values | None, given: Values, extend: Extend | None = None) -> Settings:
    """The settings of a run in which pytest's count, below `[tool.rustest]` and below what the command line says.

    In auto mode they count only where a test file imports pytest. Raises UsageError for what is wrong in any of them,
    but for what nobody knows: a plugin may, and then `reread` reads all once more.
    """
    typed = {key: value for key, value in given.items() if key != "pytest"}
    door = _read_door(given, extend)
    own_root = table is not None or "rootdir" in given
    below = {key: value for key, value in door.beneath.items() if table is None or key not in table}
    with_pytest = merge([below, typed, {"pytest": door.settings}])
    settings = layer(rootdir if own_root else door.rootdir, table or {}, with_pytest)
    if settings.pytest_compat is PytestCompat.AUTO and not _is_for_pytest(settings):
        _refuse_pytests(given)
        return layer(rootdir, table or {}, typed)
    reread = partial(_reread, rootdir, table, given)
    return settings._replace(pytest=door.settings._replace(reread=reread))


def _reread(rootdir: str, table: Values | None, given: Values, extend: Extend, declared: Declared) -> Settings:
    """The same, with the options of plugins; raises UsageError for what is unknown even then."""
    typed = cast("PytestSettings | None", given.get("pytest"))
    if typed is not None:
        again = parse_pytest_arguments(typed.argv, "command line", extend)
        record = PytestSettings(argv=again.argv, options=again.options, unknown=again.unknown)
        given = {**again.given, "pytest": record}
    settings = settings_with_pytest(rootdir, table, {**given, "pytest_compat": PytestCompat.ON}, extend)
    refuse_unknown(settings, declared)
    return settle_order(_with_guesses(settings, declared.settings))


def _with_guesses(settings: Settings, known: Sequence[str]) -> Settings:
    """The settings, with a warning of each name in pytest's that nobody knows, and that is nearly a known one."""
    if (pytest := settings.pytest) is None or not (names := _unknown_to_all(pytest, known)):
        return settings
    from difflib import get_close_matches

    every = [*(row.name for row in KNOWN_INI), *known]
    said = [
        f"{pytest.file}: nobody knows the setting {name!r}; did you mean {meant!r}?"
        for name in names
        for meant in get_close_matches(name, every, n=1, cutoff=0.8)
    ]
    return settings._replace(pytest=pytest._replace(warnings=(*pytest.warnings, *said)))


def _unknown_to_all(pytest: PytestSettings, known: Collection[str]) -> list[str]:
    return [name for name in pytest.unsettled if name not in known]


def _is_for_pytest(settings: Settings) -> bool:
    try:
        return uses_pytest(settings)
    except UsageError:
        if settings.pytest is None or not settings.pytest.unknown:
            raise
    return uses_pytest(settings._replace(paths=tuple(filter(_is_there, settings.paths))))


def _is_there(argument: str) -> bool:
    """Whether it names a path; one that does not may be the value of an option of a plugin's."""
    return os.path.exists(argument.partition(SEPARATOR)[0])


def refuse_unknown(settings: Settings, declared: Declared = _NOTHING_DECLARED) -> None:
    """Raise UsageError for what nobody knows, of options and, where they are to be strict, of pytest's settings."""
    if (pytest := settings.pytest) is None:
        return
    if pytest.unknown:
        of_pytest = (flag for row in PYTEST_OPTIONS for flag in row.flags)
        raise UsageError(explain_unknown(pytest.unknown[0], (*declared.flags, *of_pytest)))
    unsettled = _unknown_to_all(pytest, declared.settings)
    if unsettled and pytest.strict_config:
        raise UsageError(f"{pytest.file}: nobody knows the setting {unsettled[0]!r}, and strict_config asks for that")


def _refuse_pytests(given: Values) -> None:
    """Raise UsageError for options which are pytest's, or nobody's, where no test is pytest's."""
    if (typed := cast("PytestSettings | None", given.get("pytest"))) is None:
        return
    if typed.unknown:
        raise UsageError(explain_unknown(typed.unknown[0]))
    for row in PYTEST_OPTIONS:
        if row.name in typed.options:
            raise UsageError(
                f"{row.flags[0]} is an option of pytest's, and no test file here imports pytest: "
                "with --pytest-compat it is taken all the same"
            )


def _read_door(given: Values, extend: Extend | None) -> Door:
    """Read all that pytest would beside the command line; raises UsageError for what is wrong in it."""
    typed = cast("PytestSettings | None", given.get("pytest")) or PytestSettings(argv=_paths(given))
    environment = _parse(_split(os.environ.get(ADDOPTS, "")), ADDOPTS, extend)
    ini = find_ini(_asked(given, typed, environment))
    check_requirements(ini)
    written = _parse(cast("list[str]", read_one(ini, "addopts") or []), f"addopts of {ini.file}", extend)
    settings = _record(ini, [written, environment, PytestArguments({}, typed.options, typed.unknown, typed.argv)])
    meant = mean_ini(ini, strict="strict" in settings.options)
    told = tell_options(settings.options)
    beneath = merge([_DEFAULTS, check_values(meant.values, ini.file or "-o"), written.given, environment.given])
    settings = settings._replace(
        warnings=meant.warnings + told.warnings, notes=meant.notes + told.notes, idle=meant.idle + told.idle
    )
    return Door(ini.rootdir, beneath, settings)


def merge(layers: Iterable[Values]) -> dict[str, object]:
    """Values over each other: the last wins, but what may be repeated adds up."""
    merged: dict[str, object] = {}
    for key, value in (pair for values in layers for pair in values.items()):
        if key in _LISTS and key in merged:
            merged[key] = (*cast("tuple[str, ...]", merged[key]), *cast("tuple[str, ...]", value))
        elif key in _SUMS and key in merged:
            merged[key] = cast("int", merged[key]) + cast("int", value)
        else:
            merged[key] = value
    return merged


def _record(ini: Ini, parts: Sequence[PytestArguments]) -> PytestSettings:
    """What the parts of the whole command line say together."""
    options: dict[str, object] = {}
    for name, value in (pair for part in parts for pair in part.options.items()):
        earlier = options.get(name)
        options[name] = [*earlier, *value] if isinstance(earlier, list) and isinstance(value, list) else value
    return PytestSettings(
        rootdir=ini.rootdir,
        file=ini.file,
        invocation_dir=os.getcwd(),
        ini=ini.values,
        argv=tuple(word for part in parts for word in part.argv),
        options=options,
        unknown=tuple(word for part in parts for word in part.unknown),
        unsettled=unknown_names(ini),
        strict_config=is_strict(ini, options),
    )


def _asked(given: Values, typed: PytestSettings, environment: PytestArguments) -> IniAsked:
    options = {**environment.options, **typed.options}
    overrides = [*_list(environment.options, "override_ini"), *_list(typed.options, "override_ini")]
    return IniAsked(
        _paths(environment.given) + _paths(given),
        cast("str | None", options.get("inifilename")),
        cast("str | None", {**environment.given, **given}.get("rootdir")),
        overrides,
    )


def _list(options: Values, name: str) -> list[str]:
    return cast("list[str]", options.get(name, []))


def _paths(given: Values) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", given.get("paths", ())))


def _parse(words: Sequence[str], where: str, extend: Extend | None) -> PytestArguments:
    return parse_pytest_arguments(words, where, extend) if words else PytestArguments()


def _split(text: str) -> list[str]:
    try:
        return split_words(text)
    except ValueError as error:
        raise UsageError(f"{ADDOPTS} is {text!r}, expected words as a shell has them ({error})") from None
