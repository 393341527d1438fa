"""The laws of every run, whatever the project: nothing is lost, nothing is done twice, all is undone in reverse."""

from collections import Counter

import pytest
from examples import examples
from generated_projects import Project, projects
from hypothesis import given
from hypothesis import strategies as st
from project_runs import Recording, record

from rustest.model.events import Event, ReporterFailed, RunFinished, RunStarted, TestFinished, TestStarted
from rustest.model.outcome import Verdict
from rustest.model.report import fold
from rustest.report.fanout import NamedReporter
from rustest.testing import plan_project

EVERYTHING = ("fails", "skips", "fails late", "fails late everywhere")


@pytest.fixture(scope="module")
def run_generated(tmp_path_factory):
    def run_it(project: Project, *reporters: NamedReporter, **options: object) -> Recording:
        folder = tmp_path_factory.mktemp("generated")
        options = {"timeout": 10, "timeout_grace": 0.1, **options}
        return record(folder, project.sources(), *reporters, **options)

    return run_it


@given(
    projects(EVERYTHING), st.sampled_from([1, 2, 100]), st.sampled_from([0, 0, 1, 2]), st.sampled_from([0, 2, 20, 20])
)
@examples(30)
def test_the_laws_hold(run_generated, project, concurrency, maxfail, max_reruns):
    happened = run_generated(project, concurrency=concurrency, maxfail=maxfail, max_reruns=max_reruns)
    check_events(happened)
    check_lives(happened.log)
    check_order_within_tests(project, happened.log)
    check_failed_teardowns(project, happened)
    assert max_reruns or happened.most_at_once() <= concurrency  # a test that is to be run again has not finished
    assert maxfail or not happened.report.ids(Verdict.NOT_RUN)


def check_events(happened: Recording) -> None:
    """Each planned test finishes once, and starts at most once and before that; the report is what they amount to."""
    seen: Counter[tuple[type, str]] = Counter()
    for event in happened.events:
        if isinstance(event, TestStarted):
            assert not seen[TestFinished, event.id]
        if isinstance(event, TestStarted | TestFinished):
            seen[type(event), event.id] += 1
    assert all(count <= 1 for count in seen.values())
    (started,) = [event for event in happened.events if isinstance(event, RunStarted)]
    assert sum(kind is TestFinished and count == 1 for (kind, _), count in seen.items()) == started.total
    after_the_end = happened.events[[type(event) for event in happened.events].index(RunFinished) + 1 :]
    assert all(isinstance(event, ReporterFailed) for event in after_the_end)
    assert happened.report == fold(happened.events)


def check_lives(log: list[tuple]) -> None:
    """What was set up is torn down once, after all that used it, be it a test or another fixture."""
    moments: dict[tuple[str, int], int] = {}
    for moment, (what, who, *_) in enumerate(log):
        if what not in ("use", "made"):
            assert (what, who) not in moments
            moments[what, who] = moment
    uses_of = used_by(log)
    instances = {entry[1]: through_values(entry[3], uses_of, moments) for entry in log if entry[0] == "up"}
    for number, uses in instances.items():
        up, down, gone = (moments[what, number] for what in ("up", "down", "gone"))
        assert up < down < gone
        for used in uses:
            assert moments["up", used] < up
            assert gone < moments["down", used]
    for moment, entry in enumerate(log):
        if entry[0] == "use":
            used_here = through_values(entry[2], uses_of, moments)
            assert all(moments["up", number] < moment < moments["down", number] for number in used_here)
    assert len(moments) == 3 * len(instances)


def used_by(log: list[tuple]) -> dict[int, tuple[int, ...]]:
    """The instances of fixtures, each with those that it uses."""
    return {entry[1]: entry[3] for entry in log if entry[0] in ("up", "made")}


def through_values(numbers: tuple[int, ...], uses: dict[int, tuple[int, ...]], moments: dict) -> set[int]:
    """The instances with a teardown that these use: the next ones, looking through those without."""
    found = [
        {number} if ("up", number) in moments else through_values(uses[number], uses, moments) for number in numbers
    ]
    return set().union(*found)


def check_order_within_tests(project: Project, log: list[tuple]) -> None:
    """The fixtures of one test are torn down in the reverse of the order of their set-up."""
    scopes = {one.name: one.scope for one in project.all_fixtures()}
    uses_of = used_by(log)
    ups = [entry[1] for entry in log if entry[0] == "up" and scopes[entry[2]] == "function"]
    downs = [entry[1] for entry in log if entry[0] == "down"]
    for entry in log:
        if entry[0] == "use":
            needed = closure(entry[2], uses_of)
            mine = [number for number in ups if number in needed]
            assert mine == [number for number in reversed(downs) if number in mine]


def closure(numbers: tuple[int, ...], uses: dict[int, tuple[int, ...]]) -> set[int]:
    return set(numbers).union(*(closure(uses[number], uses) for number in numbers))


def check_failed_teardowns(project: Project, happened: Recording) -> None:
    """A teardown that fails makes the run red."""
    fates = {one.name: one.fate for one in project.all_fixtures()}
    names = {entry[1]: entry[2] for entry in happened.log if entry[0] == "up"}
    if any(fates[names[entry[1]]] == "fails late" for entry in happened.log if entry[0] == "gone"):
        assert happened.report.status != 0


@given(projects())
@examples(15)
def test_outcomes_are_the_same_one_by_one_and_overlapping(run_generated, project):
    alone, overlapping = (run_generated(project, concurrency=width) for width in (1, 100))
    assert alone.verdicts() == overlapping.verdicts()


@given(projects(EVERYTHING), st.integers(0, 12), st.sampled_from([ValueError, SystemExit, AssertionError]))
@examples(15)
def test_a_reporter_that_raises_loses_nothing_and_makes_the_run_red(run_generated, project, when, error):
    told: list[Event] = []

    def break_off(event: Event) -> None:
        told.append(event)
        if len(told) > when:
            raise error("broken")

    happened = run_generated(project, NamedReporter("broken", break_off))
    check_events(happened)
    check_lives(happened.log)
    assert len(told) <= when + 1
    if len(told) > when:
        assert happened.report.status != 0
        assert [one.reporter for one in happened.report.broken_reporters] == ["broken"]


@given(projects(EVERYTHING), st.sampled_from([1, 100]))
@examples(10)
def test_what_finishes_is_what_was_planned(run_generated, tmp_path_factory, project, concurrency):
    finished = run_generated(project, concurrency=concurrency).report.finished
    sources = {"happened.py": "note = print", **project.sources()}
    plan = plan_project(tmp_path_factory.mktemp("planned"), sources, pythonpath=["."], concurrency=concurrency)
    assert sorted(finished) == sorted(step.item.id for window in plan.windows for step in window.steps)
