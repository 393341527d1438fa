"""conftest.py files: which are imported, when, and what they do to the files below them."""

FIXTURE = "from rustest import fixture\n@fixture\ndef {name}(): pass\n"


def fixtures(collection) -> list[tuple[str, str]]:
    return [(fixture.place, fixture.name) for fixture in collection.fixtures]


def test_conftests_from_the_root_down_give_their_fixtures_at_their_folders(project):
    project.write(
        {
            "conftest.py": FIXTURE.format(name="root"),
            "a/b/conftest.py": FIXTURE.format(name="deep"),
            "a/b/test_x.py": "def test_a(): pass",
            "c/conftest.py": "raise ValueError('no test is below this one')",
        }
    )
    collection = project.collect()
    assert collection.problems == ()
    assert fixtures(collection) == [("", "root"), ("a/b", "deep")]


def test_a_conftest_is_imported_once_and_before_the_tests_below_it(project):
    project.write(
        {
            "conftest.py": "import builtins\nbuiltins.seen = ['conftest']",
            "test_a.py": "seen.append('a')",
            "test_b.py": "seen.append('b')\nassert seen == ['conftest', 'a', 'b']\ndef test_b(): pass",
        }
    )
    assert project.ids() == ["test_b.py::test_b"]


def test_a_conftest_outside_of_the_root_is_not_read(project):
    project.write({"conftest.py": "raise ValueError", "inner/test_a.py": "def test_a(): pass"})
    inner = type(project)(project.root / "inner")
    assert inner.ids() == ["test_a.py::test_a"]


def test_conftests_of_sibling_folders_are_different_modules_and_each_is_what_its_tests_import(project):
    for folder in "ab":
        project.write(
            {
                f"{folder}/conftest.py": f"name = {folder!r}\n" + FIXTURE.format(name="same"),
                f"{folder}/test_{folder}.py": f"from conftest import name\nassert name == {folder!r}\n"
                "def test_it(same): pass",
            }
        )
    collection = project.collect()
    assert collection.problems == ()
    assert fixtures(collection) == [("a", "same"), ("b", "same")]
    assert collection.fixtures[0].func is not collection.fixtures[1].func


def test_conftests_in_packages_are_imported_by_their_dotted_names(project):
    project.write(
        {
            "pkg/__init__.py": "",
            "pkg/conftest.py": FIXTURE.format(name="here"),
            "pkg/test_a.py": "from .conftest import here\nfrom pkg import conftest\ndef test_a(): pass",
        }
    )
    collection = project.collect()
    assert collection.problems == ()
    assert {fixture.func.__module__ for fixture in collection.fixtures} == {"pkg.conftest"}


def test_a_broken_conftest_is_one_problem_that_names_the_files_it_stops(project):
    project.write({f"a/test_{number}.py": "def test_it(): pass" for number in range(7)})
    project.write(
        {"a/conftest.py": "1 / 0", "a/b/conftest.py": "raise ValueError", "b/test_ok.py": "def test_it(): pass"}
    )
    collection = project.collect()
    assert [item.id for item in collection.items] == ["b/test_ok.py::test_it"]
    (problem,) = collection.problems
    assert problem.where == "a/conftest.py"
    assert problem.failure.headline == "ZeroDivisionError: division by zero"
    named = ", ".join(f"a/test_{number}.py" for number in range(5))
    assert problem.failure.notes == (f"not run because of this: {named} and 2 more",)


def test_a_conftest_that_skips_skips_the_files_below_it(project):
    project.write(
        {
            "a/conftest.py": "from rustest import importorskip\nimportorskip('no_such_module', reason='no such thing')",
            "a/test_1.py": "raise ValueError",
            "test_2.py": "def test_it(): pass",
        }
    )
    collection = project.collect()
    assert collection.problems == ()
    assert [(file.file, file.reason) for file in collection.skipped_files] == [("a/test_1.py", "no such thing")]


def test_a_fixture_imported_into_a_conftest_counts_there(project):
    project.write(
        {
            "shared.py": FIXTURE.format(name="thing"),
            "conftest.py": "from shared import thing",
            "test_a.py": "def test_a(thing): pass",
        }
    )
    (thing,) = project.collect().fixtures
    assert (thing.place, thing.file, thing.line) == ("", "shared.py", 2)
