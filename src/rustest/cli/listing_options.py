"""The rows of the table for what is printed in place of a run, and of runs that set fixtures up."""

from rustest.cli.kinds import LISTING, SWITCH, TEXT
from rustest.cli.option import Option
from rustest.model.choices import Listing


def _listing(what: Listing, help: str, *flags: str) -> Option:
    return Option("listing", LISTING, help, flags, const=what, once=True)


LISTING_OPTIONS = (
    Option(
        "setup_show", SWITCH, "tell of each fixture's set-up and teardown", ("--setup-show",), const=True, once=True
    ),
    Option(
        "setup_only",
        SWITCH,
        "tell of them, and skip all tests once they are set up",
        ("--setup-only",),
        const=True,
        once=True,
    ),
    Option(
        "setup_plan", SWITCH, "the same, with nothing done by fixtures either", ("--setup-plan",), const=True, once=True
    ),
    _listing(Listing.PLAN, "print what overlaps, what runs alone and why", "--plan"),
    _listing(Listing.FIXTURES, "print the fixtures that the tests can see", "--fixtures"),
    _listing(Listing.FIXTURES_PER_TEST, "print each test's fixtures, in the order of set-up", "--fixtures-per-test"),
    _listing(Listing.TESTS, "print the tests that would run", "--collect-only", "--co"),
    _listing(Listing.TESTS_JSON, "print them as JSON, with file and line", "--collect-json"),
    _listing(Listing.MARKS, "print the marks that tests may have", "--markers"),
    Option(
        "cache_show",
        TEXT,
        "print what earlier runs have left, of what fixtures keep what matches a pattern",
        ("--cache-show",),
        "[PATTERN]",
        once=True,
        bare="*",
    ),
)
