"""Plugins of pytest: how they are found, what is not loaded, and what is said of it."""

import io
import os
import subprocess
import sys

import pytest
from hook_projects import TESTS, run

import rustest
from rustest.compat.plugins.entry_points import EntryPoint, entry_points
from rustest.model.errors import HookError, UsageError
from rustest.model.outcome import Note, Verdict
from rustest.testing import plan_project, run_project, write_project

PASSING = "def test_it(): pass\n"
PLUGIN = """
import pytest
def pytest_configure(config): config.addinivalue_line("markers", "mine: of the plugin")
@pytest.fixture
def from_plugin(): return "yes"
"""
USER = "def test_it(from_plugin): assert from_plugin == 'yes'\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a project of pytest's and makes its folder the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("PYTEST_PLUGINS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.syspath_prepend(tmp_path)

    def write(files: dict[str, str]) -> None:
        write_project(tmp_path, {"pytest.ini": "[pytest]\n", "test_it.py": PASSING, **files})

    return write


def shown(*argv: str) -> str:
    stream = io.StringIO()
    run(*argv, stream=stream)
    return stream.getvalue()


def install(files: dict[str, str], **entry_points: str) -> dict[str, str]:
    """The files of an installed package with these plugins."""
    lines = "".join(f"{name} = {module}\n" for name, module in entry_points.items())
    metadata = "Metadata-Version: 2.1\nName: some\nVersion: 1\n"
    about = {"some-1.dist-info/entry_points.txt": f"[pytest11]\n{lines}", "some-1.dist-info/METADATA": metadata}
    return {**files, **about}


# --- finding them ----------------------------------------------------------------------------------------------------


def test_a_plugin_is_found_by_the_option(project):
    project({"someplugin.py": PLUGIN, "test_it.py": USER})
    assert run("-p", "someplugin").status == 0


CHECKING = "import pytest\n@pytest.fixture\ndef check(): return checked\ndef checked(one, two): assert one == two\n"
CHECKED = """
import pytest
def test_it(check):
    with pytest.raises(AssertionError, match="assert 1 == 2"):
        check(1, 2)
"""


def test_the_asserts_of_plugins_explain_themselves(project, monkeypatch):
    project({"checks_by_name.py": CHECKING, "test_it.py": CHECKED})
    assert run("-p", "checks_by_name").status == 0
    plugin = "from checks.given import check"
    package = {"checks/__init__.py": "", "checks/given.py": CHECKING, "checks/plugin.py": plugin}
    project(install(package, checks="checks.plugin"))
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    assert run().status == 0


def test_a_plugin_is_found_by_the_environment(project, monkeypatch):
    project({"otherplugin.py": PLUGIN, "test_it.py": USER})
    monkeypatch.setenv("PYTEST_PLUGINS", "otherplugin")
    assert run().status == 0


def test_a_plugin_is_found_by_a_test_file(project):
    project({"thirdplugin.py": PLUGIN, "test_it.py": f"pytest_plugins = ['thirdplugin']\n{USER}"})
    assert run().status == 0


def test_a_plugin_is_found_by_its_entry_point_unless_it_is_blocked(project, monkeypatch):
    project(install({"entered.py": PLUGIN, "test_it.py": USER}, comes_in="entered"))
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    assert run().status == 0
    assert run("-p", "no:comes_in").status == 1
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert run().status == 1
    assert run("-p", "comes_in").status == 0


def test_a_package_that_is_installed_twice_counts_once(project, monkeypatch):
    announced = "# what follows is a plugin\n[console_scripts]\nrun = some:main\n\n[pytest11]\n{}\n"
    project(
        {
            "first/Some.Name-2.dist-info/entry_points.txt": announced.format("in_use = in_use [extra]"),
            "second/some_name-1.dist-info/entry_points.txt": announced.format("hidden = hidden"),
            "second/other.egg-info/entry_points.txt": announced.format("with_path=holding : plugin . itself"),
            "second/nothing-1.dist-info/METADATA": "",
        }
    )
    monkeypatch.setattr(sys, "path", ["first", "second", "nowhere"])
    assert list(entry_points()) == [
        EntryPoint("in_use", "in_use [extra]", "Some.Name"),
        EntryPoint("with_path", "holding : plugin . itself", "other"),
    ]


def test_what_an_entry_point_names_can_be_a_part_of_a_module():
    assert EntryPoint("join", "os : path . join [extra]", "some").load() is os.path.join


def test_a_plugin_that_is_not_there_is_a_usage_error(project):
    project({})
    with pytest.raises(
        UsageError, match="plugin 'nowhere', named by -p, cannot be imported: No module named 'nowhere'"
    ):
        run("-p", "nowhere")


@pytest.mark.parametrize(
    ("files", "argv", "namer"),
    [
        ({}, ["-pnowhere"], "-p"),
        ({"pytest.ini": "[pytest]\naddopts = -q -p nowhere\n"}, [], "addopts of {here}/pytest.ini"),
        ({"conftest.py": "pytest_plugins = 'nowhere'\n"}, [], "pytest_plugins of {here}/conftest.py"),
        ({"sub/test_it.py": "pytest_plugins = ['nowhere']\n"}, [], "pytest_plugins of {here}/sub/test_it.py"),
        ({"some.py": "pytest_plugins = ['nowhere']\n"}, ["-p", "some"], "pytest_plugins of {here}/some.py"),
    ],
)
def test_who_names_a_plugin_that_is_not_there_is_told(project, tmp_path, files, argv, namer):
    project(files)
    assert_told_of_nowhere(namer.format(here=tmp_path), *argv)


@pytest.mark.parametrize(("variable", "value"), [("PYTEST_ADDOPTS", "-p nowhere"), ("PYTEST_PLUGINS", "nowhere")])
def test_a_variable_that_names_a_plugin_that_is_not_there_is_told(project, monkeypatch, variable, value):
    project({})
    monkeypatch.setenv(variable, value)
    assert_told_of_nowhere(variable)


def assert_told_of_nowhere(namer: str, *argv: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(*argv)
    assert str(caught.value) == f"plugin 'nowhere', named by {namer}, cannot be imported: No module named 'nowhere'"


def test_the_package_of_a_plugin_that_breaks_is_told(project):
    project(install({"breaking.py": "import nothing_of_the_kind\n"}, breaks="breaking"))
    with pytest.raises(UsageError, match="plugin 'breaks' of some, named by -p, cannot be imported: No module named"):
        run("-p", "breaks")


def test_an_installed_plugin_that_breaks_is_named_and_the_run_goes_on(project, monkeypatch):
    project(install({"breaking.py": "import nothing_of_the_kind\n"}, breaks="breaking"))
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    assert (
        "the plugin breaks of some is not used: ModuleNotFoundError: No module named 'nothing_of_the_kind'" in shown()
    )


def test_a_test_can_override_the_fixture_of_a_plugin_and_ask_for_it(project):
    files = {
        "someplugin.py": PLUGIN,
        "test_it.py": """
            import pytest
            @pytest.fixture
            def from_plugin(from_plugin): return from_plugin * 2
            def test_it(from_plugin): assert from_plugin == "yesyes"
            """,
    }
    project(files)
    assert run("-p", "someplugin").status == 0


# --- what is not loaded ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["asyncio", "anyio", "timeout", "randomly", "xdist", "pytest_cov", "capture"])
def test_a_plugin_that_rustest_stands_in_for_counts_as_there_and_is_not_loaded(project, name):
    test = f"""
        import sys
        def test_it(pytestconfig):
            assert pytestconfig.pluginmanager.hasplugin({name!r}) == ({name!r} != "capture")
        """
    project({"test_it.py": test})
    assert run("-p", name).status == 0


def test_a_plugin_that_cannot_be_used_is_named(project):
    project({"conftest.py": "pytest_plugins = ['pytest_bdd']\n"})
    assert "the plugin pytest_bdd is not used: it makes fixtures inside pytest while tests run" in shown()


def test_a_plugin_may_change_what_of_pytest_rustest_does_not_use(project):
    plugin = """
        import pprint
        import _pytest.assertion.rewrite
        from _pytest._io.pprint import PrettyPrinter

        def pytest_configure():
            read = _pytest.assertion.rewrite._read_pyc
            _pytest.assertion.rewrite._read_pyc = lambda *files: read(*files)
            PrettyPrinter._dispatch[object.__repr__] = print
            assert object.__repr__ not in pprint.PrettyPrinter._dispatch
        """
    project({"conftest.py": plugin, "test_it.py": "def test_it(): pass"})
    assert run().status == 0


def test_what_a_hook_puts_in_the_place_of_a_test_is_called(project):
    conftest = """
        import asyncio, functools, inspect, pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(body := pyfuncitem.obj):
                pyfuncitem.obj = functools.wraps(body)(lambda *of, **given: asyncio.run(body(*of, **given)))

        def pytest_collection_modifyitems(items):
            for item in items:
                if item.name == "test_replaced":
                    item.obj = lambda number: number / 0
        """
    test = """
        import asyncio, pytest

        async def test_of_nobody(tmp_path):
            await asyncio.sleep(0)
            assert tmp_path.exists()

        class TestOfNobody:
            async def test_it(self, tmp_path):
                assert isinstance(self, TestOfNobody)
                await asyncio.sleep(0)
                assert not tmp_path.exists()

        @pytest.mark.parametrize("number", [1])
        def test_other(number): pass

        @pytest.fixture
        def number(): return 1
        def test_replaced(number): pass
        """
    project({"conftest.py": conftest, "test_it.py": test})
    report = run()
    verdicts = {name.rpartition("::")[2]: one.outcome.verdict for name, one in report.finished.items()}
    assert verdicts == {
        "test_of_nobody": Verdict.PASSED,
        "test_it": Verdict.FAILED,
        "test_other[1]": Verdict.PASSED,
        "test_replaced": Verdict.FAILED,
    }
    assert "ZeroDivisionError" in shown()
    assert "assert not True" in shown()


def test_a_plugin_is_found_by_its_name_with_spaces_around_it(project):
    project({"plugin_of_ours.py": "import pytest\n@pytest.fixture\ndef ours(): return 1\n"})
    project({"pytest.ini": "[pytest]\npythonpath = .\n", "test_it.py": "def test_it(ours): assert ours == 1"})
    assert run("-p plugin_of_ours").status == 0


def test_reruns_are_retries(project):
    flaky = "calls = []\ndef test_it():\n    calls.append(1)\n    assert len(calls) > 2\n"
    project({"test_it.py": flaky})
    report = run("--reruns", "2")
    assert [one.outcome.notes for one in report.finished.values()] == [frozenset({Note.FLAKY})]
    assert "--reruns-delay of pytest-rerunfailures: has no effect here" in shown("--reruns-delay", "1")


@pytest.mark.parametrize("option", ["--only-rerun", "--rerun-except"])
def test_a_choice_of_failures_to_rerun_is_refused_for_all_tests(project, option):
    project({})
    with pytest.raises(UsageError, match=f"{option} of pytest-rerunfailures is not supported"):
        run("--reruns", "2", option, "ValueError")


@pytest.mark.parametrize("choice", ["only_rerun=['ValueError']", "only_on=[ValueError]"])
def test_a_mark_for_reruns_may_choose_failures(project, choice):
    failing = "import pytest\ncalls = []\n@pytest.mark.flaky({})\ndef test_it():\n    calls.append(1)\n    {}\n"
    project({"test_it.py": failing.format(f"reruns=1, retries=1, {choice}", "assert len(calls) > 1")})
    assert run().status == 1
    failing = failing.format(f"reruns=1, retries=1, {choice}", "if len(calls) < 2: raise ValueError")
    project({"test_it.py": failing})
    assert run().status == 0


def test_a_mark_for_reruns_that_chooses_by_messages_is_wrong(project):
    project({"test_it.py": f"import pytest\n@pytest.mark.flaky(reruns=1, only_rerun=['bad .*'])\n{PASSING}"})
    assert "does not name exceptions: give their classes" in shown()


def test_the_seed_of_pytest_randomly_shuffles(project):
    project({"test_it.py": "".join(f"def test_{number}(): pass\n" for number in range(9))})
    assert "shuffled: --randomize 7 gives this order again" in shown("--randomly-seed=7")


def test_a_profile_of_hypothesis_that_is_not_there_is_a_usage_error(project):
    project({})
    with pytest.raises(UsageError, match="--hypothesis-profile nowhere: "):
        run("--hypothesis-profile=nowhere")


# --- what plugins ask and change -------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["command line", "addopts", "PYTEST_ADDOPTS"])
def test_without_being_asked_the_value_of_a_plugins_option_is_no_path(project, monkeypatch, where):
    words = ("--repeats", "2")
    adding = "def pytest_addoption(parser): parser.addoption('--repeats', type=int)\n"
    using = "import pytest\n\ndef test_it(request): assert request.config.getoption('--repeats') == 2\n"
    settings = f"[pytest]\naddopts = {' '.join(words)}\n" if where == "addopts" else "[pytest]\n"
    project({"pytest.ini": settings, "conftest.py": adding, "test_it.py": using})
    if where == "PYTEST_ADDOPTS":
        monkeypatch.setenv(where, " ".join(words))
    argv = words if where == "command line" else ()
    done = subprocess.run([sys.executable, "-m", "rustest", *argv], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_option_of_a_plugin_that_is_not_used_says_why(project, monkeypatch):
    project(install({"breaking.py": "import nothing_of_the_kind\n"}, breaks="breaking"))
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    with pytest.raises(
        UsageError, match=r"there is no option --break(.|\n)*the plugin breaks of some is not used: ModuleNot"
    ):
        run("--break")


def test_a_hook_adds_fixtures_by_their_names(project):
    hook = """
import pytest
@pytest.fixture
def stops(): pytest.fail("it is used")
def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("stop"):
            item.fixturenames.insert(0, "stops")
"""
    tests = "import pytest\n@pytest.mark.stop\ndef test_stops(): pass\ndef test_it(): pass\n"
    project({"conftest.py": hook, "test_it.py": tests})
    found = {one.id: one.outcome.verdict for one in run().finished.values()}
    assert found == {"test_it.py::test_stops": Verdict.ERROR, "test_it.py::test_it": Verdict.PASSED}


def test_the_fixtures_of_a_test_are_named_with_those_that_they_use(project):
    hook = """
import pytest
@pytest.fixture
def deep(): pass
@pytest.fixture
def near(deep): pass
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "deep" in item.fixturenames]
"""
    project({"conftest.py": hook, "test_it.py": "def test_near(near): pass\ndef test_it(): pass\n"})
    assert list(run().finished) == ["test_it.py::test_near"]


def test_a_hook_repeats_tests_by_a_name_that_they_do_not_take(project):
    hook = """
import pytest
@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc):
    metafunc.fixturenames.append("round")
    metafunc.parametrize("round", range(2))
"""
    tests = "import pytest\n@pytest.mark.parametrize('x', 'ab')\ndef test_x(x): pass\ndef test_it(): pass\n"
    project({"conftest.py": hook, "test_it.py": tests})
    cases = ["test_x[a-0]", "test_x[a-1]", "test_x[b-0]", "test_x[b-1]", "test_it[0]", "test_it[1]"]
    report = run()
    assert (report.status, list(report.finished)) == (0, [f"test_it.py::{case}" for case in cases])


def test_a_plugin_picks_what_is_to_run(project):
    hook = "def pytest_configure(config): config.args = [config.getoption('pick') or config.args[0]]\n"
    option = "def pytest_addoption(parser): parser.addoption('--pick')\n"
    project({"conftest.py": hook + option, "test_one.py": PASSING, "test_two.py": PASSING})
    assert list(run("--pick=test_two.py").finished) == ["test_two.py::test_it"]


def test_a_fixture_of_a_plugin_that_changes_the_process_puts_its_tests_alone(project, tmp_path):
    fixture = "@pytest.fixture\ndef {}():\n    {}\n    yield\n"
    plugin = fixture.format("freezer", "pass") + fixture.format("hush", "warnings.simplefilter('error')")
    tests = "async def test_f(freezer): ...\nasync def test_h(hush): ...\nasync def test_it(): ...\n"
    files = {
        "conftest.py": "pytest_plugins = 'someplugin'\n",
        "someplugin.py": f"import pytest, warnings\n{plugin}",
        "test_it.py": f"import pytest\npytestmark = pytest.mark.asyncio\n{tests}",
    }
    planned = plan_project(tmp_path, files, pytest_compat="on")
    alone = [step.item.function.name for window in planned.windows for step in window.steps if step.reasons]
    assert sorted(alone) == ["test_f", "test_h"]


def test_fixtures_that_say_how_tests_run_are_asked_where_hooks_surround_set_ups_too(project):
    conftest = """
        import asyncio, pytest
        @pytest.hookimpl(wrapper=True)
        def pytest_fixture_setup(fixturedef, request): return (yield)
        @pytest.fixture(params=[asyncio.DefaultEventLoopPolicy(), asyncio.DefaultEventLoopPolicy()])
        def event_loop_policy(request): return request.param
        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request): return request.param
        """
    tests = """
        import pytest
        @pytest.mark.asyncio
        async def test_policy(): pass
        @pytest.mark.anyio
        async def test_backend(anyio_backend): pass
        """
    project({"conftest.py": conftest, "test_it.py": tests})
    assert {one.outcome.verdict for one in run().finished.values()} == {Verdict.PASSED}


def test_plugins_find_paths_as_they_were_before_pathlib(project):
    tests = """
def test_it(request):
    folder = request.node.fspath.dirpath()
    assert folder == request.config.rootdir and request.config.inifile.basename == "pytest.ini"
    assert request.node.parent.fspath.purebasename == "test_it"
"""
    project({"test_it.py": tests})
    assert run().status == 0


def test_a_plugin_finds_the_xfail_of_a_running_test_and_what_its_report_counts_as(project, capsys):
    hook = """
import pytest
from _pytest.skipping import evaluate_xfail_marks, xfailed_key
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    found = item.stash[xfailed_key]
    assert found is evaluate_xfail_marks(item)
    if call.when == "call":
        status = item.config.hook.pytest_report_teststatus(report=report, config=item.config)
        print(item.name, found and found.reason, *status)
    return report
"""
    tests = "import pytest\n@pytest.mark.xfail(reason='why')\ndef test_x(): assert 0\ndef test_it(): pass\n"
    project({"conftest.py": hook, "test_it.py": tests})
    run("-s")
    output = capsys.readouterr().out
    assert "test_x why xfailed x XFAILED" in output and "test_it None passed . PASSED" in output


def test_a_usage_error_at_the_end_of_a_run_is_told_as_one(project):
    hook = "import pytest\ndef pytest_terminal_summary(): raise pytest.UsageError('slower than before')\n"
    project({"conftest.py": hook})
    output = shown()
    assert "error: slower than before" in output and "Traceback" not in output


@pytest.mark.parametrize(("plugin", "mark"), [("pytest_check", ""), ("pytest_dependency", "@pytest.mark.dependency\n")])
def test_tests_run_one_at_a_time_where_a_plugin_keeps_what_it_knows_of_them(project, plugin, mark):
    tests = f"""
import asyncio, pytest
log = []
{mark}async def test_first(): await asyncio.sleep(0.01); log.append(1)
{mark}def test_second(): assert log == [1]; log.append(2)
{mark}async def test_third(): assert log == [1, 2]
"""
    declared = "def pytest_addoption(parser): parser.addini('automark_dependency', 'all', type='bool')\n"
    project({"pytest.ini": "[pytest]\nasyncio_mode = auto\n", f"{plugin}.py": declared, "test_it.py": tests})
    assert run("-p", plugin).status == 0


def test_only_an_option_may_make_a_plugin_keep_what_it_knows_of_tests(project, capsys):
    plugin = """
def pytest_addoption(parser): parser.addoption("--alluredir", dest="allure_report_dir")
"""
    tests = """
import asyncio
async def test_first(): await asyncio.sleep(0.01); print("first")
async def test_second(): print("second")
"""
    files = {"pytest.ini": "[pytest]\nasyncio_mode = auto\n", "allure_pytest.py": plugin, "test_it.py": tests}
    project(files)
    printed: list[str] = []
    for more in ((), ("--alluredir=there",)):
        run("-s", "-p", "allure_pytest", *more)
        printed.append(capsys.readouterr().out)
    assert printed == ["second\nfirst\n", "first\nsecond\n"]


def test_plugins_may_look_which_fixtures_a_test_sees(project):
    conftest = """
import pytest
@pytest.fixture
def it(): return "outer"
def pytest_runtest_setup(item):
    known = item.session._fixturemanager
    found = known.getfixturedefs("it", item)
    item.seen = [(one.argname, one.argnames, one.baseid, one.scope) for one in found], known.getfixturedefs("no", item)
"""
    tests = """
import pytest
@pytest.fixture(scope="module")
def it(request): return "inner"
class TestOther:
    @pytest.fixture
    def it(self): return "elsewhere"
def test_it(request):
    outer, inner = ("it", (), "", "function"), ("it", ("request",), "test_it.py", "module")
    assert request.node.seen == ([outer, inner], None)
"""
    project({"conftest.py": conftest, "test_it.py": tests})
    assert run().status == 0


def test_the_last_line_of_a_skip_or_failure_has_no_module(project, capsys):
    hook = """
import pytest
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call):
    if call.excinfo: print(call.excinfo.exconly())
    return (yield)
"""
    tests = "import pytest\ndef test_skips(): pytest.skip('why')\ndef test_fails(): pytest.fail('why')\n"
    project({"conftest.py": hook, "test_it.py": tests})
    run("-s")
    assert capsys.readouterr().out == "Skipped: why\nFailed: why\n"


def test_a_sync_test_may_depend_on_an_async_one_before_it(project):
    plugin = """
import pytest
passed = set()
def pytest_addoption(parser): parser.addini("automark_dependency", "all", type="bool")
def pytest_runtest_logreport(report):
    if report.when == "call" and report.passed: passed.add(report.nodeid.rpartition(":")[2])
def pytest_runtest_setup(item):
    for mark in item.iter_markers("dependency"):
        if missing := {*mark.kwargs.get("depends", ())} - passed: pytest.skip(str(missing))
"""
    tests = """
import pytest
needs = lambda *names: pytest.mark.dependency(depends=[*names])
@needs()
async def test_first(): pass
@needs("test_first")
def test_second(): pass
@needs("test_second")
async def test_third(): pass
@needs("test_third", "test_second")
def test_fourth(): pass
async def test_free(): pass
"""
    project({"pytest.ini": "[pytest]\nasyncio_mode = auto\n", "dependency.py": plugin, "test_it.py": tests})
    report = run("-p", "dependency")
    assert report.ids(Verdict.PASSED) == tuple(
        f"test_it.py::test_{name}" for name in ("free", "first", "second", "third", "fourth")
    )


LAZY = {
    "pytest_lazy_fixtures/__init__.py": """
from .lazy_fixture import LazyFixtureWrapper as lf
from .lazy_fixture_callable import LazyFixtureCallableWrapper as lfc
from . import loader
""",
    "pytest_lazy_fixtures/lazy_fixture.py": """
class LazyFixtureWrapper:
    def __init__(self, name): self.name = self.fixture_name = name
    def load_fixture(self, request): return request.getfixturevalue(self.name)
""",
    "pytest_lazy_fixtures/lazy_fixture_callable.py": """
from .lazy_fixture import LazyFixtureWrapper
class LazyFixtureCallableWrapper(LazyFixtureWrapper):
    def __init__(self, func, *args, **kwargs):
        super().__init__(func.__name__)
        self._func, self.args, self.kwargs = func, args, kwargs
""",
    "pytest_lazy_fixtures/loader.py": """
from .lazy_fixture import LazyFixtureWrapper
from .lazy_fixture_callable import LazyFixtureCallableWrapper
class LazyFixtureLoader:
    def __init__(self, request): self.request = request
    def load_lazy_fixtures(self, value):
        if isinstance(value, LazyFixtureCallableWrapper):
            return value._func(*self.load_lazy_fixtures(value.args), **self.load_lazy_fixtures(value.kwargs))
        if isinstance(value, LazyFixtureWrapper): return value.load_fixture(self.request)
        if type(value) is dict: return {key: self.load_lazy_fixtures(one) for key, one in value.items()}
        return type(value)(map(self.load_lazy_fixtures, value)) if type(value) in (list, set, tuple) else value
""",
    "pytest_lazy_fixtures/plugin.py": """
import pytest
from .lazy_fixture import LazyFixtureWrapper
from .loader import LazyFixtureLoader
@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    if hasattr(request, "param"): request.param = LazyFixtureLoader(request).load_lazy_fixtures(request.param)
@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc):
    yield
    for call in metafunc._calls: raise NotImplementedError(call)
def pytest_make_parametrize_id(val): return val.name if isinstance(val, LazyFixtureWrapper) else None
""",
}
"""A plugin with the outline of pytest-lazy-fixtures."""


def test_values_of_parametrize_may_stand_for_fixtures(project):
    tests = """
import asyncio, pytest
from pytest_lazy_fixtures import lf, lfc
@pytest.fixture(params=[1, 2])
def one(request): return request.param
@pytest.fixture
async def late(): await asyncio.sleep(0); return 3
@pytest.fixture
def broken(): raise ValueError("broken")
@pytest.fixture
def sent(request): return request.param
@pytest.mark.parametrize("x", [lf("one"), lf("late"), 4])
async def test_await(x): assert x in (1, 2, 3, 4)
@pytest.mark.parametrize("x", [[lf("one")], {"a": lf("one")}])
def test_held(x): assert [*x][0] in (1, 2) or x["a"] in (1, 2)
@pytest.mark.parametrize("x", [lfc(lambda value: value * 10, lf("one"))])
def test_called(x, request): assert x in (10, 20) and request.node.name.startswith("test_called")
@pytest.mark.parametrize("sent", [lf("one")], indirect=True)
def test_sent(sent): assert sent in (1, 2)
@pytest.fixture(params=["p", "q"])
def side(request): return request.param
@pytest.fixture(params=[lf("one"), 5])
def chosen(request): return request.param
def test_chosen(side, chosen): assert chosen in (1, 2, 5)
class TestIt:
    @pytest.mark.parametrize("x", [lf("broken"), pytest.param(lf("broken"), marks=pytest.mark.skip)])
    def test_broken(self, x): pass
"""
    ini = "[pytest]\nasyncio_mode = auto\n"
    project({**LAZY, "pytest.ini": ini, "test_it.py": tests})
    found = {
        one.id.partition("::")[2]: one.outcome.verdict
        for one in run("-p", "pytest_lazy_fixtures.plugin").finished.values()
    }
    assert found.pop("TestIt::test_broken[broken0]") is Verdict.ERROR
    assert found.pop("TestIt::test_broken[broken1]") is Verdict.SKIPPED
    assert {*found.values()} == {Verdict.PASSED}
    names = ["test_await[one-1]", "test_await[one-2]", "test_await[late]", "test_await[4]", "test_held[x0-1]"]
    assert found.keys() >= {*names, "test_sent[one-1]", "test_called[<lambda>-2]", "test_chosen[p-one-2]"}


def test_plugins_find_their_tools_inside_pytest(project):
    tests = """
import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry, ReprFileLocation, ReprTraceback
from _pytest._io.saferepr import saferepr
from _pytest.assertion.util import _compare_eq_any
from _pytest.config import create_terminal_writer
from _pytest.logging import _remove_ansi_escape_sequences
from _pytest.mark.expression import Expression

class Breaks:
    def __repr__(self): raise ValueError

def test_it(request, capsys):
    assert "ValueError" in saferepr(Breaks()) and saferepr("\u00e4" * 9, maxsize=5, use_ascii=True) == "'...'"
    assert len(saferepr("x" * 999, maxsize=None)) == 1001
    assert _compare_eq_any(1, 2, None) == []
    create_terminal_writer(request.config).line("told")
    assert capsys.readouterr().out == "told\\n"
    assert _remove_ansi_escape_sequences("\\x1b[31mred\\x1b[0m") == "red"
    expression = Expression.compile("one and not two")
    assert expression.evaluate("one".__eq__) and not expression.evaluate({"one", "two"}.__contains__)
    with pytest.raises(pytest.UsageError): Expression.compile("one and")
    place = ReprFileLocation("it.py", 3, "wrong")
    chain = ExceptionChainRepr([(ReprTraceback([ReprEntry(["> x"], reprfileloc=place)]), place, None)])
    assert str(chain) == "> x\\nit.py:3: wrong" and chain.reprcrash.message == "wrong"
"""
    project({"test_it.py": tests})
    report = run()
    assert report.status == 0, [one.outcome.failures for one in report.finished.values()]


def test_a_plugin_gets_reports_as_plain_values(project, capsys):
    hook = """
import json
def pytest_configure(config): config.pluginmanager.register(Log(config))
class Log:
    def __init__(self, config): self.config = config
    def pytest_runtest_logreport(self, report):
        found = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        if not report.passed:
            crash = getattr(report.longrepr, "reprcrash", None)
            names = ("$report_type", "when", "outcome", "longrepr")
            print(json.dumps([found[name] for name in names]), crash and crash.lineno)
"""
    tests = "import pytest\ndef test_fails():\n    assert 0\n@pytest.mark.skip(reason='why')\ndef test_it(): pass\n"
    project({"conftest.py": hook, "test_it.py": tests})
    run("-s")
    output = capsys.readouterr().out
    assert '["TestReport", "call", "failed", "' in output and 'test_it.py:3: AssertionError: assert 0"] 3' in output
    assert '["TestReport", "setup", "skipped", ["test_it.py", ' in output and '"Skipped: why"]] None' in output


def test_hooks_of_pytest_xdist_are_named_where_there_are_workers(project):
    hook = "def pytest_configure(config): config.pluginmanager.register(Listener())\nclass Listener:\n"
    project({"conftest.py": f"{hook}    def pytest_testnodedown(self, node): ...\n"})
    line = "pytest_testnodedown of the plugin Listener is not run: of pytest-xdist"
    assert line in shown("-n", "2") and line not in shown()


def test_plugins_hear_of_tests_in_workers_what_they_hear_of_others(project):
    hook = """
told = set()
def pytest_runtest_logreport(report):
    if not report.passed or hasattr(report, "wasxfail"):
        told.add((report.nodeid, report.outcome, getattr(report, "wasxfail", None)))
def pytest_terminal_summary(terminalreporter):
    stats = {name: len(reports) for name, reports in sorted(terminalreporter.stats.items()) if name}
    terminalreporter.write_line(f"told {sorted(told)} {stats}")
"""
    project({"conftest.py": hook, "test_it.py": TESTS})
    alone, in_workers = ([line for line in shown(*words).splitlines() if "told" in line] for words in ((), ("-n", "2")))
    assert in_workers == alone and len(alone) == 1


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_plugin_that_asks_where_it_is_hears_of_each_test_once_and_finds_the_worker(project, tmp_path, start):
    hook = """
from pathlib import Path
def pytest_configure(config):
    if not hasattr(config, "workerinput"): config.pluginmanager.register(Log())
class Log:
    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            with Path(__file__).with_name("log.txt").open("a") as file:
                file.write(f"{report.nodeid} {report.outcome}\\n")
"""
    tests = """
import pytest
@pytest.mark.parametrize("x", range(4))
def test_it(x, request, worker_id):
    assert x != 3
    assert request.config.workerinput["workerid"] == worker_id
    assert request.config.workerinput["workercount"] == 2
"""
    project({"conftest.py": hook, "test_it.py": tests})
    assert run("-n", "2", "--worker-start", start).status == 1
    assert sorted((tmp_path / "log.txt").read_text().splitlines()) == [
        *(f"test_it.py::test_it[{number}] passed" for number in range(3)),
        "test_it.py::test_it[3] failed",
    ]


def test_the_tests_of_hypothesis_have_a_mark(project):
    tests = "from hypothesis import given, strategies\n@given(strategies.none())\ndef test_given(x): pass\n"
    project({"test_it.py": f"{tests}{PASSING}"})
    assert list(run("-m", "hypothesis").finished) == ["test_it.py::test_given"]


# --- what is said ----------------------------------------------------------------------------------------------------


def test_a_hook_that_is_not_run_is_named_once_with_its_place(project):
    project({"sub/conftest.py": "def pytest_collectreport(report): ...\n", "sub/test_sub.py": PASSING})
    line = "pytest_collectreport of sub/conftest.py is not run: there are no collectors"
    assert shown().count(line) == 1


def test_a_hook_that_nobody_knows_is_named_unless_it_is_optional(project):
    conftest = """
        import pytest
        def pytest_unheard_of(): ...
        @pytest.hookimpl(optionalhook=True)
        def pytest_of_another_plugin(): ...
        """
    project({"conftest.py": conftest})
    text = shown()
    assert "pytest_unheard_of of conftest.py is not run: no hook of pytest's or of a plugin has this name" in text
    assert "pytest_of_another_plugin" not in text


def test_without_hooks_pluggy_is_not_loaded(project):
    project({"conftest.py": "import pytest\n@pytest.fixture\ndef it(): ...\n"})
    code = (
        "import sys, rustest; assert rustest.run('.', pytest_compat='on').status == 0; print('pluggy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_an_option_of_nobody_is_a_usage_error_with_plugins_too(project):
    project({"conftest.py": "def pytest_addoption(parser): parser.addoption('--mine', action='store_true')\n"})
    assert run("--mine").status == 0
    with pytest.raises(UsageError, match="there is no option --nobodys"):
        run("--mine", "--nobodys")


def test_the_guess_at_a_misspelt_option_knows_those_of_conftest_files_plugins_and_pytest(project):
    adding = "def pytest_addoption(parser): parser.addoption('--{}')\n"
    project({"conftest.py": adding.format("runslow"), "someplugin.py": adding.format("database-url")})
    meant = {
        "--runslwo": "--runslow",
        "--databse-url=x": "--database-url",
        "--randomly-sede": "--randomly-seed",
        "--strict-conf": "--strict-config",
        "--durattions": "--durations",
    }
    for typed, option in meant.items():
        with pytest.raises(UsageError, match=f"there is no option {typed}; did you mean '{option}'"):
            run("-p", "someplugin", typed)


def test_the_value_of_an_option_that_the_conftest_refuses_is_a_usage_error(project):
    project({"conftest.py": "def pytest_addoption(parser): parser.addoption('--size', type=int)\n"})
    with pytest.raises(UsageError, match="invalid int value: 'big'"):
        run("--size", "big")


def test_hooks_of_a_run_that_turns_out_to_be_pytests_too_late_are_named(project, tmp_path):
    project({"deep/down/conftest.py": "def pytest_runtest_setup(item): 1 / 0\n", "deep/down/test_in.py": PASSING})
    (tmp_path / "pytest.ini").unlink()
    stream = io.StringIO()
    assert rustest.run(stream=stream).status == 0
    line = "the hooks and plugins of deep/down/conftest.py are not run: with --pytest-compat they are"
    assert line in stream.getvalue()


def test_a_conftest_with_hooks_makes_a_run_pytests_without_any_settings(project, tmp_path):
    conftest = "import pytest\ndef pytest_runtest_setup(item): pytest.skip('by a hook')\n"
    project({"tests/conftest.py": conftest, "tests/test_in.py": PASSING})
    (tmp_path / "pytest.ini").unlink()
    (tmp_path / "test_it.py").unlink()
    report = rustest.run()
    assert [one.outcome.reason for one in report.finished.values()] == ["by a hook"]


# --- the run's begin and end -----------------------------------------------------------------------------------------


def test_hooks_print_at_the_begin_and_at_the_end(project):
    conftest = """
        def pytest_report_header(config): return ["one", ["two"]]
        def pytest_terminal_summary(terminalreporter, exitstatus, config):
            terminalreporter.section("mine")
            terminalreporter.write_line(f"{exitstatus:d} {sorted(filter(None, terminalreporter.stats))}")
            config.pluginmanager.get_plugin("terminalreporter").write_sep("-", "end")
        """
    project({"conftest.py": conftest, "test_it.py": "def test_a(): pass\ndef test_b(): assert 0\n"})
    lines = shown().splitlines()
    assert lines[1:3] == ["one", "two"]
    last = [line.strip("=- ") for line in lines[-5:-1]]
    assert last == ["mine", "1 ['failed', 'passed']", "end", ""]
    assert lines[-1].startswith("1 failed, 1 passed in ")


def test_a_hook_that_suspends_capturing_where_there_is_any_lets_the_run_end(project):
    conftest = """
        def pytest_sessionfinish(session):
            capture = session.config.pluginmanager.getplugin("capturemanager")
            if capture is not None and capture._global_capturing is not None:
                capture._global_capturing.in_.suspend()
        """
    project({"conftest.py": conftest, "test_it.py": "def test_a(): pass\n"})
    report = run()
    assert (report.exit_status, report.broken_reporters) == (0, ())


def test_what_is_printed_while_a_hook_has_capturing_suspended_comes_through(project, tmp_path):
    conftest = """
        def pytest_runtest_call(item):
            capture = item.config.pluginmanager.getplugin("capturemanager")
            print("kept")
            capture.suspend_global_capture(in_=True)
            print("through", flush=True)
            item.config.pluginmanager.getplugin("capturemanager").resume_global_capture()
            print("kept again")
        """
    project({"conftest.py": conftest, "test_it.py": "def test_a(): pass\n"})
    command = [sys.executable, "-m", "rustest", "--pytest-compat", "test_it.py"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "through" in told.splitlines()
    assert "kept" not in told


@pytest.mark.parametrize("option", ["-q", "--no-header"])
def test_the_head_of_hooks_goes_with_the_head(project, option):
    project({"conftest.py": "def pytest_report_header(): return 'mine'", "test_it.py": "def test_a(): pass\n"})
    assert "mine" in shown()
    assert "mine" not in shown(option)


def test_an_error_at_the_end_fails_the_run(project):
    project({"conftest.py": "def pytest_sessionfinish(): raise ValueError('late')\n"})
    report = run()
    assert report.status == 3
    assert [broken.message for broken in report.broken_reporters] == ["ValueError: late"]


def test_no_status_that_a_hook_has_chosen_hides_such_an_error(project):
    hook = "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
    late = "def pytest_terminal_summary(): raise ValueError('late')\n"
    project({"conftest.py": f"{hook}{late}", "test_it.py": "def test_a(): assert 0\n"})
    report = run()
    assert (report.chosen_status, report.exit_status) == (0, 3)


def test_an_error_at_the_begin_says_which_hook_and_where(project):
    project({"conftest.py": "def pytest_configure(config):\n    raise ValueError('early')\n"})
    with pytest.raises(HookError, match=r"pytest_configure raised ValueError at .*conftest.py:2: early"):
        run()


def test_hooks_are_called_while_a_test_says_that_it_runs_on_another_system(project):
    test = """
        import os
        def test_it(monkeypatch): monkeypatch.setattr(os, "name", "nt")
        """
    hook = "def pytest_runtest_teardown(item): assert item.path.name == 'test_it.py'\n"
    project({"conftest.py": hook, "test_it.py": test})
    assert run().status == 0


def test_the_older_path_of_a_hook_is_one_of_py_path(project):
    hook = "def pytest_ignore_collect(path): return path.basename == 'test_no.py'\n"
    project({"conftest.py": hook, "test_it.py": "def test_it(): pass\n", "test_no.py": "assert False\n"})
    assert run().status == 0


def test_marks_that_hooks_register_count_as_registered(project):
    strict = "[pytest]\nstrict_markers = true\n"
    test = "import pytest\n@pytest.mark.mine\ndef test_it(): pass\n"
    project({"pytest.ini": strict, "someplugin.py": PLUGIN, "test_it.py": test})
    assert run("-p", "someplugin").status == 0
    assert run().status != 0


@pytest.mark.parametrize(("mark", "plugin"), [("xdist_group('a')", "xdist"), ("no_cover", "pytest_cov")])
def test_marks_of_plugins_that_are_not_loaded_count_as_registered_where_these_are_there(project, mark, plugin):
    strict = "[pytest]\nstrict_markers = true\n"
    project({"pytest.ini": strict, "test_it.py": f"import pytest\n@pytest.mark.{mark}\ndef test_it(): pass\n"})
    assert run("-p", plugin).status == 0
    assert run("-p", f"no:{plugin}").status != 0


def test_a_plugin_reads_its_options_before_conftest_files_are_imported(project, tmp_path):
    plugin = """
        from pathlib import Path

        def pytest_addoption(parser): parser.addoption("--shade", dest="colour", default="red")

        def pytest_load_initial_conftests(early_config, parser, args):
            options = parser.parse_known_args(args)
            again, rest = parser.parse_known_and_unknown_args(["--shade=green", "--no-such"])
            said = options.colour, options.keyword, options.help, options.version, again.colour, rest
            Path("said.txt").write_text(repr(said))
    """
    project({"someplugin.py": plugin, "conftest.py": "import os\nassert os.path.exists('said.txt')\n"})
    run("-p", "someplugin", "--shade", "blue", "-k", "it")
    assert (tmp_path / "said.txt").read_text() == repr(("blue", "it", False, 0, "green", ["--no-such"]))


def test_an_option_of_a_conftest_that_comes_later_has_its_default(project):
    conftest = """
        def pytest_addoption(parser): parser.addoption("--late", action="store_true", default=False)
        def pytest_collection_modifyitems(config, items): assert config.getoption("--late") is False
    """
    project({"sub/deep/conftest.py": conftest, "sub/deep/test_deep.py": PASSING})
    assert len(run().ids(Verdict.PASSED)) == 2


def test_hooks_are_told_of_all_that_holds_tests(project, tmp_path):
    conftest = """
        import pytest
        from pathlib import Path

        def pytest_collectstart(collector):
            with Path("told.txt").open("a") as told:
                told.write(f"{type(collector).__name__} {collector.nodeid}\\n")
            if isinstance(collector, pytest.Class):
                assert collector.module.__name__ == "test_it"
                collector.add_marker("tagged")
    """
    source = "class TestIt:\n    def test_one(self): pass\n    def test_two(self): pass\ndef test_three(): pass\n"
    project({"conftest.py": conftest, "test_it.py": source})
    assert run("-m", "tagged").ids(Verdict.PASSED) == ("test_it.py::TestIt::test_one", "test_it.py::TestIt::test_two")
    assert (tmp_path / "told.txt").read_text().splitlines() == [
        "Session ",
        "Dir .",
        "Module test_it.py",
        "Class test_it.py::TestIt",
    ]


def test_a_plugin_may_patch_what_runs_unittests_in_pytest(project):
    plugin = """
        import pytest
        from _pytest.unittest import TestCaseFunction

        @pytest.fixture(autouse=True)
        def patched(monkeypatch): monkeypatch.setattr(TestCaseFunction, "runtest", None)
    """
    case = "import unittest\nclass C(unittest.TestCase):\n    def test_it(self): self.fail()\n"
    project({"someplugin.py": plugin, "test_it.py": case})
    assert run("-p", "someplugin").ids(Verdict.FAILED) == ("test_it.py::C::test_it",)


# --- beside rustest's own ways ---------------------------------------------------------------------------------------


def test_overlapping_tests_have_their_own_items_in_hooks(tmp_path):
    files = {
        "conftest.py": """
            import pytest
            @pytest.hookimpl(wrapper=True)
            def pytest_runtest_makereport(item, call):
                report = yield
                item.seen = [*getattr(item, "seen", ()), (report.when, report.nodeid)]
                return report
            @pytest.fixture(autouse=True)
            async def check(request):
                yield
                assert request.node.seen == [("setup", request.node.nodeid), ("call", request.node.nodeid)]
            """,
        "test_it.py": """
            import asyncio
            async def test_a(): await asyncio.sleep(0.01)
            async def test_b(): await asyncio.sleep(0.001)
            def test_sync(): pass
            """,
        "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
    }
    report = run_project(tmp_path, files, pytest_compat="on")
    assert len(report.ids(Verdict.PASSED)) == 3


def test_a_hook_that_changes_what_all_share_puts_tests_alone(tmp_path):
    files = {
        "conftest.py": "import os\ndef pytest_runtest_setup(item): os.environ['NAME'] = item.name\n",
        "test_it.py": "async def test_a(): ...\nasync def test_b(): ...\n",
        "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
    }
    plan = plan_project(tmp_path, files, pytest_compat="on")
    reasons = [reason for window in plan.windows for step in window.steps for reason in step.reasons]
    assert {window.lane.name for window in plan.windows} == {"ALONE"}
    assert any("os.environ" in reason for reason in reasons)


def test_plugins_write_with_a_writer_of_their_own(project):
    project(
        {
            "conftest.py": """
                import sys
                from _pytest._io import TerminalWriter
                def pytest_terminal_summary(terminalreporter):
                    writer = TerminalWriter(file=terminalreporter.stream)
                    writer.sep("-", "mine", fullwidth=20, red=True)
                    writer.write("a", bold=True)
                    writer.line("b")
                    writer.line()
                    writer.sep("=")
                    writer.line(writer.markup("c", green=True))
                """,
            "test_it.py": "def test_it(): pass\n",
        }
    )
    stream = io.StringIO()
    run(stream=stream)
    assert f"\n{' mine '.center(20, '-')}\nab\n\n{'=' * 80}\nc\n" in stream.getvalue()
