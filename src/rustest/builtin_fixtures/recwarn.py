"""`recwarn`: the warnings that a test gives. They belong to the whole process, and so its test runs alone."""

import warnings
from collections.abc import Generator

from rustest.authoring.fixture import fixture
from rustest.authoring.warnings_recorder import WarningsRecorder


@fixture
def recwarn() -> Generator[WarningsRecorder]:
    """Record the warnings of the test, the same one at the same place once."""
    with WarningsRecorder() as recorder:
        warnings.simplefilter("default")
        yield recorder
