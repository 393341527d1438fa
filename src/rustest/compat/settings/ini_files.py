"""The files that may hold pytest's settings, and what of each file counts."""

import os
from collections.abc import Callable, Mapping
from typing import cast

from rustest.model.errors import UsageError
from rustest.model.pytest_settings import IniValue

Table = Mapping[str, object]
Values = Mapping[str, IniValue]


def read_named(path: str) -> Values | None:
    """The values of a file that `-c` names, by the rules of its name or else of its suffix; raises UsageError."""
    name = os.path.basename(path)
    if name in INI_READERS:
        return INI_READERS[name](path)
    match os.path.splitext(name)[1]:
        case ".toml":
            return _read_any_toml(path)
        case ".ini":
            return _read_section(path, "pytest")
        case ".cfg":
            return _read_setup_cfg(path)
        case _:
            raise UsageError(f"-c {path}: pytest's settings are read from files that end in .toml, .ini or .cfg")


def _read_pytest_toml(path: str) -> Values | None:
    return _own_table(_parse_toml(path), path) or {}


def _read_pytest_ini(path: str) -> Values | None:
    return _read_section(path, "pytest") or {}


def _read_tox_ini(path: str) -> Values | None:
    return _read_section(path, "pytest")


def _read_pyproject(path: str) -> Values | None:
    return _tool_table(_parse_toml(path), path)


def _read_setup_cfg(path: str) -> Values | None:
    sections = _parse_ini(path)
    if "tool:pytest" not in sections and "pytest" in sections:
        raise UsageError(f"{path}: [pytest] does not count here: call the section [tool:pytest]")
    return _texts(sections["tool:pytest"], path) if "tool:pytest" in sections else None


def _read_any_toml(path: str) -> Values | None:
    document = _parse_toml(path)
    tool = _tool_table(document, path)
    if tool is None:
        return _own_table(document, path)
    if "pytest" in document:
        raise UsageError(f"{path} has both [pytest] and [tool.pytest]: keep one of them")
    return tool


INI_READERS: Mapping[str, Callable[[str], Values | None]] = {
    "pytest.toml": _read_pytest_toml,
    ".pytest.toml": _read_pytest_toml,
    "pytest.ini": _read_pytest_ini,
    ".pytest.ini": _read_pytest_ini,
    "pyproject.toml": _read_pyproject,
    "tox.ini": _read_tox_ini,
    "setup.cfg": _read_setup_cfg,
}
"""The files that may hold pytest's settings, by rank; each reader gives None where the file says nothing of pytest."""


# --- TOML -------------------------------------------------------------------------------------------------------------


def _parse_toml(path: str) -> Table:
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None


def _own_table(document: Table, path: str) -> Values | None:
    """The `[pytest]` of pytest's own file."""
    if "pytest" in document:
        return _natives(_as_table(document["pytest"], f"{path}: pytest"), path)
    loose = [key for key, value in document.items() if not isinstance(value, dict)]
    if loose:
        raise UsageError(f"{path}: {', '.join(loose)} must stand below a line [pytest]")
    return None


def _tool_table(document: Table, path: str) -> Values | None:
    """The `[tool.pytest]` of pyproject.toml, or its older form with texts, `[tool.pytest.ini_options]`."""
    tools = _as_table(document.get("tool", {}), f"{path}: tool")
    table = _as_table(tools.get("pytest", {}), f"{path}: tool.pytest")
    native = {key: value for key, value in table.items() if key != "ini_options"}
    older = _as_table(table.get("ini_options", {}), f"{path}: tool.pytest.ini_options")
    if native and older:
        raise UsageError(f"{path} has both [tool.pytest] and [tool.pytest.ini_options]: keep one of them")
    if native:
        return _natives(native, path)
    return _texts(older, path) if "ini_options" in table else None


def _as_table(value: object, where: str) -> Table:
    if not isinstance(value, dict):
        raise UsageError(f"{where} is {value!r}, expected a table")
    return cast("Table", value)


def _natives(table: Table, path: str) -> Values:
    return {key: IniValue(value, True, path) for key, value in table.items()}


def _texts(table: Table, path: str) -> Values:
    """Values as ini files have them: lists stay, all else is text."""
    return {
        key: IniValue(value if isinstance(value, list) else str(value), False, path) for key, value in table.items()
    }


# --- ini --------------------------------------------------------------------------------------------------------------


def _read_section(path: str, section: str) -> Values | None:
    sections = _parse_ini(path)
    return _texts(sections[section], path) if section in sections else None


def _parse_ini(path: str) -> Mapping[str, Table]:
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(default_section="", delimiters=("=", ":"))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (OSError, UnicodeDecodeError, Error) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    return {name: {key: _join(value) for key, value in parser.items(name)} for name in parser.sections()}


def _join(value: str) -> str:
    """The lines of a value, without those that are blank or were comments."""
    return "\n".join(line for line in value.splitlines() if line.strip())
