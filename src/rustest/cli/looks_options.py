"""The rows of the table for what is printed: how much of it, and how."""

from rustest.cli.kinds import BOUND, CAPTURED, COLOR, COUNT, LETTERS, SECONDS, SWITCH, TRACEBACK
from rustest.cli.option import Option

LOOKS_OPTIONS = (
    Option("tb", TRACEBACK, "how failures are told", ("--tb",), "STYLE"),
    Option(
        "showlocals", SWITCH, "show the local variables of each frame of a failure", ("-l", "--showlocals"), const=True
    ),
    Option("full_trace", SWITCH, "show the frames of rustest and of asyncio too", ("--full-trace",), const=True),
    Option("show_capture", CAPTURED, "which output of a failed test to show beneath it", ("--show-capture",), "WHAT"),
    Option(
        "report_chars",
        LETTERS,
        "list at the end, by letter: (f)ailed, (E)rror, (s)kipped, (x)failed, (X)passed, (p)assed, (P)assed with "
        "output, (a)ll but passed, (A)ll, (N)one",
        ("-r", "--report-chars"),
        "CHARS",
    ),
    Option("no_header", SWITCH, "leave out the first line", ("--no-header",), const=True),
    Option("no_summary", SWITCH, "end with the last line alone", ("--no-summary",), const=True),
    Option(
        "disable_warnings",
        SWITCH,
        "count warnings, and do not show them",
        ("--disable-warnings", "--disable-pytest-warnings"),
        const=True,
    ),
    Option("max_warnings", BOUND, "exit with status 6 if there are more warnings", ("--max-warnings",), "N"),
    Option("color", COLOR, "whether to use colours", ("--color",), "WHEN"),
    Option("durations", COUNT, "list so many of the slowest tests; 0 lists none", ("--durations",), "N"),
    Option("durations_min", SECONDS, "how long a test must take to be listed", ("--durations-min",), "SECONDS"),
)
