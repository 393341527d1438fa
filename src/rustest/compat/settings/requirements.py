"""What pytest's settings ask of pytest itself and of its plugins."""

import re
from typing import cast

from rustest.compat.names.version import PYTEST_VERSION
from rustest.compat.settings.ini import Ini
from rustest.compat.settings.ini_values import read_one
from rustest.model.errors import UsageError

STOOD_IN_FOR = {"pytest", "pytest-asyncio", "pytest-timeout", "anyio"}
"""The distributions whose part rustest plays itself, whether they are installed or not."""


def check_requirements(ini: Ini) -> None:
    """Raise UsageError where the settings ask for a newer pytest, or for a plugin that is not installed."""
    least = cast("str | None", read_one(ini, "minversion"))
    if least and _numbers(least) > _numbers(PYTEST_VERSION):
        raise UsageError(
            f"{ini.file}: minversion is {least}, and rustest stands in for pytest {PYTEST_VERSION}; lower it if you can"
        )
    missing = [name for name in cast("list[str]", read_one(ini, "required_plugins") or []) if not _is_there(name)]
    if missing:
        raise UsageError(f"{ini.file}: required_plugins names {', '.join(missing)}, which is not installed")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.partition("+")[0])][:3]


def _is_there(requirement: str) -> bool:
    from importlib.metadata import PackageNotFoundError, distribution

    name = re.split(r"[\s\[<>=!~;]", requirement.strip(), maxsplit=1)[0]
    if re.sub(r"[-_.]+", "-", name).lower() in STOOD_IN_FOR:
        return True
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
