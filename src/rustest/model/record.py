"""`NamedTuple` at a third of the price of `typing`'s, in the same words, and to type checkers the very same.

A run of one test makes one record of most classes, or none. `typing` checks every annotation, and compiles a
constructor for each class; this compiles one for a class of which there are many. `docs/design/speed.md` has figures.
"""

import sys

__all__ = ["NamedTuple", "record_of"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar, TypeVarTuple, Unpack

    Values = TypeVarTuple("Values")
    Record = TypeVar("Record")

    def record_of(cls: Callable[[Unpack[Values]], Record], values: tuple[*Values], /) -> Record:
        """A record with these values, at half the price of calling its class: for what is made for every test.

        There must be one for each field, those with defaults included.
        """
        ...
else:
    record_of = tuple.__new__

if TYPE_CHECKING or sys.version_info >= (3, 14):  # from where on annotations are no longer in the class's namespace
    from typing import NamedTuple
else:
    from _collections import _tuplegetter

    _new_tuple = tuple.__new__

    _FEW = 4
    """As many records as it takes longer to compile a constructor than to do without."""

    _few = {}
    """How many there are of a class that has no constructor yet."""

    def _construct(cls, /, *values, **named):
        """Make one of the first records of its class, and see to it that later ones are made faster."""
        _few[cls] = _few.get(cls, 0) + 1
        rest, known = cls._fields[len(values) :], {**cls._field_defaults, **named}
        is_right = len(values) <= len(cls._fields) and named.keys() <= {*rest} <= known.keys()
        if is_right and _few[cls] <= _FEW:
            return _new_tuple(cls, (*values, *map(known.__getitem__, rest)))
        _few.pop(cls, None)
        cls.__new__ = _constructor(cls)
        return cls.__new__(cls, *values, **named)  # which also knows what to say of wrong arguments

    def _constructor(cls):
        names = ", ".join(cls._fields)
        scope = {"_new_tuple": _new_tuple, "__name__": cls.__module__}
        made = eval(f"lambda _cls, {names}: _new_tuple(_cls, ({names},))", scope)  # noqa: S307 # of our own field names
        made.__defaults__ = tuple(cls._field_defaults.values())
        made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
        return made

    class _Signature:
        """What `inspect` hears of a record's class, which may have no constructor yet."""

        def __get__(self, _, cls):
            from inspect import signature

            whole = signature(_constructor(cls))
            return whole.replace(parameters=[*whole.parameters.values()][1:])

    class _Record(tuple):
        """What all records can do."""

        __slots__ = ()
        __signature__ = _Signature()
        _fields = ()

        def _replace(self, /, **changes):
            values, fields = [*self], self._fields
            try:
                for name, value in changes.items():
                    values[fields.index(name)] = value
            except ValueError:
                unknown = ", ".join(repr(name) for name in changes if name not in fields)
                raise TypeError(f"{type(self).__name__} has no field {unknown}") from None
            return _new_tuple(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        @classmethod
        def _make(cls, values):
            values = tuple(values)
            return _new_tuple(cls, values) if len(values) == len(cls._fields) else cls(*values)

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self):
            return tuple(self)

    class _Definition(type):
        """Turns the body of a class into a record."""

        def __new__(cls, name, bases, namespace):
            names = tuple(namespace.get("__annotations__", ()))
            namespace["_field_defaults"] = {field: namespace[field] for field in names if field in namespace}
            _GETTERS.extend(_tuplegetter(index, "") for index in range(len(_GETTERS), len(names)))
            namespace.update(zip(names, _GETTERS, strict=False))
            namespace.update(_fields=names, __match_args__=names, __slots__=(), __new__=_construct)
            return type.__new__(type, name, (_Record,), namespace)

    _GETTERS = []
    """By position what gets a field, for the classes to share; as many as the largest has fields."""

    NamedTuple = type.__new__(_Definition, "NamedTuple", (), {})
