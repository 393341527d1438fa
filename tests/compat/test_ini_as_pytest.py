"""Which file's settings count, and which folder is the root: held against pytest, layout by layout."""

import pytest
from ini_layouts import KNOWN, LAYOUTS, Found, Layout, ask_pytest, shorten, write

from rustest.compat.settings.ini import IniAsked, find_ini
from rustest.model.errors import UsageError


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}
    for layout in LAYOUTS:
        made[layout.name] = tmp_path_factory.mktemp("layout") / "project"
        made[layout.name].mkdir()
        write(layout, made[layout.name])
    return made


@pytest.fixture(scope="module")
def witness(folders) -> dict[str, Found]:
    return dict(zip(folders, ask_pytest(list(folders.values())), strict=True))


def ask(args: tuple[str, ...]) -> IniAsked:
    given = list(args)
    paths, options = [], {"-c": [], "--rootdir": [], "-o": []}
    while given:
        first, equals, value = given.pop(0).partition("=")
        if first in options:
            options[first].append(value if equals else given.pop(0))
        else:
            paths.append(first)
    config, root = ([*options[name], None][0] for name in ("-c", "--rootdir"))
    return IniAsked(paths, config, root, options["-o"])


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_finds_what_pytest_finds(layout: Layout, folders, witness, monkeypatch):
    folder = folders[layout.name]
    monkeypatch.chdir(folder / layout.cwd)
    try:
        ini = find_ini(ask(layout.args))
    except UsageError:
        found = None
    else:
        value = ini.values.get(KNOWN)
        found = shorten([ini.rootdir, ini.file, value.value if value else "pytest"], folder)
    assert found == witness[layout.name]
