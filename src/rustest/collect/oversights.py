"""What looks like a test, or like something that is said of one, and has no effect."""

from types import FunctionType

from rustest.collect.errors import RefusedTestError
from rustest.collect.members import class_members
from rustest.collect.rules import Rules


def warn_of(message: str, path: str, line: int) -> None:
    """Warn of a line in a test file; where filters make an error of that, it keeps no other test from running."""
    from warnings import warn_explicit

    try:
        warn_explicit(message, SyntaxWarning, path, line)
    except SyntaxWarning:
        raise RefusedTestError(message) from None


def warn_of_lost_tests(cls: type, path: object, rules: Rules) -> None:
    """Warn of a class of that file whose tests never run, because it says itself how it is made."""
    maker = _maker(cls)
    if maker is None or maker.__code__.co_filename != path or not _holds_tests(cls, rules):
        return
    warn_of(
        f"the tests of {cls.__name__} never run, because the class has its own {maker.__name__}: "
        "use setup_method or a fixture in its place, or give the class __test__ = False",
        maker.__code__.co_filename,
        maker.__code__.co_firstlineno,
    )


def _maker(cls: type) -> FunctionType | None:
    """What makes its instances, as far as that is a function of Python's."""
    for klass in cls.__mro__[:-1]:
        for name in ("__init__", "__new__"):
            found: object = vars(klass).get(name)
            made: object = found.__func__ if isinstance(found, staticmethod) else found
            if isinstance(made, FunctionType):
                return made
    return None


def _holds_tests(cls: type, rules: Rules) -> bool:
    return any(isinstance(thing, FunctionType) and rules.names_function(name) for name, thing in class_members(cls))
