"""Examples in docstrings and text files are tests: under the same names as in pytest, and with the same outcomes."""

import re

import pytest
from project_runs import record
from pytest_witness import ask_pytest

from rustest.cli.main import main
from rustest.model.errors import UsageError
from rustest.model.outcome import Verdict
from rustest.testing import run_project, write_project

PROJECT = {
    "pytest.ini": "[pytest]\naddopts = --doctest-modules\ndoctest_optionflags = NUMBER ELLIPSIS\n",
    "conftest.py": """
        import pytest

        @pytest.fixture(autouse=True)
        def names(doctest_namespace):
            doctest_namespace["given"] = 7
    """,
    "pkg/__init__.py": '"""\n>>> 1 + 1\n2\n"""\nfrom json import JSONDecoder  # which has examples of its own\n',
    "pkg/mod.py": '''
        def wrong():
            """
            >>> print("as said")
            as said
            >>> wrong()
            'said'
            """
            return "done"

        def broken():
            """
            >>> broken()
            """
            raise ValueError("no")

        def raising():
            """
            >>> raising()
            Traceback (most recent call last):
                ...
            ValueError: expected
            """
            raise ValueError("expected")

        def numbers():
            """
            >>> [3.14159, -2.0, 1.5e3]
            [3.14, -2., 1.5e3]
            >>> u"a"  # doctest: +ALLOW_UNICODE
            u'a'
            """

        def inexact():
            """
            >>> 3.14159
            3.15
            """

        def left_out():
            """
            >>> 1  # doctest: +SKIP
            2
            """

        def asking():
            """
            >>> getfixture("tmp_path").is_dir(), given
            (True, 7)
            """

        def silent(): "Holds no examples."

        class Held:
            """
            >>> import pytest
            >>> pytest.skip("later")
            """

            def method(self):
                """
                >>> list(range(100))
                [0, 1, ..., 99]
                """

        __test__ = {"written": ">>> 1\\n1\\n"}
    ''',
    "pkg/__main__.py": "raise RuntimeError('this is a program')",
    "test_both.py": '''
        import pytest

        @pytest.fixture(autouse=True)
        def own(doctest_namespace): doctest_namespace["own"] = 8

        def test_both():
            """
            >>> own
            8
            """
    ''',
    "test_text.txt": "A text.\n\n>>> given\n7\n",
    "test_wrong.txt": ">>> 1\n2\n",
    "test_none.txt": "No examples.",
    "other.txt": ">>> 1\n2\n",
    "docs/guide.md": ">>> import os\n>>> os.sep\n'/'\n",
}


@pytest.mark.parametrize("options", [(), ("--doctest-glob=*.md",), ("other.txt",)], ids=str)
def test_the_same_examples_are_tests_and_end_as_under_pytest(tmp_path, monkeypatch, capsys, options):
    write_project(tmp_path, PROJECT)
    (theirs,) = ask_pytest([(tmp_path, ["-v", *options])])
    monkeypatch.chdir(tmp_path)
    main(["--pytest-compat", "--concurrency=1", "-v", *options])
    expected = re.findall(r"^(\S+::\S+) (PASSED|FAILED|SKIPPED)", theirs.out, re.M)
    ours = re.findall(r"^(PASSED|FAILED|SKIPPED) +(?:[\d.]+ s +)?(\S+::\S+)", capsys.readouterr().out, re.M)
    assert [(name, word) for word, name in dict.fromkeys(ours)] == expected
    assert len(expected) == {(): 15, ("--doctest-glob=*.md",): 14, ("other.txt",): 1}[options]


def test_an_example_that_prints_something_else_is_told_with_its_place(tmp_path):
    run = record(tmp_path, {"mod.py": PROJECT["pkg/mod.py"]}, doctest_modules=True)
    assert run.failure("mod.wrong").message == (
        "the example at mod.py:6 prints something else\n>>> wrong()\nExpected:\n    'said'\nGot:\n    'done'"
    )


def test_what_an_example_raises_is_told_from_there_on(tmp_path):
    failure = record(tmp_path, {"mod.py": PROJECT["pkg/mod.py"]}, doctest_modules=True).failure("mod.broken")
    assert (failure.headline, failure.notes) == (
        "ValueError: no",
        ("raised by the example at mod.py:13:\n>>> broken()",),
    )
    assert [frame.function for frame in failure.frames] == ["<module>", "broken"]
    assert failure.cause is None


def test_copies_of_a_doctest_begin_with_the_same_names(tmp_path):
    source = '"""\n>>> "made" in globals()\nFalse\n>>> made = 1\n"""'
    assert run_project(tmp_path, {"mod.py": source}, doctest_modules=True, repeat=2).ids(Verdict.PASSED) == (
        "mod.py::mod[1]",
        "mod.py::mod[2]",
    )


def test_examples_that_cannot_be_read_are_a_problem_of_their_file(tmp_path):
    files = {"mod.py": '"""\n>>>1\n"""', "test_it.txt": ">>> 1 # doctest: +NO_SUCH\n"}
    report = run_project(tmp_path, files, doctest_modules=True)
    assert [(problem.where, problem.failure.message.partition(": ")[0]) for problem in report.problems] == [
        ("mod.py", "its examples cannot be read"),
        ("test_it.txt", "its examples cannot be read"),
    ]


@pytest.mark.parametrize(("settings", "is_green"), [({}, True), ({"doctest_optionflags": []}, False)])
def test_dots_stand_for_anything_unless_the_flags_are_set(tmp_path, settings, is_green):
    report = run_project(tmp_path, {"test_it.txt": ">>> [1, 2, 3]\n[1, ...]\n"}, **settings)
    assert (report.status == 0) is is_green


def test_a_flag_that_nobody_knows_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"doctest_optionflags has 'NO_SUCH', expected some of .*ELLIPSIS"):
        run_project(tmp_path, {"test_it.txt": ">>> 1\n1\n"}, doctest_optionflags=["NO_SUCH"])


def test_hooks_know_doctests_by_their_kind(tmp_path, monkeypatch, capsys):
    hook = """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                is_doctest = isinstance(item, pytest.DoctestItem)
                print(item.name, is_doctest, hasattr(item, "function"), is_doctest and len(item.dtest.examples))
    """
    source = 'def test_it():\n    """\n    >>> 1\n    1\n    """\n'
    write_project(tmp_path, {"conftest.py": hook, "test_it.py": source})
    monkeypatch.chdir(tmp_path)
    main(["--pytest-compat", "--doctest-modules", "--capture=no"])
    out = capsys.readouterr().out
    assert "test_it.test_it True False 1\ntest_it False True False\n" in out


@pytest.mark.parametrize(("option", "verdict"), [(" # doctest: +SKIP", Verdict.SKIPPED), ("", Verdict.PASSED)])
def test_a_doctest_is_skipped_where_all_its_examples_are_and_run_where_one_is_not(tmp_path, option, verdict):
    source = f">>> 1 # doctest: +SKIP\n2\n>>> 1{option}\n1\n"
    assert run_project(tmp_path, {"test_it.txt": source}).ids(verdict) == ("test_it.txt::test_it.txt",)


@pytest.mark.parametrize(("got", "verdict"), [("1530.0", Verdict.PASSED), ("1630.0", Verdict.FAILED)])
def test_a_number_with_an_exponent_is_as_exact_as_it_is_written(tmp_path, got, verdict):
    files = {"test_it.txt": f">>> {got}\n1.5e3\n"}
    report = run_project(tmp_path, files, pytest_compat="on", doctest_optionflags=["NUMBER"])
    assert report.counts() == {verdict: 1}
