"""What `--plan` and its kin print: a session that plans the tests, says so, and runs none."""

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import assert_never

from rustest.model.choices import Listing
from rustest.model.errors import UsageError
from rustest.model.plan import Plan
from rustest.model.settings import Settings
from rustest.planning import known_marks, plan_session
from rustest.report.messages import no_tests


def list_cache_session(settings: Settings, pattern: str) -> Iterator[str]:
    """The lines to print of what earlier runs have left."""
    from rustest.report.history import cache_folder, recall
    from rustest.report.listings.cache_listing import list_cache

    if not settings.cache_dir:
        raise UsageError("--cache-show shows what earlier runs have left, and cache_dir is empty: give it a folder")
    return list_cache(cache_folder(settings), recall(settings).history, pattern)


def list_session(settings: Settings, listing: Listing) -> tuple[Plan | None, Iterator[str]]:
    """The plan, and the lines to print of it, or why there are no tests; what is no matter of tests needs no plan."""
    if listing is Listing.MARKS:
        prefix = "mark" if settings.pytest is None else "pytest.mark"
        return None, (f"@{prefix}.{line}" for line in known_marks(settings))
    from rustest.report.listings.fixture_listing import list_fixtures, list_fixtures_per_test
    from rustest.report.listings.plan_listing import list_plan
    from rustest.report.listings.test_listing import list_tests, list_tests_as_json

    with redirect_stdout(sys.stderr):  # what test files print as they are imported is no part of the listing
        plan = plan_session(settings, in_file_order=listing in (Listing.TESTS, Listing.TESTS_JSON)).plan
    verbose, rootdir = settings.verbosity > 0, settings.rootdir
    match listing:
        case Listing.PLAN:
            lines = list_plan(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES:
            lines = list_fixtures(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES_PER_TEST:
            lines = list_fixtures_per_test(plan, verbose=verbose, rootdir=rootdir)
        case Listing.TESTS:
            lines = list_tests(plan, quiet=settings.verbosity < 0, rootdir=rootdir)
        case Listing.TESTS_JSON:
            return plan, list_tests_as_json(plan, rootdir)
        case _:
            assert_never(listing)
    return plan, lines if settings.verbosity < 0 else _or_why_there_are_none(plan, settings, lines)


def _or_why_there_are_none(plan: Plan, settings: Settings, lines: Iterator[str]) -> Iterator[str]:
    yield from lines
    if not (plan.total or plan.problems or plan.skipped_files):
        yield f"\n{no_tests(plan.deselected, settings)}"


def explain_session(settings: Settings, node_id: str) -> tuple[Plan, Iterator[str]]:
    """The plan, and the lines to print of the tests of that id; raises UsageError where there are none.

    The whole run is planned, as only that says who overlaps. A test that is not in it is planned by itself.
    """
    from rustest.report.listings.explanation import explain_steps, find_steps

    plan = plan_session(settings).plan
    found = find_steps(plan, node_id)
    if not found:
        settings = settings._replace(paths=(node_id,), keyword="", markexpr="")
        plan = plan_session(settings).plan
        found = [(window, step) for window in plan.windows for step in window.steps]
    return plan, explain_steps(plan, found, settings)
