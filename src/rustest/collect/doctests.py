"""Doctests: the examples in the docstrings of a module, or in a text file. A docstring, or a file, is one test."""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from rustest.collect.errors import CollectError, problem_of
from rustest.collect.rules import Rules
from rustest.model.calls import CallKind
from rustest.model.failure import Phase, describe
from rustest.model.hints import TYPE_CHECKING
from rustest.model.item import Problem, TestFunction
from rustest.model.marks import Mark
from rustest.model.request import Request

if TYPE_CHECKING:
    from doctest import DocTest

_PROMPT = ">>>"
_SKIPPED = Mark("skip", (), {"reason": "all tests skipped by +SKIP option"})


class Doctest:
    """The body of such a test: called, it runs the examples up to the first that does not hold."""

    def __init__(self, examples: "DocTest", file: str, flags: int) -> None:
        self.examples = examples
        self._file = file
        self._flags = flags
        self._names = examples.globs
        self.__module__ = str(self._names["__name__"])

    def __call__(self, doctest_namespace: Mapping[str, object], request: Request) -> None:
        """Run them, each time with new names."""
        from rustest.collect.examples import run_examples

        self.examples.globs = {**self._names, "getfixture": request.getfixturevalue, **doctest_namespace}
        run_examples(self.examples, self._file, self._flags)


def docstring_tests(module: ModuleType, file: str, rules: Rules) -> list[TestFunction | Problem]:
    """The tests in the docstrings of a module and of all that is defined in it."""
    from rustest.collect.examples import find_examples

    try:
        found = find_examples(module)
    except ValueError as error:
        return [_unreadable(error, file)]
    except Exception as error:  # whatever an object of the module raises when it is looked at
        return [Problem(file, describe(error, Phase.COLLECT))]
    return [*_tests(found, file, rules)]


def text_tests(path: str, file: str, rules: Rules) -> list[TestFunction | Problem]:
    """The test that a text file is, if there are examples in it."""
    try:
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        if _PROMPT not in text:
            return []
        from rustest.collect.examples import read_examples

        return [*_tests([read_examples(text, path)], file, rules)]
    except (OSError, ValueError) as error:
        return [_unreadable(error, file)]


def _unreadable(error: OSError | ValueError, file: str) -> Problem:
    return problem_of(CollectError(f"its examples cannot be read: {error}"), file)


def _tests(found: "Iterable[DocTest]", file: str, rules: Rules) -> Iterator[TestFunction]:
    from rustest.collect.examples import is_all_skipped, read_flags

    flags = read_flags(rules.doctest_flags)
    for each in found:
        if each.examples:
            yield TestFunction(
                file=file,
                classes=(),
                name=each.name,
                func=Doctest(each, file, flags),
                cls=None,
                kind=CallKind.PLAIN,
                arguments=("doctest_namespace", "request"),
                marks=((_SKIPPED,) if is_all_skipped(each) else ()) + rules.marks,
                line=(each.lineno or 0) + 1,
            )
