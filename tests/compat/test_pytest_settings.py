"""pytest's settings and options, from where they are written to rustest's settings."""

import sys

import pytest

from rustest.cli.arguments import parse_arguments
from rustest.cli.settings import make_settings
from rustest.model.choices import AsyncioMode, Capture, ImportMode, PytestCompat, Traceback
from rustest.model.errors import UsageError
from rustest.model.pytest_settings import Declared
from rustest.model.scope import Scope
from rustest.model.settings import Settings

TEST = "import pytest\n\ndef test_it(): pass\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes files, and makes settings of a command line in their folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def settle(files: dict[str, str], *argv: str) -> Settings:
        for name, text in {"test_it.py": TEST, **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return make_settings(parse_arguments(argv))

    return settle


def ini(**values: str) -> dict[str, str]:
    return {"pytest.ini": "[pytest]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())}


@pytest.mark.parametrize(
    ("name", "written", "key", "meant"),
    [
        ("testpaths", "a 'b c' nothing", "testpaths", ("a", "b c")),
        ("python_files", "check_*.py", "python_files", ("check_*.py",)),
        ("python_classes", "Check *Suite", "python_classes", ("Check", "*Suite")),
        ("python_functions", "check", "python_functions", ("check",)),
        ("norecursedirs", "a b", "norecursedirs", ("a", "b")),
        (
            "filterwarnings",
            "\n  error\n  ignore:a b:UserWarning",
            "filterwarnings",
            ("error", "ignore:a b:UserWarning"),
        ),
        ("markers", "\n  slow: takes long\n  net", "markers", ("slow: takes long", "net")),
        ("strict_markers", "true", "strict_markers", True),
        ("xfail_strict", "1", "xfail_strict", True),
        ("strict_xfail", "yes", "xfail_strict", True),
        ("usefixtures", "a b", "usefixtures", ("a", "b")),
        ("asyncio_mode", "strict", "asyncio_mode", AsyncioMode.STRICT),
        ("asyncio_default_test_loop_scope", "module", "asyncio_default_test_loop_scope", Scope.MODULE),
        ("asyncio_default_fixture_loop_scope", "session", "asyncio_default_fixture_loop_scope", Scope.SESSION),
        ("timeout", "20", "timeout", 20.0),
        ("timeout", "0", "timeout", None),
        ("log_level", "INFO", "log_level", "INFO"),
        ("tmp_path_retention_count", "1", "tmp_path_retention_count", 1),
        ("collect_imported_tests", "false", "collect_imported_tests", False),
        ("cache_dir", ".cache", "cache_dir", ".cache"),
        ("addopts", "-m 'not slow' --tb=long -vv", "markexpr", "not slow"),
        ("addopts", "--tb=long", "tb", Traceback.AUTO),
        ("addopts", "--tb=line", "tb", Traceback.LINE),
        ("addopts", "--durations=0", "durations", sys.maxsize),
        ("addopts", "--capture=tee-sys", "capture", Capture.SYS),
        ("addopts", "-ra -q", "verbosity", -1),
        ("addopts", "--import-mode=importlib", "import_mode", ImportMode.IMPORTLIB),
        ("addopts", "-n 4 --dist loadscope --cov --cov-report term a", "paths", ("a",)),
    ],
)
def test_a_value_of_pytests_becomes_a_setting(project, name, written, key, meant):
    settings = project({"a/x": "", "b c/x": "", **ini(**{name: written})}, "--pytest-compat")
    assert getattr(settings, key) == meant


def test_pythonpath_starts_from_the_folder_of_the_file(project, tmp_path):
    settings = project(
        {"etc/pytest.ini": "[pytest]\npythonpath = src lib\n"}, "--pytest-compat", "-c", "etc/pytest.ini"
    )
    assert settings.pythonpath == (str(tmp_path / "etc/src"), str(tmp_path / "etc/lib"))


def test_native_values_keep_their_types(project):
    table = "[tool.pytest]\naddopts = ['-m', 'a and b']\nxfail_strict = true\ntimeout = 3\nmarkers = ['x: y']\n"
    settings = project({"pyproject.toml": table}, "--pytest-compat")
    assert (settings.markexpr, settings.xfail_strict, settings.timeout, settings.markers) == (
        "a and b",
        True,
        3.0,
        ("x: y",),
    )


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"pyproject.toml": "[tool.pytest]\naddopts = '-q'\n"}, "addopts is '-q', expected a list of texts"),
        (
            {"pyproject.toml": "[tool.pytest]\nxfail_strict = 'true'\n"},
            "xfail_strict is 'true', expected true or false",
        ),
        (ini(xfail_strict="maybe"), "xfail_strict is 'maybe', expected true or false"),
        (ini(addopts="--zzz"), "there is no option --zzz"),
        (ini(addopts="'open"), 'addopts is "\'open", expected a list of texts (No closing quotation)'),
        (ini(addopts="--tb=purple"), "tb is 'purple', expected one of"),
        (ini(asyncio_mode="on"), "asyncio_mode is 'on', expected one of 'auto', 'strict'"),
        (ini(minversion="99.1"), "minversion is 99.1, and rustest stands in for pytest"),
        (
            ini(required_plugins="pytest-asyncio pytest-nowhere>=2"),
            "required_plugins names pytest-nowhere>=2, which is",
        ),
        (ini(addopts="--sw-skip"), "--stepwise-skip of pytest's is not supported: deselect the test"),
        (
            ini(strict_config="true", colour="blue"),
            "nobody knows the setting 'colour', and strict_config asks for that",
        ),
        (ini(addopts="--strict-config", colour="blue"), "nobody knows the setting 'colour'"),
    ],
)
def test_what_is_wrong_is_a_usage_error(project, files, complaint):
    with pytest.raises(UsageError) as refused:
        settings = project(files, "--pytest-compat")
        settings.pytest.reread(lambda parser, prefix: None, Declared())  # no plugin knows it either
    assert complaint in str(refused.value)


def test_a_setting_that_is_nearly_a_known_one_is_told(project):
    settings = project(ini(asyncio_mod="auto", colour="blue", paint="red"), "--pytest-compat")
    again = settings.pytest.reread(lambda parser, prefix: None, Declared(("color",)))
    assert [said.partition(": ")[2] for said in again.pytest.warnings] == [
        "nobody knows the setting 'asyncio_mod'; did you mean 'asyncio_mode'?",
        "nobody knows the setting 'colour'; did you mean 'color'?",
    ]


def test_the_command_line_goes_over_addopts_and_lists_add_up(project, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-W ignore:b -v -m env")
    settings = project(
        ini(addopts="-m slow -q -W ignore:a --deselect x", filterwarnings="error"),
        *("--pytest-compat", "-m", "fast", "-W", "ignore:c", "-vv", "--deselect", "y"),
    )
    assert settings.filterwarnings == ("error", "ignore:a", "ignore:b", "ignore:c")
    assert (settings.markexpr, settings.verbosity, settings.deselect) == ("fast", 2, ("x", "y"))


def test_pytest_addopts_goes_over_addopts(project, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-m env -o xfail_strict=true")
    settings = project(ini(addopts="-m slow"), "--pytest-compat")
    assert (settings.markexpr, settings.xfail_strict) == ("env", True)


def test_rustests_own_table_goes_over_pytests_settings(project):
    own = {"pyproject.toml": "[tool.rustest]\ntimeout = 3\nmarkexpr = 'a'\n"}
    settings = project({**own, **ini(timeout="20", addopts="-m b", xfail_strict="true")}, "--pytest-compat")
    assert (settings.timeout, settings.markexpr, settings.xfail_strict) == (3.0, "a", True)


def test_strict_stands_for_what_it_does_not_leave_to_others(project):
    settings = project(ini(strict="true", strict_markers="false"), "--pytest-compat")
    assert (settings.strict_markers, settings.xfail_strict) == (False, True)
    assert project({}, "--pytest-compat", "--strict", "-o", "strict_markers=true").strict_markers


def test_the_new_name_of_a_setting_goes_over_the_old_one(project):
    assert project(ini(strict_xfail="true", xfail_strict="false"), "--pytest-compat").xfail_strict


def test_the_record_keeps_what_hooks_and_plugins_ask_for(project, tmp_path):
    settings = project(
        ini(addopts="-p one --code-highlight=no", django="x", log_cli="true"),
        "--pytest-compat",
        "-p",
        "no:two",
        "test_it.py",
    )
    record = settings.pytest
    assert record is not None
    assert (record.file, record.rootdir, record.invocation_dir) == (
        str(tmp_path / "pytest.ini"),
        str(tmp_path),
        str(tmp_path),
    )
    assert record.options == {"plugins": ["one", "no:two"], "code_highlight": "no"}
    assert record.argv == ("-p", "one", "--code-highlight=no", "--pytest-compat", "-p", "no:two", "test_it.py")
    assert record.unsettled == ("django",)
    assert "log_cli" in "".join(record.notes)
    assert record.idle == ("log_cli", "--code-highlight")


def test_what_changes_tests_and_is_not_honoured_is_a_warning(project):
    record = project(ini(addopts="--keep-duplicates", strict_parametrization_ids="true"), "--pytest-compat").pytest
    assert record is not None
    assert ["--keep-duplicates" in record.warnings[1], "strict_parametrization_ids" in record.warnings[0]] == [
        True,
        True,
    ]


def test_arguments_stand_in_a_file(project, tmp_path):
    settings = project({"args.txt": "-m\nslow and fast\n"}, "--pytest-compat", f"@{tmp_path}/args.txt")
    assert settings.markexpr == "slow and fast"


def test_pyargs_are_names_of_packages(project):
    import json

    settings = project({}, "--pytest-compat", "--pyargs", "json.decoder", "json", "test_it.py")
    folder = json.__file__.removesuffix("/__init__.py")
    assert settings.paths == (f"{folder}/decoder.py", folder, "test_it.py")


def test_a_second_file_of_one_name_is_an_error_as_in_pytest_unless_told_otherwise(project):
    assert project({}, "--pytest-compat").import_mode is ImportMode.PREPEND
    assert project({}, "--pytest-compat", "--import-mode=apart").import_mode is ImportMode.APART
    assert project({}, "--pytest-compat=off").import_mode is ImportMode.APART


# --- auto -------------------------------------------------------------------------------------------------------------


def test_without_being_asked_pytests_settings_count_where_tests_import_pytest(project):
    settings = project(ini(addopts="-m slow"))
    assert (settings.pytest_compat, settings.markexpr) == (PytestCompat.AUTO, "slow")


@pytest.mark.parametrize(
    "source", ["from pytest import mark\n", "import os, pytest\n", "if 1:\n    import pytest as p\n"]
)
def test_an_import_of_pytest_is_seen_wherever_it_stands(project, source):
    assert project({**ini(addopts="-m slow"), "test_it.py": source}).markexpr == "slow"


def test_a_conftest_that_imports_pytest_counts_too(project):
    files = {"sub/test_it.py": "", "test_it.py": "", "conftest.py": "import pytest\n", **ini(addopts="-m slow")}
    assert project(files, "sub").markexpr == "slow"


def test_pytests_settings_do_not_count_where_no_test_imports_it(project):
    source = "# import pytest\nimport rustest\npytest = 'from pytest import x'\n"
    settings = project({**ini(addopts="-m slow"), "test_it.py": source})
    assert (settings.pytest, settings.markexpr) == (None, "")


def test_pytests_settings_do_not_count_where_the_door_is_shut(project):
    assert project(ini(addopts="-m slow"), "--pytest-compat", "off").pytest is None
    assert (
        project({"pyproject.toml": "[tool.rustest]\npytest_compat = 'off'\n", **ini(addopts="-m slow")}).markexpr == ""
    )


def test_pytests_options_are_taken_where_tests_import_it(project):
    assert project({}, "-ra", "test_it.py").paths == ("test_it.py",)


def test_pytests_options_are_refused_where_no_test_imports_it(project):
    with pytest.raises(UsageError, match="--assert is an option of pytest's, and no test file here imports pytest"):
        project({"test_it.py": ""}, "--assert=plain")


def test_an_option_that_clashes_has_pytests_meaning_only_where_the_door_was_asked_for(project):
    assert project({}, "--durations", "0").durations == 0
    assert project({}, "--durations", "0", "--pytest-compat").durations == sys.maxsize
