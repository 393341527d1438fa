"""Tests that hooks collect on nodes of their own making: files of any kind, whose tests say themselves what they do."""

import pytest
from hook_projects import run, verdicts

from rustest.model.outcome import Verdict

CASES = """
import json, pytest
class Wrong(Exception): pass
class CaseFile(pytest.File):
    def collect(self):
        for name, value in json.loads(self.path.read_text()).items():
            yield Case.from_parent(self, name=name, value=value)
class Case(pytest.Item):
    def __init__(self, *, value, **kwargs):
        super().__init__(**kwargs)
        self.value = value
        if value == "marked":
            self.add_marker(pytest.mark.slow)
    def runtest(self):
        if self.value == "skip": pytest.skip("not today")
        if self.value == "xfail": pytest.xfail("known")
        if self.value == "error": raise ValueError("odd")
        if self.value == "wrong": raise Wrong(self.name)
    def repr_failure(self, excinfo):
        if isinstance(excinfo.value, Wrong):
            return f"the case does not hold:\\n  {excinfo.value}"
        return super().repr_failure(excinfo)
    def reportinfo(self): return self.path, 6, f"case: {self.name}"
def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".json":
        return CaseFile.from_parent(parent, path=file_path)
"""
ALL = '{"good": "", "bad": "wrong", "odd": "error", "off": "skip", "known": "xfail", "late": "marked"}'


def test_files_of_any_kind_hold_tests_that_pass_fail_and_skip(project):
    project({"conftest.py": CASES, "cases.json": ALL})
    assert verdicts() == {
        "cases.json::good": Verdict.PASSED,
        "cases.json::bad": Verdict.FAILED,
        "cases.json::odd": Verdict.FAILED,
        "cases.json::off": Verdict.SKIPPED,
        "cases.json::known": Verdict.XFAILED,
        "cases.json::late": Verdict.PASSED,
    }


def test_a_failure_is_told_as_the_node_tells_it_and_others_as_ever(project):
    project({"conftest.py": CASES, "cases.json": ALL})
    [bad] = run().finished["cases.json::bad"].outcome.failures
    assert (bad.type, bad.message, bad.frames) == ("", "the case does not hold:\n  bad", ())
    [odd] = run().finished["cases.json::odd"].outcome.failures
    assert (odd.type, odd.message, odd.frames[-1].function) == ("ValueError", "odd", "Case.runtest")


def test_such_tests_are_chosen_like_all_others(project):
    project({"conftest.py": CASES, "cases.json": ALL, "other.json": '{"good": ""}', "test_it.py": "def test_it(): ..."})
    assert [*verdicts("other.json")] == ["other.json::good"]
    assert [*verdicts("cases.json::late", "cases.json::good")] == ["cases.json::good", "cases.json::late"]
    assert [*verdicts("-k", "good and not other")] == ["cases.json::good"]
    assert [*verdicts("-m", "slow")] == ["cases.json::late"]
    assert "cases.json::bad" not in verdicts("--deselect", "cases.json::bad")
    verdicts()
    assert [*verdicts("--lf")] == ["cases.json::bad", "cases.json::odd"]


def test_the_first_failure_ends_the_run_where_that_is_asked(project):
    project({"conftest.py": CASES, "cases.json": ALL})
    assert verdicts("-x")["cases.json::late"] is Verdict.NOT_RUN


def test_they_run_in_the_order_of_the_tree_among_test_files(project):
    files = dict.fromkeys(("a.json", "sub/b.json", "z.json"), '{"good": ""}')
    project(
        {"conftest.py": CASES, "sub/test_sub.py": "def test_sub(): ...", "test_it.py": "def test_it(): ...", **files}
    )
    ids = ["a.json::good", "sub/b.json::good", "sub/test_sub.py::test_sub", "test_it.py::test_it", "z.json::good"]
    assert [*verdicts()] == ids
    assert [*verdicts("z.json", ".")] == [ids[-1], *ids[:-1]]


def test_workers_run_them(project):
    project({"conftest.py": CASES, "cases.json": ALL, "test_it.py": "def test_it(): ...\n"})
    assert verdicts("-n", "2") == verdicts()


def test_a_file_that_nobody_reads_is_refused(project):
    project({"conftest.py": CASES, "data.yaml": ""})
    with pytest.raises(Exception, match=r"data\.yaml is not a Python file"):
        run("data.yaml")


def test_several_of_one_name_get_numbers(project):
    again = CASES.replace("yield Case", "yield Case.from_parent(self, name=name, value=''); yield Case")
    project({"conftest.py": again, "cases.json": '{"one": "wrong"}'})
    assert verdicts() == {"cases.json::one": Verdict.PASSED, "cases.json::one_0": Verdict.FAILED}


# --- folders ---------------------------------------------------------------------------------------------------------

LISTED = """
import json
class Listed(pytest.Directory):
    def collect(self):
        for file in json.loads((self.path / "listed").read_text()):
            yield from self.ihook.pytest_collect_file(file_path=self.path / file, parent=self)
def pytest_collect_directory(path, parent):
    if (path / "listed").is_file(): return Listed.from_parent(parent=parent, path=path)
"""


def test_a_folder_of_a_hooks_own_says_what_is_collected_in_it(project):
    kinds = "def test_it(request): assert type(request.node.parent.parent).__name__ == 'Listed'\n"
    files = {f"sub/test_{name}.py": kinds for name in ("a", "b", "c")}
    more = {"sub/listed": '["test_c.py", "test_a.py", "x.json"]', "sub/x.json": '{"good": ""}', "sub/y.json": "{"}
    others = {"sub/deeper/test_no.py": "raise OSError", "test_it.py": "def test_it(): pass\n"}
    project({"conftest.py": CASES + LISTED, **files, **more, **others})
    ids = ["sub/test_a.py::test_it", "sub/test_c.py::test_it", "sub/x.json::good", "test_it.py::test_it"]
    assert verdicts() == dict.fromkeys(ids, Verdict.PASSED)


def test_one_that_cannot_say_it_is_a_problem(project):
    project({"conftest.py": CASES + LISTED, "sub/listed": "[", "sub/test_a.py": "def test_a(): pass\n"})
    report = run("--continue-on-collection-errors")
    assert [(one.where, one.failure.type) for one in report.problems] == [("sub", "json.decoder.JSONDecodeError")]
    assert report.finished == {}


def test_a_node_may_call_itself_something_else_and_keeps_its_id(project):
    named = CASES.replace("self.value = value\n", "self.value, self.name = value, 'wrong case'\n")
    project({"conftest.py": named, "cases.json": '{"one": "wrong"}'})
    [failure] = run().finished["cases.json::one"].outcome.failures
    assert failure.message == "the case does not hold:\n  wrong case"


# --- hooks -----------------------------------------------------------------------------------------------------------


def test_hooks_see_the_nodes_themselves(project, tmp_path):
    hooks = """
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if item.value != "error"]
    items[0].add_marker(pytest.mark.xfail(reason="by a hook"))
    items[-1].value = "wrong"
def pytest_runtest_setup(item):
    if item.name == "off": item.value = ""
def pytest_runtest_logreport(report):
    if report.failed:
        with open("told.txt", "a") as told:
            print(report.nodeid, report.location, report.longrepr, type(report.longrepr), file=told)
def pytest_pyfunc_call(pyfuncitem): raise AssertionError("of a function, which there is none")
"""
    project({"conftest.py": CASES + hooks, "cases.json": ALL})
    assert verdicts() == {
        "cases.json::good": Verdict.XPASSED,
        "cases.json::bad": Verdict.FAILED,
        "cases.json::off": Verdict.PASSED,
        "cases.json::known": Verdict.XFAILED,
        "cases.json::late": Verdict.FAILED,
    }
    told = "cases.json::bad ('cases.json', 6, 'case: bad') the case does not hold:\n  bad <class 'str'>\n"
    assert (tmp_path / "told.txt").read_text() == told + told.replace("bad", "late")


def test_what_a_test_and_its_file_set_up_is_torn_down(project, tmp_path):
    around = """
def log(word):
    with open("log.txt", "a") as file: print(word, end=" ", file=file)
CaseFile.setup = lambda self: log("<" + self.path.stem)
CaseFile.teardown = lambda self: log(self.path.stem + ">")
Case.setup = lambda self: log("(" + self.name)
Case.teardown = lambda self: log(self.name + ")")
"""
    project({"conftest.py": CASES + around, "a.json": '{"one": "", "two": "wrong"}', "b.json": '{"three": ""}'})
    verdicts()
    assert (tmp_path / "log.txt").read_text().split() == "<a (one one) (two two) a> <b (three three) b>".split()


def test_nothing_of_a_test_is_kept_alive_by_its_node(project):
    more = """
import gc, weakref
SEEN = []
def runtest(self):
    SEEN.append(weakref.ref(self.live_request))
    gc.collect()
    assert not any(request() for request in SEEN[:-1])
Case.runtest = runtest
"""
    project({"conftest.py": CASES + more, "cases.json": '{"one": "", "two": "", "three": ""}'})
    assert [*verdicts().values()] == [Verdict.PASSED] * 3


def test_autouse_fixtures_are_nothing_to_them_as_in_pytest(project):
    fixture = "@pytest.fixture(autouse=True)\ndef around(): raise OSError\n"
    project({"conftest.py": CASES + fixture, "cases.json": '{"one": ""}', "test_it.py": "def test_it(): pass\n"})
    assert verdicts() == {"cases.json::one": Verdict.PASSED, "test_it.py::test_it": Verdict.ERROR}


def test_what_a_hook_puts_into_a_report_is_told_in_place_of_what_the_node_says(project):
    hook = "def pytest_exception_interact(node, report): report.longrepr = f'{node.name} by a hook'\n"
    project({"conftest.py": CASES + hook, "cases.json": ALL})
    for name in ("bad", "odd"):
        [failure] = run().finished[f"cases.json::{name}"].outcome.failures
        assert (failure.type, failure.message) == ("", f"{name} by a hook")


def test_a_node_may_say_more_than_a_text(project):
    said = """
from _pytest._code.code import TerminalRepr
class Said(TerminalRepr):
    def __init__(self, name): self.name = name
    def toterminal(self, tw):
        tw.line()
        tw.line(f"the case {self.name}", red=True)
        tw.write("does not hold")
Case.repr_failure = lambda self, excinfo: Said(self.name)
"""
    project({"conftest.py": CASES + said, "cases.json": ALL})
    [failure] = run().finished["cases.json::bad"].outcome.failures
    assert failure.message == "the case bad\ndoes not hold"


def test_where_a_node_cannot_say_it_the_failure_is_told_as_it_is_with_the_reason(project):
    project({"conftest.py": f"{CASES}\nCase.repr_failure = lambda self, excinfo: excinfo.no\n", "cases.json": ALL})
    [failure] = run().finished["cases.json::odd"].outcome.failures
    assert (failure.type, failure.message) == ("ValueError", "odd")
    assert failure.notes[0].startswith("repr_failure of Case raised AttributeError: ")


# --- fixtures --------------------------------------------------------------------------------------------------------

ASKING = """
import asyncio
from _pytest import fixtures
class AskingFile(pytest.File):
    def collect(self): yield Asking.from_parent(self, name="asks", names=self.path.read_text().split())
class Asking(pytest.Item):
    def __init__(self, *, names, **kwargs):
        super().__init__(**kwargs)
        manager = self.session._fixturemanager
        closure, definitions = manager.getfixtureclosure(initialnames=names, parentnode=self, ignore_args=set())
        self._fixtureinfo = fixtures.FuncFixtureInfo(names, names, closure, definitions)
        self.funcargs, self._request = {}, fixtures.TopRequest(pyfuncitem=self, _ispytest=True)
        self.fixturenames = closure
    def setup(self): self._request._fillfixtures()
    def runtest(self): assert {name: self.funcargs[name] for name in ("two", "wide")} == {"two": 2, "wide": 1}
def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ask": return AskingFile.from_parent(parent, path=file_path)
def log(word):
    with open("log.txt", "a") as file: print(word, end=" ", file=file)
@pytest.fixture(scope="session")
def wide():
    log("wide")
    yield 1
    log("/wide")
@pytest.fixture
def two(wide):
    log("two")
    yield wide + 1
    log("/two")
"""


def test_a_node_may_use_fixtures(project, tmp_path):
    project({"conftest.py": f"import pytest\n{ASKING}", "a.ask": "two", "b.ask": "wide two"})
    assert verdicts() == {"a.ask::asks": Verdict.PASSED, "b.ask::asks": Verdict.PASSED}
    assert (tmp_path / "log.txt").read_text() == "wide two /two two /two /wide "


def test_a_node_may_use_what_all_tests_of_its_place_have(project):
    manager = "manager = self.session._fixturemanager\n"
    asks = "manager.getfixtureinfo(node=self, func=None, cls=None).names_closure"
    around = ASKING.replace(manager, f"{manager}        names = [*names, *{asks}]\n")
    always = '@pytest.fixture(autouse=True)\ndef always(): return "always"\n'
    seen = around.replace(
        "def runtest(self): ", 'def runtest(self):\n        assert self.funcargs["always"] == "always"\n        '
    )
    project({"conftest.py": f"import pytest\n{seen}{always}", "a.ask": "two"})
    assert verdicts() == {"a.ask::asks": Verdict.PASSED}


def test_async_fixtures_that_a_node_says_it_uses_are_set_up_for_it(project):
    waits = "@pytest.fixture\nasync def two(wide):\n    await asyncio.sleep(0)\n    return 2\n"
    project(
        {
            "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
            "conftest.py": f"import pytest\n{ASKING}{waits}",
            "a.ask": "two",
        }
    )
    assert verdicts() == {"a.ask::asks": Verdict.PASSED}


def test_a_fixture_that_there_is_none_of_is_an_error(project):
    project({"conftest.py": f"import pytest\n{ASKING}", "a.ask": "three"})
    assert run().finished["a.ask::asks"].outcome.verdict is Verdict.ERROR


# --- what cannot be collected ----------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_collected_is_a_problem_in_its_own_words(project):
    project(
        {
            "conftest.py": CASES.replace("for name", "raise self.CollectError('no cases')\n        for name"),
            "c.json": "",
        }
    )
    report = run()
    assert [(each.where, each.failure.headline) for each in report.problems] == [("c.json", "no cases")]
    assert (report.exit_status, report.finished) == (2, {})


def test_any_other_exception_is_told_as_it_is(project):
    project({"conftest.py": CASES, "broken.json": "{"})
    [problem] = run().problems
    assert (problem.where, problem.failure.type) == ("broken.json", "json.decoder.JSONDecodeError")


def test_a_file_that_skips_itself_is_skipped(project):
    skip = "pytest.skip('no cases today', allow_module_level=True)\n        for name"
    project({"conftest.py": CASES.replace("for name", skip), "c.json": "", "test_it.py": "def test_it(): pass\n"})
    report = run()
    assert [(each.file, each.reason) for each in report.skipped_files] == [("c.json", "no cases today")]
    assert [*report.finished] == ["test_it.py::test_it"]
