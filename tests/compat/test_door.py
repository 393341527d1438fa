"""The pytest door: when it opens, what it says, and that it leaves the process as it was."""

import io
import sys

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

SUITE = {
    "test_suite.py": """
        import pytest

        @pytest.fixture
        def one():
            return 1

        def test_it_is_ours(one):
            assert pytest.fixture.__module__.startswith("rustest") and one == 1
    """
}
NOTE = "pytest's names, imported by test_suite.py, are rustest's own here; --pytest-compat=off leaves them to pytest"


def printed(folder, files=SUITE, **settings) -> str:
    stream = io.StringIO()
    assert run_project(folder, files, stream=stream, **settings).status == 0
    return stream.getvalue()


def test_opens_when_a_test_file_imports_pytest_and_says_so(tmp_path):
    assert NOTE in printed(tmp_path)


def test_says_nothing_when_it_was_asked_for(tmp_path):
    assert "--pytest-compat" not in printed(tmp_path, pytest_compat="on")


def test_says_nothing_where_nobody_imports_pytest(tmp_path):
    assert "--pytest-compat" not in printed(tmp_path, {"test_own.py": "def test_own(): pass"})


def test_off_leaves_pytest_to_whoever_is_installed(tmp_path):
    report = run_project(
        tmp_path,
        {"test_real.py": "import pytest\ndef test_real(): assert pytest.fixture.__module__ == '_pytest.fixtures'"},
        pytest_compat="off",
    )
    assert report.status == 0


def test_the_modules_are_as_before_when_the_run_has_ended(tmp_path):
    before = {name: module for name, module in sys.modules.items() if "pytest" in name}
    finders = list(sys.meta_path)
    printed(tmp_path)
    assert {name: module for name, module in sys.modules.items() if name in before or name == "pytest"} == before
    assert sys.modules["pytest"] is pytest
    assert sys.meta_path == finders


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "from pytest import HookRecorder",
            "pytest.HookRecorder is not there under rustest: tests that look inside pytest need",
        ),
        (
            "import pytest; pytest.HookRecorder",
            "pytest.HookRecorder is not there under rustest: tests that look inside pytest need",
        ),
        ("import pytest; pytest.nothing", "pytest.nothing is not known to rustest; docs/pytest-names.md"),
        ("import _pytest.nothing", "rustest has no '_pytest.nothing' in place of pytest's; docs/pytest-names.md"),
        ("from _pytest import nothing", "_pytest.nothing is not known to rustest; docs/pytest-names.md"),
    ],
)
def test_what_is_not_there_says_what_to_do(tmp_path, statement, message):
    report = run_project(tmp_path, {"test_one.py": f"def test_one():\n    {statement}"}, pytest_compat="on")
    assert report.outcome("test_one.py::test_one").verdict is Verdict.FAILED
    assert message in report.outcome("test_one.py::test_one").failures[0].message


def test_the_module_of_pytest_asyncio_that_has_its_plugin_can_be_imported(tmp_path):
    source = "import pytest_asyncio.plugin\ndef test_it(): assert pytest_asyncio.plugin.is_async_test"
    assert run_project(tmp_path, {"test_one.py": source}, pytest_compat="on").status == 0


def test_modules_that_ask_for_it_are_rewritten_as_long_as_the_run_lasts(tmp_path):
    finders = list(sys.meta_path)
    files = {
        "conftest.py": "import pytest\npytest.register_assert_rewrite('asserting')",
        "asserting.py": "def check(x): assert x == 2",
        "test_one.py": "import asserting\ndef test_one(): asserting.check(1)",
    }
    report = run_project(tmp_path, files)
    assert report.outcome("test_one.py::test_one").failures[0].message.startswith("assert 1 == 2")
    assert sys.meta_path == finders


def test_what_rustest_alone_looks_for_is_but_a_warning_there_unless_the_settings_say_otherwise(tmp_path):
    files = {"test_one.py": "import pytest\ndef test_one(): return 1"}
    assert run_project(tmp_path, files).status == 0
    assert run_project(tmp_path, files, strict={"returned_value": "error"}).status == 1
    assert run_project(tmp_path, files, pytest_compat="off").status == 1


def test_one_function_may_become_several_fixtures(tmp_path):
    source = """
        import pytest

        def _make(request):
            yield request.fixturename, request.scope

        make = pytest.fixture(_make)
        module_make = pytest.fixture(scope="module")(_make)
        named = pytest.fixture(name="other")(_make)

        def test_one(make, module_make, other):
            assert make == ("make", "function")
            assert module_make == ("module_make", "module")
            assert other == ("other", "function")
    """
    assert run_project(tmp_path, {"test_one.py": source}).status == 0


def test_a_type_can_be_named_with_what_it_holds(tmp_path):
    source = """
        import pytest

        key = pytest.StashKey[int]()

        def test_one(request: pytest.FixtureRequest, definition: "pytest.FixtureDef[int] | None" = None):
            info: pytest.ExceptionInfo[ValueError]
            capture: pytest.CaptureFixture[str]
            assert isinstance(request, pytest.FixtureRequest)
            request.node.stash[key] = 1
            assert request.node.stash[key] == 1
            assert pytest.FixtureDef[int] and pytest.ExceptionInfo[ValueError] and pytest.CaptureFixture[str]
    """
    assert run_project(tmp_path, {"test_one.py": source}).status == 0


def test_where_a_test_imports_pytest_hooks_count_without_any_file_of_settings(tmp_path):
    files = {
        "conftest.py": "def pytest_collection_modifyitems(items): del items[1:]",
        "test_one.py": "import pytest\ndef test_one(): pass\ndef test_two(): assert False",
    }
    assert run_project(tmp_path, files).ids(Verdict.PASSED) == ("test_one.py::test_one",)
    files["test_one.py"] = files["test_one.py"].removeprefix("import pytest\n")
    assert run_project(tmp_path, files).ids(Verdict.FAILED) == ("test_one.py::test_two",)


@pytest.mark.parametrize("module", ["pytest", "rustest"])
def test_a_name_may_be_asked_for_the_first_time_while_a_test_has_patched_the_import(tmp_path, module):
    source = f"""
        from unittest import mock
        import {module}

        @mock.patch("importlib.import_module", side_effect=str)
        def test_it(_):
            with {module}.raises(ZeroDivisionError):
                1 / 0
    """
    assert run_project(tmp_path, {"test_it.py": source}).status == 0
