"""Where a run's settings come from: the root folder, its pyproject.toml, the caller."""

import os

import pytest

from rustest.cli.settings import make_settings
from rustest.model.choices import AsyncioMode
from rustest.model.errors import UsageError
from rustest.model.settings import Settings


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def refusal(tmp_path, table):
    write(tmp_path / "pyproject.toml", table)
    with pytest.raises(UsageError) as refused:
        make_settings({"paths": (str(tmp_path),)})
    return str(refused.value).replace(str(tmp_path), "DIR")


def test_the_defaults_hold_where_nobody_decides(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert make_settings({}) == Settings(rootdir=os.fspath(tmp_path))


def test_the_project_decides_over_the_defaults_and_the_caller_over_both(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path / "pyproject.toml",
        """
        [tool.rustest]
        concurrency = 7
        timeout = 3
        asyncio_mode = "strict"
        testpaths = ["tests"]
        """,
    )
    settings = make_settings({"concurrency": 2})
    assert settings.concurrency == 2
    assert settings.timeout == 3.0
    assert settings.asyncio_mode is AsyncioMode.STRICT
    assert settings.testpaths == ("tests",)


@pytest.mark.parametrize(
    "spelling", ["[tool.rustest]\nmaxfail = 3", "[tool]\nrustest = {maxfail = 3}", "tool.'rustest'.maxfail = 3"]
)
def test_every_spelling_of_the_table_counts(tmp_path, spelling):
    write(tmp_path / "pyproject.toml", spelling)
    assert make_settings({"paths": (str(tmp_path),)}).maxfail == 3


def test_an_unknown_key_is_refused_and_the_nearest_named(tmp_path):
    message = refusal(tmp_path, "[tool.rustest]\nconcurency = 3\n")
    assert (
        message == "DIR/pyproject.toml: [tool.rustest]: there is no setting 'concurency'; did you mean 'concurrency'?"
    )


def test_the_options_that_pytest_has_as_one_text_are_said_to_be_keys(tmp_path):
    message = refusal(tmp_path, '[tool.rustest]\naddopts = "-v"\n')
    assert message.endswith(
        "no setting 'addopts'; each option has a key of its own here, as `verbosity = 1` stands for -v"
    )


def test_a_value_of_another_type_is_refused(tmp_path):
    message = refusal(tmp_path, '[tool.rustest]\ntestpaths = "tests"\n')
    assert message == "DIR/pyproject.toml: [tool.rustest]: testpaths is 'tests', expected a list of texts"


def test_what_belongs_to_a_single_run_is_refused_in_the_file(tmp_path):
    message = refusal(tmp_path, "[tool.rustest]\nlisting = 'plan'\n")
    assert (
        message == "DIR/pyproject.toml: [tool.rustest]: 'listing' belongs to a single run: give it on the command line"
    )


def test_a_broken_file_is_refused_with_its_line(tmp_path):
    message = refusal(tmp_path, "[tool.rustest]\nconcurrency = \n")
    assert message.startswith("DIR/pyproject.toml cannot be read: ")
    assert "line 2" in message


def test_a_table_that_is_none_is_refused(tmp_path):
    assert refusal(tmp_path, "[tool]\nrustest = 3\n") == "DIR/pyproject.toml: tool.rustest is 3, expected a table"


def test_the_nearest_settings_upwards_make_the_root(tmp_path):
    write(tmp_path / "pyproject.toml", "[tool.rustest]\nmaxfail = 5\n")
    write(tmp_path / "sub" / "setup.py")
    test = write(tmp_path / "sub" / "tests" / "test_a.py")
    settings = make_settings({"paths": (str(test) + "::test_x",)})
    assert (settings.rootdir, settings.maxfail) == (str(tmp_path), 5)


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git"])
def test_without_settings_any_project_file_makes_the_root(tmp_path, name):
    write(tmp_path / name)
    folder = tmp_path / "sub" / "tests"
    folder.mkdir(parents=True)
    assert make_settings({"paths": (str(folder),)}).rootdir == str(tmp_path)


def test_a_mention_of_the_settings_in_a_comment_makes_no_settings(tmp_path):
    write(tmp_path / "pyproject.toml", "# see [tool.rustest]\n")
    assert make_settings({"paths": (str(tmp_path),)}).rootdir == str(tmp_path)


def test_the_root_holds_all_the_paths(tmp_path):
    write(tmp_path / "setup.py")
    for name in ("a", "b"):
        write(tmp_path / name / "setup.py")
    paths = (str(tmp_path / "a"), str(tmp_path / "b"))
    assert make_settings({"paths": paths}).rootdir == str(tmp_path)
    assert make_settings({"paths": paths[:1]}).rootdir == str(tmp_path / "a")


def test_rootdir_can_be_given(tmp_path):
    write(tmp_path / "pyproject.toml", "[tool.rustest]\nmaxfail = 5\n")
    (tmp_path / "sub").mkdir()
    assert make_settings({"rootdir": str(tmp_path)}).maxfail == 5
    settings = make_settings({"rootdir": str(tmp_path / "sub")})
    assert (settings.rootdir, settings.maxfail) == (str(tmp_path / "sub"), 0)


def test_a_rootdir_that_is_none_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is not a folder"):
        make_settings({"rootdir": str(tmp_path / "nowhere")})


@pytest.mark.parametrize("name", ["rustset", "rust-test", "Rustest", "rust_test", "rutsest", "rstest", "rustests"])
@pytest.mark.parametrize(
    "form",
    [
        "[tool.{}]\nmaxfail = 3",
        "[tool.{}.strict]\nthread = 'error'",
        "[project]\nname = 'shop'\n\n[tool.ruff]\n\n[tool.'{}']\nmaxfail = 3",
    ],
)
def test_a_table_of_nearly_our_name_is_refused(tmp_path, name, form):
    assert refusal(tmp_path, form.format(name)) == (
        f"DIR/pyproject.toml: rustest does not read [tool.{name}]; did you mean [tool.rustest]? "
        "(where another tool reads it, an empty [tool.rustest] beside it says so)"
    )


def test_our_name_without_tool_before_it_is_refused(tmp_path):
    message = refusal(tmp_path, "[rustest]\nmaxfail = 3\n")
    assert message == "DIR/pyproject.toml: nobody reads [rustest]; call it [tool.rustest]"


@pytest.mark.parametrize(
    "name", ["ruff", "pytest", "pytest.ini_options", "rustfmt", "rust", "setuptools-rust", "coverage.run", "pytset"]
)
def test_the_tables_of_other_tools_are_let_be(tmp_path, name):
    write(tmp_path / "pyproject.toml", f"[tool.{name}]\nmaxfail = 3\n")
    assert make_settings({"paths": (str(tmp_path),)}).maxfail == 0


@pytest.mark.parametrize("text", ["# not [tool.rustset]\n", 'text = """\n[tool.rustset]\n"""\n'])
def test_nearly_our_name_where_no_table_has_it_is_let_be(tmp_path, text):
    write(tmp_path / "pyproject.toml", text)
    assert make_settings({"paths": (str(tmp_path),)}).rootdir == str(tmp_path)


def test_a_table_of_ours_says_that_one_of_nearly_our_name_is_somebody_elses(tmp_path):
    write(tmp_path / "pyproject.toml", "[tool.rstest]\nmaxfail = 3\n\n[tool.rustest]\n")
    assert make_settings({"paths": (str(tmp_path),)}).maxfail == 0
