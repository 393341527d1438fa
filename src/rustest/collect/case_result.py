"""What comes of one unittest test case, from unittest's words to rustest's."""

from rustest.model.errors import Failed, OutcomeException, Skipped, XFailed
from rustest.model.hints import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from unittest import TestCase


def run_case(case: "TestCase") -> None:
    """Run a test case as unittest does, set-up and cleanups included; raises what came of it."""
    result = CaseResult()
    case(result)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] # a result by its methods alone
    result.conclude()


class CaseResult:
    """The result object that unittest reports to: it keeps all that went wrong in one test case."""

    failfast = False
    shouldStop = False  # noqa: N815 - unittest's names, here and below

    def __init__(self) -> None:
        self._errors: list[BaseException] = []
        self._ends: list[OutcomeException] = []
        """What ended the test, or a subtest, early without being an error."""

    def conclude(self) -> None:
        """Raise what came of the test: its errors, in a group if there are several, else the skip or expected failure.

        Returns where it passed.
        """
        if len(self._errors) > 1:
            raise BaseExceptionGroup("several parts of the test failed", self._errors)
        for exc in (*self._errors, *self._ends):
            raise exc

    def addError(self, test: "TestCase", err: object) -> None:  # noqa: N802
        """Keep an exception of set-up, body, teardown or a cleanup; `skip()` and `xfail()` come this way too."""
        exc = _exception(err)
        if isinstance(exc, Skipped | XFailed):
            self._ends.append(exc)
        else:
            self._errors.append(exc)

    addFailure = addError  # noqa: N815

    def addSubTest(self, test: "TestCase", subtest: "TestCase", err: object) -> None:  # noqa: N802
        """Keep the exception of a subtest, which goes on after it, with the subtest's name; none means it passed."""
        if err is not None:
            _exception(err).add_note(f"subtest {subtest.id().removeprefix(test.id()).strip()}")
            self.addError(test, err)

    def addSkip(self, test: "TestCase", reason: str) -> None:  # noqa: N802
        """Keep that the test, or a subtest, skipped itself."""
        self._ends.append(Skipped(reason))

    def addExpectedFailure(self, test: "TestCase", err: object) -> None:  # noqa: N802
        """Keep that the test failed as it was to."""
        self._ends.append(XFailed())

    def addUnexpectedSuccess(self, test: "TestCase") -> None:  # noqa: N802
        """Keep that the test passed though it was to fail, which is an error."""
        self._errors.append(Failed("unexpected success: it is marked @unittest.expectedFailure, and passed"))

    def addSuccess(self, test: "TestCase") -> None:  # noqa: N802
        """Do nothing: that is what is left where nothing else was reported."""

    def startTest(self, test: "TestCase") -> None:  # noqa: N802
        """Do nothing: the run tells its reporters by itself."""

    def stopTest(self, test: "TestCase") -> None:  # noqa: N802
        """Do nothing, as at the start."""

    def addDuration(self, test: "TestCase", elapsed: float) -> None:  # noqa: N802
        """Do nothing: the run has a clock of its own."""


def _exception(err: object) -> BaseException:
    """The exception of an `exc_info`; other libraries' test cases pass objects of their own."""
    exc = cast("tuple[object, ...]", err)[1] if isinstance(err, tuple) else err
    return exc if isinstance(exc, BaseException) else Failed(str(exc))
