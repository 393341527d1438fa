"""pytest's own warnings: rustest gives none of them, and filters and tests may name them all."""


class PytestWarning(UserWarning):
    """The base of them all."""

    __module__ = "pytest"


def _subclass(name: str, *bases: type[Warning]) -> type[PytestWarning]:
    return type(name, bases or (PytestWarning,), {"__module__": "pytest", "__doc__": "One of pytest's warnings."})


PytestApproxDecimalToleranceWarning = _subclass("PytestApproxDecimalToleranceWarning")
PytestAssertRewriteWarning = _subclass("PytestAssertRewriteWarning")
PytestCacheWarning = _subclass("PytestCacheWarning")
PytestCollectionWarning = _subclass("PytestCollectionWarning")
PytestConfigWarning = _subclass("PytestConfigWarning")
PytestDeprecationWarning = _subclass("PytestDeprecationWarning", PytestWarning, DeprecationWarning)
PytestExperimentalApiWarning = _subclass("PytestExperimentalApiWarning", PytestWarning, FutureWarning)
PytestFDWarning = _subclass("PytestFDWarning")
PytestRemovedIn10Warning = _subclass("PytestRemovedIn10Warning", PytestDeprecationWarning)
PytestReturnNotNoneWarning = _subclass("PytestReturnNotNoneWarning")
PytestUnhandledThreadExceptionWarning = _subclass("PytestUnhandledThreadExceptionWarning")
PytestUnknownMarkWarning = _subclass("PytestUnknownMarkWarning")
PytestUnraisableExceptionWarning = _subclass("PytestUnraisableExceptionWarning")
