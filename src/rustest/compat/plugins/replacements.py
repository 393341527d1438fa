"""What the options of plugins that rustest stands in for mean to a run."""

import sys
from collections.abc import Iterator
from typing import Any

from rustest.compat.config import Config
from rustest.compat.plugins.takeovers import TAKEOVERS
from rustest.compat.settings.option_parser import Parser
from rustest.model.errors import UsageError
from rustest.model.settings import Settings


def add_options(parser: Parser) -> None:
    """Teach the parser the options of those plugins."""
    for takeover in TAKEOVERS:
        group = parser.getgroup(takeover.project)
        for option in takeover.options:
            action: dict[str, Any] = {} if option.takes_value else {"action": "store_true"}
            group.addoption(option.flag, dest=option.name, default=None, **action)


def settle(settings: Settings, config: Config) -> Settings:
    """The settings with what those options ask for; raises UsageError for values that are none."""
    _settle_hypothesis(config)
    for flag in ("--only-rerun", "--rerun-except"):
        if config.getoption(flag):
            raise UsageError(
                f"{flag} of pytest-rerunfailures is not supported, for every failure would be tried again: "
                "mark the tests that may fail flaky(reruns=..., only_rerun=...)"
            )
    if (reruns := config.getoption("reruns")) is not None:
        settings = settings._replace(retries=_number("--reruns", reruns))
    if settings.workers and (most := config.getoption("maxprocesses", None)) is not None:
        settings = settings._replace(workers=min(settings.workers, _number("--maxprocesses", most)))
    seed = config.getoption("randomly_seed")
    if seed is not None and settings.randomize is None and not config.getoption("randomly_dont_reorganize"):
        settings = settings._replace(randomize=_number("--randomly-seed", seed))
    return settings


def tell(config: Config) -> Iterator[str]:
    """What to say of those options that are given without effect."""
    for takeover in TAKEOVERS:
        for option in takeover.options:
            if option.note and config.getoption(option.name):
                yield f"{option.flag} of {takeover.project}: {option.note}"


def _settle_hypothesis(config: Config) -> None:
    profile, seed = config.getoption("hypothesis_profile"), config.getoption("hypothesis_seed")
    if profile is None and seed is None:
        return
    from importlib import import_module

    try:
        hypothesis = import_module("hypothesis")
    except ImportError as error:
        raise UsageError(f"an option of hypothesis is given, which cannot be imported: {error}") from None
    if profile is not None:
        try:
            hypothesis.settings.get_profile(profile)  # for loading one that is not there leaves its name behind
            hypothesis.settings.load_profile(profile)
        except hypothesis.errors.InvalidArgument as error:
            raise UsageError(f"--hypothesis-profile {profile}: {error}") from None
    if seed is not None:
        core: Any = sys.modules["hypothesis.core"]
        core.global_force_seed = int(seed) if str(seed).isdecimal() else seed


def _number(flag: str, value: object) -> int:
    if not str(value).isdecimal():
        raise UsageError(f"{flag} is {value!r}, expected a whole number")
    return int(str(value))
