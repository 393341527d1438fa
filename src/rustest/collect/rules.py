"""What counts as a test, and what each test has without saying so: the settings, as reading a module needs them."""

from rustest.collect.parameters import attributes_of
from rustest.model.choices import EmptyParameters
from rustest.model.marks import Mark
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings

_WILD = frozenset("*?[")
_ABSTRACT = 1 << 20  # the flag that inspect.isabstract reads


class Rules(NamedTuple):
    """How modules are read."""

    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)
    takes_imported: bool = True
    """Whether what a module has imported counts as its own."""
    marks: tuple[Mark, ...] = ()
    """What each test is marked with, further out than its module's marks."""
    empty: EmptyParameters = EmptyParameters.SKIP
    reads_docstrings: bool = False
    """Whether the examples in docstrings are tests."""
    doctest_flags: tuple[str, ...] = ()
    """The names of doctest's option flags that count for all examples."""

    def is_test_class(self, name: str, cls: type) -> bool:
        """Whether a class of that name holds tests, by its name or because it says so."""
        is_named = name.startswith(self.classes) or any(_fits(name, pattern) for pattern in self.classes)
        return is_named or _insists(cls)

    def is_test(self, name: str, func: object) -> bool:
        """Whether a function or method of that name is a test, by its name or because it says so."""
        return self.names_function(name) or _insists(func)

    def names_function(self, name: str) -> bool:
        """Whether a function or method of that name is a test."""
        return name.startswith(self.functions) or any(_fits(name, pattern) for pattern in self.functions)


def make_rules(settings: Settings) -> Rules:
    """The rules that the settings make."""
    used = settings.usefixtures
    return Rules(
        settings.python_classes,
        settings.python_functions,
        settings.collect_imported_tests,
        (Mark("usefixtures", used),) if used else (),
        settings.empty_parameter_set_mark,
        settings.doctest_modules,
        settings.doctest_optionflags,
    )


def _fits(name: str, pattern: str) -> bool:
    """Pytest's rule for a name that does not begin so: it fits as a pattern, where that is one."""
    if _WILD.isdisjoint(pattern):
        return False
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern)


def is_concrete(cls: type) -> bool:
    """Whether instances of it can be tests: it is not abstract, and does not say that it is no test."""
    return not cls.__flags__ & _ABSTRACT and bool(getattr(cls, "__test__", True))


def makes_itself(cls: type) -> bool:
    """Whether it, or a base of its, says how instances are made: then, as in pytest, its tests do not run."""
    return any("__init__" in vars(klass) or "__new__" in vars(klass) for klass in cls.__mro__[:-1])


def _insists(thing: object) -> bool:
    """Whether it says of itself that it is a test, or holds some, whatever its name."""
    if issubclass(type(thing), type):  # which asks a lazy object nothing
        return getattr(thing, "__test__", False) is True
    return attributes_of(thing).get("__test__") is True
