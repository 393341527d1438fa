"""What differs between two collections."""

from rustest.doctor.comparison import Lone, Renamed, compare
from rustest.doctor.pytest_side import Side


def test_cases_of_one_function_under_other_names_are_paired():
    compared = compare(Side(("t.py::a[0]", "t.py::a[x]", "t.py::b[1]"), {}), Side(("t.py::a[0]", "t.py::a[y]"), {}))
    assert compared.renamed == (Renamed("t.py::a[x]", "t.py::a[y]"),)
    assert (compared.same, compared.there, compared.here) == (1, (Lone("t.py::b[1]", ""),), ())


def test_an_error_of_a_file_explains_each_test_in_it_and_none_of_a_file_named_alike():
    compared = compare(Side(("t.py::a", "t.py2::a"), {}), Side((), {"t.py": "broken"}))
    assert compared.there == (Lone("t.py::a", "broken"), Lone("t.py2::a", ""))


def test_what_is_the_same_differs_in_nothing():
    assert not compare(Side(("t.py::a",), {}), Side(("t.py::a",), {"u.py": "broken"})).differs
