"""The examples of doctests: finding them, running them, and telling of the one that does not hold."""

import os
import re
from collections.abc import Iterable
from doctest import (
    OPTIONFLAGS_BY_NAME,
    SKIP,
    DebugRunner,
    DocTest,
    DocTestFailure,
    DocTestFinder,
    DocTestParser,
    Example,
    OutputChecker,
    UnexpectedException,
    register_optionflag,
)
from types import ModuleType

from rustest.model.errors import Failed, UsageError

_ALLOW_UNICODE, _ALLOW_BYTES, _NUMBER = map(register_optionflag, ("ALLOW_UNICODE", "ALLOW_BYTES", "NUMBER"))
_PREFIXES = {_ALLOW_UNICODE: "uU", _ALLOW_BYTES: "bB"}
_FLOAT = re.compile(r"[+-]?(?:\d*\.\d+|\d+\.|\d+(?=[eE]))(?:[eE][+-]?\d+)?")


def read_flags(names: Iterable[str]) -> int:
    """What doctest takes for option flags of these names; raises UsageError for one that nobody knows."""
    number = 0
    for flag in names:
        if flag not in OPTIONFLAGS_BY_NAME:
            known = ", ".join(OPTIONFLAGS_BY_NAME)
            raise UsageError(f"doctest_optionflags has {flag!r}, expected some of {known}")
        number |= OPTIONFLAGS_BY_NAME[flag]
    return number


def find_examples(module: ModuleType) -> list[DocTest]:
    """Those in the docstrings of a module and of what is defined in it; ValueError for wrongly written ones."""
    return DocTestFinder().find(module, module.__name__)


def read_examples(text: str, path: str) -> DocTest:
    """Those in a text file; raises ValueError for wrongly written ones."""
    return DocTestParser().get_doctest(text, {"__name__": "__main__"}, os.path.basename(path), path, 0)


def is_all_skipped(test: DocTest) -> bool:
    """Whether not one of its examples is to be run."""
    return all(example.options.get(SKIP) for example in test.examples)


def run_examples(test: DocTest, file: str, flags: int) -> None:
    """Run them; raises what one raises unexpectedly, and Failed for one that prints something else than it says."""
    checker = _Checker()
    try:
        DebugRunner(checker, verbose=False, optionflags=flags).run(test, clear_globs=False)
        return
    except DocTestFailure as failure:
        example, got = failure.example, failure.got
        shown = "\n".join((f"{_place(test, file, example)} prints something else", *_source(example)))
        error: BaseException = Failed(f"{shown}\n{checker.output_difference(example, got, flags)}".rstrip())
    except UnexpectedException as failure:
        _, error, trace = failure.exc_info
        error = error.with_traceback(trace.tb_next if trace else None)  # the first frame is doctest's own
        error.add_note("\n".join((f"raised by {_place(test, file, failure.example)}:", *_source(failure.example))))
    raise error  # out here, so that it has not come of doctest's exception


class _Checker(OutputChecker):
    """Knows what pytest has added: prefixes of strings that do not count, and numbers as exact as they are written."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether the one stands for the other."""
        if super().check_output(want, got, optionflags):
            return True
        for flag, letters in _PREFIXES.items():
            if optionflags & flag:
                want, got = (re.sub(rf"(\W|^)[{letters}]([rR]?['\"])", r"\1\2", text) for text in (want, got))
        if optionflags & _NUMBER:
            got = _round(got, want)
        return super().check_output(want, got, optionflags)


def _round(got: str, want: str) -> str:
    """The text with those numbers as they are wanted that are as near as the wanted ones are exact."""
    wanted, found = ([*_FLOAT.finditer(text)] for text in (want, got))
    if len(wanted) != len(found):
        return got
    for sought, there in reversed([*zip(wanted, found, strict=True)]):
        if abs(float(sought.group()) - float(there.group())) <= 10.0 ** -_decimals(sought.group()):
            got = got[: there.start()] + sought.group() + got[there.end() :]
    return got


def _decimals(number: str) -> int:
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def _place(test: DocTest, file: str, example: Example) -> str:
    """Where it is: in docstrings whose line nobody knows, by their name."""
    if test.lineno is None:
        return f"an example of {test.name}"
    return f"the example at {file}:{test.lineno + example.lineno + 1}"


def _source(example: Example) -> Iterable[str]:
    first, *others = example.source.rstrip("\n").split("\n")
    return (f">>> {first}", *(f"... {line}" for line in others))
