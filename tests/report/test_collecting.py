"""How far the import of files is, shown on a terminal while nothing else is."""

import io
import sys
import threading
from pathlib import Path

import pytest

from rustest.report.collecting import Collecting
from rustest.testing import run, write_project

FILES = {"app.py": "import wave, colorsys", "test_a.py": "import app\ndef test_it(): pass", "test_b.py": "import app"}
ERASED = "\r\x1b[J"


class Terminal(io.StringIO):
    """What thinks that somebody looks at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is too short to be shown."""
    monkeypatch.setattr("rustest.report.collecting.FIRST_DRAWING", 0.0)
    monkeypatch.setattr("rustest.report.collecting.INTERVAL", 0.0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name in ("wave", "colorsys"):
        monkeypatch.delitem(sys.modules, name, raising=False)


def printed(**settings: object) -> str:
    stream = Terminal()
    before = sys.meta_path[:]
    assert run(stream=stream, **settings).status == 0
    assert sys.meta_path == before
    return stream.getvalue()


@pytest.mark.usefixtures("project", "at_once")
def test_the_line_counts_files_and_is_gone_before_the_first_word_of_the_run() -> None:
    collecting, _, told = printed().partition("rustest 1.")
    assert "collecting ... 0 of 2 files" in collecting
    assert "collecting ... 1 of 2 files" in collecting
    assert collecting.endswith(ERASED)
    assert "collecting" not in told


@pytest.mark.usefixtures("project", "at_once")
def test_it_is_drawn_as_a_file_imports_others_not_only_between_files() -> None:
    drawn = printed().count("0 of 2 files")
    assert drawn >= 4  # before the file itself, app, wave and colorsys


@pytest.mark.usefixtures("project")
def test_a_short_run_does_not_show_it() -> None:
    assert "collecting" not in printed()


@pytest.mark.usefixtures("project", "at_once")
@pytest.mark.parametrize("settings", [{"verbosity": -1}, {"capture": "no"}, {"llm": True}, {"pdb": True}])
def test_it_is_shown_only_where_there_are_live_lines(settings: dict[str, object]) -> None:
    assert "collecting" not in printed(**settings)


@pytest.mark.usefixtures("at_once")
def test_no_thread_but_its_own_draws_it() -> None:
    stream = Terminal()
    with Collecting(stream) as collecting:
        thread = threading.Thread(target=collecting.begin_file, args=(1, 2))
        thread.start()
        thread.join()
    assert stream.getvalue() == ""


@pytest.mark.usefixtures("at_once")
def test_it_makes_way_for_a_debugger() -> None:
    stream = Terminal()
    with Collecting(stream) as collecting:
        collecting.begin_file(1, 2)
        collecting.find_spec("pdb")
        before = stream.getvalue()
        collecting.find_spec("bdb")
    assert before.endswith(ERASED)
    assert stream.getvalue() == before


@pytest.mark.usefixtures("at_once")
def test_a_terminal_that_is_gone_stops_nothing() -> None:
    stream = Terminal()
    with Collecting(stream) as collecting:
        stream.close()
        collecting.begin_file(1, 2)
