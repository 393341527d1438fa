"""What counts as a test, and what each test has without saying so: the settings, as reading a module needs them."""

from rustest.model.choices import EmptyParameters
from rustest.model.marks import Mark
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings

_WILD = frozenset("*?[")


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

    def names_class(self, name: str) -> bool:
        """Whether a class of that name holds tests."""
        return name.startswith(self.classes) or any(_fits(name, pattern) for pattern in self.classes)

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
