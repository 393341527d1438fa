"""What is the same of many tests is told once."""

import io

from rustest.model.report import as_read
from rustest.testing import run_project

BROKEN = """
    from rustest import fixture, parametrize

    @fixture(scope="module")
    def db():
        raise ConnectionError("refused")

    @parametrize("number", range(12))
    def test_uses_it(db, number):
        pass

    def test_is_broken_itself():
        assert [] == [1]
"""


def printed(folder, source: str, **settings: object) -> str:
    run_project(folder, {"test_it.py": source}, stream=(stream := io.StringIO()), **settings)
    return stream.getvalue()


def test_users_of_a_broken_fixture_are_told_together(tmp_path):
    text = printed(tmp_path, BROKEN)
    assert text.count('raise ConnectionError("refused")') == 1
    told = text[text.index("\nERROR test_it.py::test_uses_it[0] (") :]
    names = [f"    test_it.py::test_uses_it[{number}]" for number in range(1, 11)]
    assert "\n".join(["  the same in 11 more tests:", *names, "    ... and 1 more"]) in told
    assert "\nFAILED test_it.py::test_is_broken_itself (" in text


def test_the_same_complaint_of_the_plan_is_told_once_with_the_place_of_the_first(tmp_path):
    text = printed(tmp_path, "def test_a(nothing): pass\ndef test_b(nothing): pass\n")
    assert text.count("looked in: ") == 1
    assert "    test_it.py:1 in test_a\n      > def test_a(nothing): pass\n  the same in 1 more test:\n" in text


def test_where_no_short_list_follows_all_are_named(tmp_path):
    text = printed(tmp_path, BROKEN, verbosity=-1)
    assert all(f"  test_it.py::test_uses_it[{number}]" in text for number in range(1, 12))


def test_what_has_printed_something_of_its_own_is_told_alone(tmp_path):
    source = """
        from rustest import parametrize

        @parametrize("number", [1, 2])
        def test_it(number):
            print("this is", number)
            assert False
        """
    text = printed(tmp_path, source)
    assert "the same in" not in text
    assert "this is 1" in text
    assert "this is 2" in text


def test_ids_are_sorted_as_people_read_them():
    ids = ["a.py::x", "a2.py::x", "a10.py::x", "b.py::x", "b.py::x[9]", "b.py::x[10]", "b.py::x[y]"]
    assert sorted(set(ids), key=as_read) == ids
