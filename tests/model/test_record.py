"""Our `NamedTuple` behaves as `typing`'s does."""

import copy
import inspect
import pickle
import typing

import pytest

from rustest.model.record import NamedTuple, record_of


class Ours(NamedTuple):
    """A record."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = ()
    """A field."""

    @property
    def twice(self) -> int:
        return 2 * self.a


class Theirs(typing.NamedTuple):
    """A record."""

    a: int
    b: str = "b"
    c: tuple[int, ...] = ()


class NeverMade(NamedTuple):
    a: int


class Moved(NamedTuple):
    x: int
    y: int


def test_a_record_is_a_tuple_with_names_for_its_places():
    record = Ours(1, c=(2,))
    assert record == (1, "b", (2,)) and isinstance(record, tuple) and hash(record) == hash((1, "b", (2,)))
    assert (record.a, record.b, record.c, record.twice) == (1, "b", (2,), 2)
    assert Ours.__doc__ == "A record."


@pytest.mark.parametrize("name", ["_fields", "_field_defaults", "__match_args__", "__slots__", "__module__"])
def test_a_class_says_of_itself_what_typings_does(name):
    assert getattr(Ours, name) == getattr(Theirs, name)


def test_a_class_says_what_it_is_called_with_before_and_after_the_first_calls():
    class Fresh(NamedTuple):
        a: int
        b: str = "b"

    for number in range(9):
        assert str(inspect.signature(Fresh)) == "(a, b='b')"
        Fresh(number)


def test_a_record_can_do_what_typings_can():
    ours, theirs = Ours(1), Theirs(1)
    assert repr(ours).replace("Ours", "Theirs") == repr(theirs)
    assert ours._asdict() == theirs._asdict()
    assert ours._replace(b="x") == theirs._replace(b="x") and type(ours._replace(b="x")) is Ours
    assert Ours._make([1, "x", (3,)]) == Theirs._make([1, "x", (3,)])
    assert copy.copy(ours) == ours and pickle.loads(pickle.dumps(ours)) == ours
    assert type(pickle.loads(pickle.dumps(ours))) is Ours


def test_a_record_cannot_be_changed_and_takes_no_other_attribute():
    for name in ("a", "other"):
        with pytest.raises(AttributeError):
            setattr(Ours(1), name, 2)


@pytest.mark.parametrize(("values", "named"), [((), {}), ((1, "b", (), 4), {}), ((1,), {"d": 1}), ((1,), {"a": 1})])
def test_the_first_call_and_later_ones_refuse_what_is_no_field(values, named):
    class Fresh(NamedTuple):
        a: int
        b: str = "b"
        c: tuple[int, ...] = ()

    for _ in range(2):
        with pytest.raises(TypeError):
            Fresh(*values, **named)
    assert Fresh(1) == (1, "b", ())


def test_later_records_are_made_as_the_first_ones_are():
    class Fresh(NamedTuple):
        a: int
        b: str = "b"

    made = [Fresh(number) for number in range(9)] + [Fresh(b="x", a=number) for number in range(9)]
    assert made == [(number, "b") for number in range(9)] + [(number, "x") for number in range(9)]
    assert {type(record) for record in made} == {Fresh}
    with pytest.raises(TypeError):
        Fresh(b="x")


def test_replace_names_what_is_no_field():
    with pytest.raises((TypeError, ValueError), match="'d'"):
        Ours(1)._replace(d=1)


def test_copies_can_be_made_of_a_class_whose_constructor_was_not_called_yet():
    assert pickle.loads(pickle.dumps(NeverMade._make([1]))).a == 1


def test_records_are_matched_by_place_and_by_name():
    match Moved(1, 2):
        case Moved(1, y=y):
            assert y == 2


def test_a_record_made_of_all_its_values_is_like_one_that_its_class_made():
    made = record_of(Ours, (1, "b", (2,)))
    assert type(made) is Ours
    assert made == Ours(1, c=(2,))
    assert made.twice == 2


def test_a_record_may_have_any_number_of_fields():
    names = [f"field_{number}" for number in range(150)]
    source = "\n".join(f"    {name}: int = {number}" for number, name in enumerate(names))
    scope = {"NamedTuple": NamedTuple, "__name__": __name__}
    exec(f"class Wide(NamedTuple):\n{source}", scope)
    assert [getattr(scope["Wide"](), name) for name in names] == list(range(150))
