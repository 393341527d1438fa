"""The rows of the table for coverage: pytest-cov's own flags, and what they mean there."""

from rustest.cli.kinds import COVERAGE_REPORTS, PERCENT, REPEATED, SWITCH, TEXT
from rustest.cli.option import Option

COVERAGE_OPTIONS = (
    Option(
        "cov",
        REPEATED,
        "measure the coverage of a folder or package, without one of what coverage.py's settings say; may be repeated",
        ("--cov",),
        "[PATH]",
        bare="",
    ),
    Option(
        "cov_report",
        COVERAGE_REPORTS,
        "how coverage is reported, and after a colon where to; empty for no report; may be repeated",
        ("--cov-report",),
        "KIND[:FILE]",
    ),
    Option("cov_config", TEXT, "the file of coverage.py's settings", ("--cov-config",), "FILE"),
    Option("cov_branch", SWITCH, "measure branches, too", ("--cov-branch",), const=True),
    Option("cov_fail_under", PERCENT, "fail the run where less is covered", ("--cov-fail-under",), "PERCENT"),
    Option("cov_append", SWITCH, "add to what is in .coverage", ("--cov-append",), const=True, once=True),
    Option("no_cov", SWITCH, "measure no coverage after all", ("--no-cov",), const=True, once=True),
)
