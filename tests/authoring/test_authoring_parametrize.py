"""`parametrize` and `param`: what is recorded, and what is refused where it is written."""

import pytest

from rustest import mark, param, parametrize
from rustest.model.marks import Mark, ParameterSet


def recorded(*args, **kwargs) -> Mark:
    return parametrize(*args, **kwargs).mark


def test_parametrize_and_the_mark_are_one():
    assert mark.parametrize("a", [1]).mark == parametrize("a", [1]).mark
    assert parametrize("a", [1]).mark.name == "parametrize"


@pytest.mark.parametrize("names", ["a,b", "a, b", " a ,b,", ["a", "b"], ("a", "b")])
def test_names_are_a_string_or_a_list(names):
    assert recorded(names, [(1, 2), [3, 4]]).args == (("a", "b"), (ParameterSet((1, 2)), ParameterSet((3, 4))))


def test_the_value_of_one_name_is_taken_whole():
    assert recorded("a", [(1, 2), "xy"]).args[1] == (ParameterSet(((1, 2),)), ParameterSet(("xy",)))


def test_the_values_of_a_list_with_one_name_are_unpacked():
    assert recorded(["a"], [(1,), [2]]).args[1] == (ParameterSet((1,)), ParameterSet((2,)))


def test_generators_are_taken_once():
    written = recorded("a", (n for n in range(2)), ids=(str(n) for n in range(2)))
    assert written.args[1] == (ParameterSet((0,)), ParameterSet((1,)))
    assert written.kwargs["ids"] == ("0", "1")


def test_a_param_keeps_its_id_and_marks_among_plain_values():
    written = recorded("a,b", [param(1, 2, id="one", marks=mark.slow), (3, 4)])
    assert written.args[1] == (ParameterSet((1, 2), "one", (Mark("slow"),)), ParameterSet((3, 4)))


def test_no_values_are_no_cases():
    assert recorded("a", []).args == (("a",), ())


def test_ids_may_be_a_function():
    assert recorded("a", [1], ids=str).kwargs["ids"] is str


@pytest.mark.parametrize(
    ("indirect", "names"), [(True, ("a", "b")), (False, ()), (["b"], ("b",)), ("a", ("a",)), ([], ())]
)
def test_indirect_becomes_the_names_that_it_means(indirect, names):
    assert recorded("a,b", [(1, 2)], indirect=indirect).kwargs["indirect"] == names


@pytest.mark.parametrize(
    ("write", "complaint"),
    [
        (
            lambda: parametrize("a,b", [(1, 2), (1, 2, 3)]),
            r"case 2 of parametrize has 3 values, \(1, 2, 3\), for 2 names: a, b",
        ),
        (lambda: parametrize("a", [1, param(1, 2)]), r"case 2 of parametrize has 2 values, \(1, 2\), for 1 name: a"),
        (lambda: parametrize("a,b", [(1,)]), r"case 1 of parametrize has 1 value, \(1,\), for 2 names: a, b"),
        (lambda: parametrize("", [1]), "names of parametrize are empty"),
        (lambda: parametrize("a b", [1]), "must be arguments of the test, not 'a b'"),
        (lambda: parametrize("a,a", [(1, 2)]), "has 'a' twice"),
        (lambda: parametrize("a", [1, 2], ids=["x"]), "2 cases and 1 ids"),
        (
            lambda: parametrize("a", [1], indirect=["b"]),
            "indirect of parametrize has 'b', .* names: a",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(write, complaint):
    with pytest.raises(ValueError, match=complaint):
        write()


@pytest.mark.parametrize(
    ("write", "complaint"),
    [
        (lambda: parametrize(3, [1]), "names of parametrize must be"),
        (lambda: parametrize(["a", 3], [(1, 2)]), "must be strings, not 3"),
        (lambda: parametrize("a", 3), "values of parametrize must be a list"),
        (
            lambda: parametrize("a,b", [(1, 2), 3]),
            "case 2 of parametrize must be a list with a value for each of 2 names: a, b",
        ),
        (lambda: parametrize("a,b", [b"xy"]), "case 1 of parametrize must be a list"),
        (lambda: parametrize("a", [1, 2], ids="xy"), "ids of parametrize"),
        (lambda: parametrize("a", [1], ids=3), "ids of parametrize"),
        (lambda: param(1, id=3), "id of param must be a string"),
    ],
)
def test_what_has_a_wrong_type_is_refused(write, complaint):
    with pytest.raises(TypeError, match=complaint):
        write()
