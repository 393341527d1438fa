"""pytest's exit statuses, by the names that they have there."""

import enum


class ExitCode(enum.IntEnum):
    """What the process says of the run."""

    OK = 0
    TESTS_FAILED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE_ERROR = 4
    NO_TESTS_COLLECTED = 5
    MAX_WARNINGS_ERROR = 6
