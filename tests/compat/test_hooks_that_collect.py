"""Hooks that have things collected: called as in pytest, and a problem where what they make cannot be run."""

import io

import pytest
from hook_projects import run

from rustest.model.errors import HookError
from rustest.model.outcome import Verdict

PASSING = "def test_it(): pass\n"
SPECS = """
import pytest
class Spec(pytest.Function):
    def runtest(self): pass
class Specs(pytest.File):
    def collect(self):
        yield Spec.from_parent(self, name="spec")
def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".spec":
        return Specs.from_parent(parent, path=file_path)
"""
STORIES = """
import pytest
class Story(pytest.Function):
    @classmethod
    def from_parent(cls, parent, obj):
        return super().from_parent(parent, name=obj.__name__)
def pytest_pycollect_makeitem(collector, name, obj):
    if name.startswith(collector.config.getini("story_prefix")):
        return Story.from_parent(collector, obj)
def pytest_addoption(parser):
    parser.addini("story_prefix", "what begins a story", default="story")
"""


@pytest.fixture
def project(project):
    """Writes a suite with a test that passes."""
    return lambda files: project({"test_it.py": PASSING, **files})


def problems(*argv: str) -> list[tuple[str, str]]:
    """What is wrong with the run, in which the tests that rustest knows pass nevertheless."""
    report = run(*argv)
    assert report.finished
    assert all(finished.outcome.verdict is Verdict.PASSED for finished in report.finished.values())
    assert bool(report.exit_status) == bool(report.problems)
    return [(problem.where, problem.failure.message) for problem in report.problems]


def shown(*argv: str) -> str:
    stream = io.StringIO()
    run(*argv, stream=stream)
    return stream.getvalue()


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_file_that_a_hook_would_collect_is_a_problem_and_the_other_tests_run(project):
    project({"conftest.py": SPECS, "specs/one.spec": "", "specs/two.spec": ""})
    [(where, message)] = problems()
    assert where == "specs/one.spec"
    assert message == (
        "pytest_collect_file of conftest.py collects tests that rustest does not run: specs/one.spec, specs/two.spec; "
        "a Spec is a kind of pytest.Function, and rustest runs functions itself; "
        "run them with pytest, and leave out these files (--ignore) here"
    )
    assert problems("--ignore", "specs") == []


def test_many_files_are_counted(project):
    project({"conftest.py": SPECS, **{f"{number}.spec": "" for number in range(8)}})
    [(_, message)] = problems()
    assert "0.spec, 1.spec, 2.spec, 3.spec, 4.spec and 3 more; a Spec" in message


def test_a_plugin_that_finds_nothing_of_its_own_goes_unmentioned(project):
    project({"specplugin.py": SPECS, "story.py": STORIES, "data.txt": ""})
    assert problems("-p", "specplugin", "-p", "story") == []
    assert "pytest_collect_file" not in shown("-p", "specplugin", "-p", "story")


def test_a_plugin_that_finds_something_is_named_with_what_keeps_it_out(project):
    project({"specplugin.py": SPECS, "one.spec": ""})
    [(_, message)] = problems("-p", "specplugin")
    assert "pytest_collect_file of the plugin specplugin collects tests" in message
    assert message.endswith(
        "leave out the option that asks for them, the plugin (-p no:specplugin), or these files (--ignore) here"
    )
    assert problems("-p", "no:specplugin", "-p", "specplugin") == []


def test_what_a_plugin_registers_goes_by_the_name_of_the_plugin(project):
    hook = "def pytest_configure(config): config.pluginmanager.register(Collects())\nclass Collects:\n"
    method = "    def pytest_collect_file(self, file_path, parent): return collect(file_path, parent)\n"
    specs = SPECS.replace("pytest_collect_file", "collect")
    project({"someplugin.py": f"{specs}{hook}{method}", "one.spec": ""})
    [(_, message)] = problems("-p", "someplugin")
    assert "of the plugin someplugin collects" in message
    assert "-p no:someplugin" in message


def test_the_hook_of_a_folder_without_tests_is_heard(project):
    project({"docs/conftest.py": SPECS, "docs/one.spec": "", "one.spec": ""})
    [(where, message)] = problems()
    assert where == "docs/one.spec"
    assert "pytest_collect_file of docs/conftest.py collects" in message
    assert "does not run: docs/one.spec; a Spec" in message


def test_a_conftest_of_such_a_folder_that_cannot_be_imported_is_a_problem(project):
    project({"docs/conftest.py": f"{SPECS}\nimport nowhere_to_be_found\n", "docs/one.spec": ""})
    [problem] = run("--continue-on-collection-errors").problems
    assert (problem.where, problem.failure.type) == ("docs/conftest.py", "ModuleNotFoundError")
    assert not problem.failure.notes


def test_where_only_a_test_of_a_file_is_wanted_nothing_else_of_it_is_missing(project):
    everything = SPECS.replace("if file_path.suffix == '.spec'", "if True")
    project({"conftest.py": everything, "story.py": STORIES, "test_story.py": f"{PASSING}def story_one(): ...\n"})
    assert problems("test_story.py::test_it", "-p", "story") == []
    assert len(problems("test_story.py", "-p", "story")) == 1


def test_a_hook_may_have_other_files_read_as_test_files(project):
    hook = """
        import pytest
        def pytest_collect_file(file_path, parent):
            if file_path.name.endswith("_check.py"):
                return pytest.Module.from_parent(parent, path=file_path)
        """
    project({"conftest.py": hook, "sub/some_check.py": "def test_there(): pass\n"})
    assert problems() == []
    assert list(run().finished) == ["sub/some_check.py::test_there", "test_it.py::test_it"]


def test_a_file_of_which_a_hook_makes_a_doctest_module_is_read_for_its_examples(project):
    hook = """
        from _pytest.doctest import DoctestModule, DoctestTextfile
        def pytest_collect_file(file_path, parent):
            if file_path.suffix == ".rst":
                return DoctestTextfile.from_parent(parent, path=file_path)
            if file_path.name in ("library.py", "test_more.py"):
                return DoctestModule.from_parent(parent, path=file_path)
        """
    examples = '"""\n>>> 1 + 1\n2\n"""\n'
    files = {"library.py": f"{examples}def test_no_test(): ...\n", "a.rst": ">>> 1 + 1\n2\n", "other.py": examples}
    project(
        {"conftest.py": hook, "test_it.py": f"{examples}{PASSING}", "test_more.py": f"{examples}{PASSING}", **files}
    )
    assert problems() == []
    assert sorted(run().finished) == [
        "a.rst::a.rst",
        "library.py::library",
        "test_it.py::test_it",
        "test_more.py::test_it",
        "test_more.py::test_more",
    ]


def test_after_failures_their_files_are_enough_and_a_problem_is_told_again(project):
    project({"conftest.py": f"{SPECS}{STORIES}", "test_it.py": f"{PASSING}def story_one(): ...\n", "one.spec": ""})
    first, again = problems(), problems("--lf")
    assert len(first) == 2
    assert first == again


def test_hooks_are_called_before_a_test_file_is_imported(project):
    hook = """
        import sys
        def pytest_collect_file(file_path): sys.path.insert(0, str(file_path.parent / "one"))
        def pytest_pycollect_makemodule(module_path): sys.path.insert(0, str(module_path.parent / "two"))
        """
    files = {"sub/one/only_in_one.py": "", "sub/two/only_in_two.py": ""}
    project({"conftest.py": hook, "sub/test_sub.py": f"import only_in_one, only_in_two\n{PASSING}", **files})
    assert problems() == []


# --- what stands in files --------------------------------------------------------------------------------------------


def test_a_function_that_a_hook_would_collect_is_a_problem(project):
    stories = f"{PASSING}def story_one(): ...\nclass TestIt:\n    def story_two(self): ...\n"
    project({"conftest.py": STORIES, "test_it.py": stories})
    [(where, message)] = problems()
    assert where == "test_it.py"
    assert "test_it.py::story_one, test_it.py::TestIt::story_two; a Story" in message


def test_the_settings_of_a_plugin_decide_what_it_would_collect(project):
    project({"pytest.ini": "[pytest]\nstory_prefix = tale\n", "story.py": STORIES, "test_a.py": "def story_a(): ..."})
    assert problems("-p", "story") == []


def test_what_rustest_collects_itself_is_no_problem_whatever_a_hook_makes_of_it(project):
    hook = """
        import pytest
        def pytest_pycollect_makeitem(collector, name, obj):
            if collector.istestfunction(obj, name):
                return list(collector._genfunctions(name, obj))
        """
    project({"conftest.py": hook, "test_it.py": f"{PASSING}class TestIt:\n    def test_there(self): pass\n"})
    assert problems() == []


def test_a_hook_may_mark_what_it_sees(project):
    hook = "import pytest\ndef pytest_pycollect_makeitem(name, obj):\n"
    project({"conftest.py": f"{hook}    if name == 'test_it': pytest.mark.skip(reason='seen')(obj)\n"})
    for wanted in ((), ("test_it.py::test_it",)):
        assert run(*wanted).finished["test_it.py::test_it"].outcome.verdict is Verdict.SKIPPED


def test_an_empty_list_leaves_out_what_rustest_would_have_taken(project):
    hook = "def pytest_pycollect_makeitem(name, obj): return [] if name in ('test_no', 'TestNo') else None\n"
    tests = """
        def test_it(): pass
        def test_no(): assert 0
        class TestNo:
            def test_there(self): assert 0
        class TestYes:
            def test_no(self): assert 0
            def test_yes(self): pass
        """
    project({"conftest.py": hook, "test_it.py": tests})
    assert problems() == []
    assert list(run().finished) == ["test_it.py::test_it", "test_it.py::TestYes::test_yes"]


# --- hooks that cannot be asked --------------------------------------------------------------------------------------


def test_a_plugin_whose_hook_raises_is_named_and_a_conftest_ends_the_run(project):
    raising = "def pytest_collect_file(parent): parent.not_there\n"
    project({"someplugin.py": raising})
    assert "pytest_collect_file of the plugin someplugin is not run: it raised AttributeError" in shown(
        "-p", "someplugin"
    )
    assert problems("-p", "someplugin") == []
    project({"conftest.py": raising})
    with pytest.raises(HookError, match=r"pytest_collect_file raised AttributeError at .*conftest.py:1"):
        run()


def test_a_wrapper_around_collecting_is_named(project):
    hook = "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_pycollect_makeitem(): return (yield)\n"
    project({"conftest.py": hook})
    line = (
        "pytest_pycollect_makeitem of conftest.py is not run: it wraps what collects in pytest, and here rustest does"
    )
    assert shown().count(line) == 1
