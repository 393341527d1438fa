"""The begin and the end of a run with the pytest door open: plugins and initial conftest files, then their hooks."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import glob

from rustest.collect.conftest import Conftests
from rustest.collect.importer import Importer
from rustest.compat.hooks.calling import call_hook
from rustest.compat.hooks.stages import PytestHooks
from rustest.compat.plugins.replacements import add_options, settle
from rustest.model.errors import Exit, UsageError
from rustest.model.folders import folders_of
from rustest.model.pytest_settings import PytestSettings
from rustest.model.settings import Settings
from rustest.model.worker_names import Seat


@contextmanager
def opened_hooks(
    settings: Settings, importer: Importer, seat: Seat | None = None
) -> Generator[tuple[PytestHooks, Settings]]:
    """The hooks of a run, and its settings once plugins are known; raises UsageError for what plugins refuse.

    `seat` is that of a worker that has to find out for itself what there is.
    """
    hooks = PytestHooks(settings)
    hooks.tree.session.import_file = importer.load
    if seat is not None:
        hooks.enter_worker(seat)
    is_configured = False
    try:
        _load(hooks, importer)
        hooks.settings = _settle(hooks)
        is_configured = True
        hooks.settings = _configure(hooks)
        yield hooks, hooks.settings
    finally:
        if hooks.hook is not None and is_configured:
            call_hook("pytest_unconfigure", lambda: hooks.hook.pytest_unconfigure(config=hooks.run_config))
        hooks.run_config.clean_up()


def _load(hooks: PytestHooks, importer: Importer) -> None:
    pytest = hooks.settings.pytest or PytestSettings()
    add_options(hooks.loader.parser)
    hooks.loader.load_all(pytest)
    if hooks.hook is not None:
        arguments = {"early_config": hooks.run_config, "parser": hooks.loader.parser, "args": list(pytest.argv)}
        name = "pytest_load_initial_conftests"
        call_hook(name, lambda: hooks.hook.pytest_load_initial_conftests(**arguments))
    conftests = Conftests(hooks.settings, importer, hooks)
    for folder in initial_folders(hooks.settings):
        try:
            conftests.enter(folder)
        except Exit as ended:
            raise UsageError(f"a conftest.py of {folder} or above ended the run: {ended.wish}") from None


def _settle(hooks: PytestHooks) -> Settings:
    """The settings as they are with the options of plugins."""
    settings, parser = hooks.settings, hooks.loader.parser
    if settings.pytest is not None and settings.pytest.reread is not None:
        try:
            settings = settings.pytest.reread(parser.extend, parser.declared())
        except UsageError as error:  # what is unknown may be the option of a plugin that is not used
            raise UsageError("\n".join((str(error), *hooks.loader.notes))) from None
    hooks.run_config.settle(settings)
    settings = settle(settings, hooks.run_config)
    settings = settings._replace(markers=(*settings.markers, *hooks.loader.marks()))
    if hooks.loader.is_blocked("cacheprovider"):
        settings = settings._replace(cache_dir="")
    hooks.run_config.settle(settings)
    return settings


def _configure(hooks: PytestHooks) -> Settings:
    """Let hooks know that the run begins; the settings with the lines that they add."""
    if hooks.hook is None:
        return hooks.settings
    config, session = hooks.run_config, hooks.tree.session
    named = [*config.args]
    call_hook("pytest_configure", lambda: hooks.hook.pytest_configure.call_historic(kwargs={"config": config}))
    call_hook("pytest_sessionstart", lambda: hooks.hook.pytest_sessionstart(session=session))
    settings = _with_lines(hooks.settings, config.added())
    if config.args != named:  # a plugin that picks what is to run
        settings = settings._replace(paths=tuple(map(str, config.args)))
    config.settle(settings)
    return settings


def initial_folders(settings: Settings) -> Iterator[str]:
    """The folders whose conftests may bring options: of what the command line names, and `test*` folders below."""
    folders = folders_of(settings.paths)
    if not settings.paths:
        folders = folders_of(os.path.join(settings.rootdir, path) for path in settings.testpaths)
    for folder in dict.fromkeys(folders or [os.getcwd()]):
        yield folder
        yield from sorted(path for path in glob(os.path.join(folder, "test*")) if os.path.isdir(path))


def _with_lines(settings: Settings, added: Mapping[str, Sequence[str]]) -> Settings:
    """The settings with what hooks have added to them."""
    return settings._replace(
        markers=(*settings.markers, *added.get("markers", ())),
        filterwarnings=(*settings.filterwarnings, *added.get("filterwarnings", ())),
        usefixtures=(*settings.usefixtures, *added.get("usefixtures", ())),
    )
