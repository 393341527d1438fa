"""The table of options, read from the command line and from callers."""

import pytest

from rustest.cli.arguments import parse_arguments
from rustest.cli.options import OPTIONS, check_values
from rustest.cli.parser import HEADINGS
from rustest.cli.settings import make_settings
from rustest.model.choices import AsyncioMode, Listing
from rustest.model.errors import UsageError
from rustest.model.settings import Settings


def refusal(*argv: str) -> str:
    with pytest.raises(UsageError) as refused:
        make_settings(parse_arguments(argv))
    return str(refused.value)


LOOPS = {"asyncio_debug": True, "loop_factory": "uvloop:new_event_loop"}


@pytest.mark.parametrize(
    ("argv", "given"),
    [
        ([], {"paths": ()}),
        (["a.py", "b"], {"paths": ("a.py", "b")}),
        (["a", "-x", "b"], {"paths": ("a", "b"), "maxfail": 1}),
        (["-x", "--", "a.py"], {"paths": ("a.py",), "maxfail": 1}),
        (["a.py::test_x[--plan]"], {"paths": ("a.py::test_x[--plan]",)}),
        (["-k", "a and not b", "-m", "not slow"], {"keyword": "a and not b", "markexpr": "not slow"}),
        (["-vv", "-q"], {"verbosity": 1}),
        (["-q", "--quiet"], {"verbosity": -2}),
        (["--maxfail", "3", "-x"], {"maxfail": 1}),
        (["-x", "--maxfail=3"], {"maxfail": 3}),
        (["--concurrency=1"], {"concurrency": 1}),
        (["--timeout", "0.5", "--timeout-grace", "2"], {"timeout": 0.5, "timeout_grace": 2.0}),
        (["--timeout", "0"], {"timeout": None}),
        (["--asyncio-mode", "strict"], {"asyncio_mode": AsyncioMode.STRICT}),
        (["--asyncio-debug", "--loop-factory", "uvloop:new_event_loop"], LOOPS),
        (["--junit-xml", "r.xml"], {"junit_xml": "r.xml"}),
        (["--junitxml=r.xml"], {"junit_xml": "r.xml"}),
        (["--plan", "--rootdir", "/"], {"listing": Listing.PLAN, "rootdir": "/"}),
        (["--plan", "--fixtures", "-v"], {"listing": Listing.FIXTURES, "verbosity": 1}),
        (["--fixtures-per-test", "--setup-show"], {"listing": Listing.FIXTURES_PER_TEST, "setup_show": True}),
    ],
)
def test_arguments_decide_settings(argv, given):
    assert parse_arguments(argv) == given


def test_an_unknown_flag_is_refused_and_the_nearest_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal("--concurency", "3") == "there is no option --concurency; did you mean '--concurrency'?"
    assert refusal("--json", "a") == "there is no option --json; did you mean '--report-jsonl'?"
    assert refusal("--junit-xm=a") == "there is no option --junit-xm=a; did you mean '--junit-xml'?"


def test_an_unknown_flag_like_no_other_is_refused_without_a_guess(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal("--zzz") == "there is no option --zzz"
    assert refusal("--bogus") == "there is no option --bogus"  # which has two dashes in common with all others


def test_flags_are_not_abbreviated(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "there is no option --conc" in refusal("--conc", "3")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--timeout", "-1"], "--timeout: expected a number of seconds, or 0 for no limit, not '-1'"),
        (["--loop-factory", "uvloop"], "--loop-factory: expected 'package.module:function', not 'uvloop'"),
        (["--loop-factory", "a:"], "--loop-factory: expected 'package.module:function', not 'a:'"),
        (["--timeout=nan"], "--timeout: expected a number of seconds, or 0 for no limit, not 'nan'"),
        (["--timeout=inf"], "--timeout: expected a number of seconds, or 0 for no limit, not 'inf'"),
        (["--timeout-grace=-0.1"], "--timeout-grace: expected a number of seconds, 0 or more, not '-0.1'"),
        (["--concurrency", "0"], "--concurrency: expected a whole number, 1 or more, not '0'"),
        (["--concurrency", "many"], "--concurrency: expected a whole number, 1 or more, not 'many'"),
        (["--maxfail", "1.5"], "--maxfail: expected a whole number, 0 or more, not '1.5'"),
        (["--asyncio-mode", "legacy"], "--asyncio-mode: expected one of 'auto', 'strict', not 'legacy'"),
        (["-k"], "-k: expected one argument"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_is_expected(argv, message):
    assert refusal(*argv) == message


def test_what_pytest_would_take_is_refused_with_how_to_have_it_taken():
    said = refusal("--tb=long")
    assert said.startswith("--tb: expected one of 'auto', ")
    assert said.endswith("; with --pytest-compat it is read as pytest reads it")
    assert "--pytest-compat" not in refusal("--tb=lnog")


def test_version_is_printed(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("rustest 1.")


def test_help_names_every_flag(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--help"])
    assert ended.value.code == 0
    help_text = capsys.readouterr().out
    assert [flag for option in OPTIONS for flag in option.flags if flag.startswith("-") and flag not in help_text] == []


def test_help_has_each_of_its_headings_once_and_says_what_flags_take(capsys):
    with pytest.raises(SystemExit):
        parse_arguments(["--help"])
    help_text = capsys.readouterr().out
    assert [help_text.count(f"\n{heading}:\n") for heading in HEADINGS.values()] == [1] * len(HEADINGS)
    assert "whether to use colours: one of 'auto', 'yes', 'no'" in " ".join(help_text.split())
    assert "rustest merge-reports OUT IN..." in help_text


def test_every_setting_is_in_the_table():
    assert {option.key for option in OPTIONS} == set(Settings._fields) - {"pytest"}  # which files of pytest's decide


def test_every_default_is_of_its_options_kind():
    for option in OPTIONS:
        default = Settings._field_defaults[option.key]
        if default is not None:
            assert option.kind.check(default) == default


def test_values_already_checked_may_be_checked_again():
    once = check_values({"timeout": 0, "asyncio_mode": "strict", "testpaths": ["a"], "verbosity": 2}, "here")
    assert check_values(once, "here") == once


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("concurrency", True),
        ("concurrency", "3"),
        ("maxfail", -1),
        ("timeout", "1"),
        ("timeout", False),
        ("testpaths", "tests"),
        ("testpaths", ["tests", 3]),
        ("xfail_strict", 1),
        ("xfail_strict", "yes"),
        ("markexpr", ["slow"]),
        ("verbosity", "2"),
        ("verbosity", True),
        ("asyncio_mode", []),
    ],
)
def test_values_of_another_type_are_refused(key, value):
    with pytest.raises(UsageError, match=rf"^here: {key} is .*, expected "):
        check_values({key: value}, "here")
