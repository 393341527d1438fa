"""How test files and conftest files become modules."""

import io
import subprocess
import sys
from textwrap import dedent

import pytest

from rustest.testing import run_project

TEST = "def test_a(): pass\n"


def modules(collection) -> list[str]:
    return [item.function.func.__module__ for item in collection.items]


def test_a_flat_file_is_imported_by_its_base_name_and_its_folder_is_importable(project):
    project.write({"a/test_x.py": "import near\ndef test_a(): pass", "a/near.py": ""})
    collection = project.collect()
    assert collection.problems == ()
    assert modules(collection) == ["test_x"]
    assert sys.path[0] == str(project.root / "a")


def test_a_file_in_packages_is_imported_by_its_dotted_name_from_the_first_folder_that_is_none(project):
    project.write(
        {
            "src/app/__init__.py": "name = 'app'",
            "src/app/tests/__init__.py": "",
            "src/app/tests/near.py": "value = 1",
            "src/app/tests/test_x.py": """
                from app import name
                from app.tests import test_x as myself
                from .near import value
                def test_a(): pass
                assert myself.__name__ == __name__
                """,
        }
    )
    collection = project.collect()
    assert collection.problems == ()
    assert modules(collection) == ["app.tests.test_x"]
    assert sys.path[0] == str(project.root / "src")
    assert sys.modules["app.tests"].test_x is sys.modules["app.tests.test_x"]


def test_files_of_one_base_name_in_several_folders_are_different_modules(project):
    project.write({f"{folder}/test_x.py": f"def test_{folder}(): pass" for folder in "abc"})
    collection = project.collect()
    assert [item.id for item in collection.items] == [f"{each}/test_x.py::test_{each}" for each in "abc"]
    assert modules(collection) == ["test_x", "b.test_x", "c.test_x"]
    assert sys.modules["b.test_x"].__file__ == str(project.root / "b" / "test_x.py")


def test_packages_of_one_name_in_several_folders_are_different_packages(project):
    for folder in "ab":
        project.write(
            {
                f"{folder}/tests/__init__.py": "",
                f"{folder}/tests/near.py": f"name = {folder!r}",
                f"{folder}/tests/test_x.py": f"from .near import name\nassert name == {folder!r}\n{TEST}",
            }
        )
    assert project.ids() == ["a/tests/test_x.py::test_a", "b/tests/test_x.py::test_a"]


def test_a_file_named_like_a_module_in_use_gets_a_name_of_its_own(project):
    project.write({"json.py": "def test_a(): pass"})
    import json

    assert modules(project.collect("json.py")) == ["json_"]
    assert sys.modules["json"] is json


def test_a_package_named_like_another_in_use_is_a_problem(project):
    import json

    project.write({"json/__init__.py": "", "json/test_x.py": TEST})
    (problem,) = project.collect().problems
    assert problem.where == "json/test_x.py"
    assert f"a package of that name is already imported from {json.__file__}: rename" in problem.failure.headline
    assert problem.failure.frames == ()


def test_a_module_that_another_test_imported_is_reused(project):
    project.write(
        {
            "test_a.py": "import test_b\nassert test_b.loads == [1]\ndef test_a(): pass",
            "test_b.py": "loads = []\nloads.append(1)\ndef test_b(): pass",
        }
    )
    assert modules(project.collect()) == ["test_a", "test_b"]
    assert sys.modules["test_b"].loads == [1]


def test_a_file_beside_a_package_of_its_name_is_itself_imported(project):
    project.write({"test_x.py": TEST, "test_x/__init__.py": "", "test_x/test_y.py": "def test_b(): pass"})
    assert project.ids() == ["test_x/test_y.py::test_b", "test_x.py::test_a"]


def test_pythonpath_is_put_in_front_in_its_own_order(project):
    project.write(
        {
            "one/thing.py": "where = 'one'",
            "two/thing.py": "where = 'two'",
            "tests/test_x.py": f"import thing\nassert thing.where == 'one'\n{TEST}",
        }
    )
    assert project.ids(pythonpath=("one", "two")) == ["tests/test_x.py::test_a"]
    assert sys.path[1:3] == [str(project.root / "one"), str(project.root / "two")]


@pytest.mark.parametrize(
    ("entry", "near"),
    [("srv", "; did you mean src?"), ("src/shap/", "; did you mean src/shop?"), ("elsewhere", "")],
)
def test_a_folder_of_pythonpath_that_is_not_there_is_told_before_the_first_test(tmp_path, entry, near):
    stream = io.StringIO()
    run_project(tmp_path, {"src/shop/x.py": "", "test_x.py": TEST}, stream=stream, pythonpath=[entry, "src"])
    told = f"pythonpath in the settings names {entry!r}, and there is no such folder{near}"
    assert stream.getvalue().splitlines()[1] == told


@pytest.mark.parametrize("conftest", ["import os; os.mkdir('{}/made')", "open('{}/made', 'w').close()"])
def test_what_of_pythonpath_is_there_when_all_is_imported_is_not_told(tmp_path, conftest):
    stream = io.StringIO()
    files = {"conftest.py": conftest.format(tmp_path), "test_x.py": TEST}
    run_project(tmp_path, files, stream=stream, pythonpath=["made"])
    assert "no such folder" not in stream.getvalue()


def test_the_folder_of_the_roots_conftest_is_importable(project):
    project.write({"conftest.py": "", "app.py": "", "tests/test_x.py": f"import app\n{TEST}"})
    assert project.ids() == ["tests/test_x.py::test_a"]


def test_an_import_error_is_a_problem_of_its_file_and_the_rest_is_collected(project):
    project.write(
        {
            "test_a.py": "import nothing_like_it",
            "test_b.py": "def broken(:",
            "test_c.py": "raise SystemExit(3)",
            "test_d.py": "class Odd(BaseException): pass\nraise Odd('very')",
            "test_e.py": TEST,
        }
    )
    collection = project.collect()
    assert [item.id for item in collection.items] == ["test_e.py::test_a"]
    assert [(problem.where, problem.failure.headline) for problem in collection.problems] == [
        ("test_a.py", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("test_b.py", "SyntaxError: invalid syntax (test_b.py, line 1)"),
        ("test_c.py", "SystemExit: 3"),
        ("test_d.py", "test_d.Odd: very"),
    ]
    assert [(frame.file, frame.line) for frame in collection.problems[0].failure.frames] == [
        (str(project.root / "test_a.py"), 1)
    ]


def test_a_syntax_error_is_shown_where_it_stands(project):
    project.write({"test_a.py": "x = 1\nimport broken", "broken.py": "y = 1\n\ndef (:"})
    (problem,) = project.collect().problems
    assert [(frame.file, frame.line) for frame in problem.failure.frames] == [
        (str(project.root / "test_a.py"), 2),
        (str(project.root / "broken.py"), 3),
    ]
    (problem,) = project.collect("broken.py").problems
    assert [(frame.file, frame.line) for frame in problem.failure.frames] == [(str(project.root / "broken.py"), 3)]


def test_a_module_that_failed_is_not_left_half_made(project):
    project.write(
        {"test_a.py": "raise ValueError", "test_b.py": f"import sys\nassert 'test_a' not in sys.modules\n{TEST}"}
    )
    assert [item.id for item in project.collect().items] == ["test_b.py::test_a"]


def test_a_file_that_skips_itself_is_reported_with_its_reason(project):
    project.write(
        {
            "test_a.py": "from rustest import skip\nskip('not here', allow_module_level=True)",
            "test_b.py": "from rustest import importorskip\nimportorskip('nothing_like_it')",
            "test_c.py": TEST,
        }
    )
    collection = project.collect()
    assert collection.problems == ()
    assert [file.file for file in collection.skipped_files] == ["test_a.py", "test_b.py"]
    assert collection.skipped_files[0].reason == "not here"
    assert "nothing_like_it" in collection.skipped_files[1].reason


def test_skip_in_a_file_that_does_not_ask_to_skip_all_of_it_is_a_problem_that_says_how(project):
    problem = project.problem("from rustest import skip\nskip('not here')")
    assert problem.where == "test_it.py"
    assert "call it with allow_module_level=True (its reason: not here)" in problem.failure.headline
    assert [frame.line for frame in problem.failure.frames] == [2]


def test_compiled_code_is_kept_for_the_next_run(project):
    project.write({"test_x.py": TEST})
    script = """
        import sys
        from rustest.collect.collector import collect
        from rustest.model.settings import Settings
        sys.dont_write_bytecode = False
        (item,) = collect(Settings(rootdir=sys.argv[1])).items
        print(sys.modules["test_x"].__cached__)
        """
    done = subprocess.run(
        [sys.executable, "-c", dedent(script), project.root], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(next((project.root / "__pycache__").glob("test_x*.pyc")))


@pytest.mark.skipif(sys.platform != "linux", reason="such a file is Linux's")
def test_a_file_that_cannot_be_read_is_a_problem_of_one_line(project):
    (project.root / "test_x.py").symlink_to("/proc/self/mem")
    [problem] = project.collect().problems
    assert problem.where == "test_x.py"
    assert problem.failure.type in ("OSError", "PermissionError")
    assert problem.failure.frames == ()


def test_a_file_that_reads_another_in_vain_is_told_with_its_line(project):
    project.write({"test_x.py": "open('nowhere')"})
    [problem] = project.collect().problems
    assert [frame.file for frame in problem.failure.frames] == [str(project.root / "test_x.py")]


def test_a_module_of_the_project_that_is_not_importable_is_told_with_its_place_and_what_to_do(project):
    project.write({"src/bank/core.py": "", "tests/test_x.py": "import bank.core", "tests/conftest.py": ""})
    (problem,) = project.collect().problems
    assert problem.failure.message == "No module named 'bank'"
    (hint,) = problem.failure.notes
    assert hint.startswith("'bank' lies in src, where Python does not look: ")
    assert 'set pythonpath = ["src"] in [tool.rustest]' in hint


def test_a_module_in_the_root_folder_is_found_as_well(project):
    project.write({"bank.py": "", "tests/test_x.py": "import bank"})
    (problem,) = project.collect().problems
    assert "'bank' lies in the root folder" in problem.failure.notes[0]
    assert 'pythonpath = ["."]' in problem.failure.notes[0]


def test_of_modules_that_are_nowhere_and_of_those_missing_in_a_known_package_there_is_no_hint(project):
    project.write(
        {
            "src/__init__.py": "",
            "tests/test_x.py": "import no_such_module",
            "tests/test_y.py": "import json.no_such_module",
            "src/json/core.py": "",
        }
    )
    assert [problem.failure.notes for problem in project.collect().problems] == [(), ()]


def test_a_file_that_was_imported_by_way_of_a_link_is_not_imported_again(project, monkeypatch):
    project.write({"real/test_x.py": TEST})
    (project.root / "linked").symlink_to(project.root / "real")
    monkeypatch.syspath_prepend(str(project.root / "linked"))
    import test_x

    (item,) = project.collect("real").items
    assert item.function.func is test_x.test_a


def test_a_collection_names_the_files_that_were_read_and_no_others(project):
    project.write(
        {
            "test_a.py": TEST,
            "test_b.txt": ">>> 1\n1\n",
            "test_broken.py": "1 / 0",
            "test_skipped.py": "import rustest\nrustest.skip('not here', allow_module_level=True)",
        }
    )
    assert project.collect().files == ("test_a.py", "test_b.txt")


def test_an_absent_module_that_is_not_named_is_told_in_the_words_of_its_error(project):
    assert project.problem("raise ModuleNotFoundError('no driver here')").failure.message == "no driver here"
