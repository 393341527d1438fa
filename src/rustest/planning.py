"""A session as far as its plan: what is to be there before files are imported, and what comes of them.

A run goes on from there; whoever only wants to know what would run stops here.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from rustest.assertion.hook import ask_first, rewriting
from rustest.builtin_fixtures.catalog import builtin_definitions
from rustest.collect.collector import Wants, Watch, collect
from rustest.collect.importer import Importer, prepend_paths
from rustest.compat.door import Door, pytest_door
from rustest.model.choices import PytestCompat
from rustest.model.hints import TYPE_CHECKING
from rustest.model.history import History
from rustest.model.hooks import NO_HOOKS, Hooks, UnheardHooks
from rustest.model.plan import Plan
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan
from rustest.report.history import recall

if TYPE_CHECKING:
    from rustest.model.worker_names import Seat


class Planned(NamedTuple):
    """A plan, and the settings that count for its tests, as far as these and plugins have a say in them."""

    plan: Plan
    settings: Settings


def plan_session(settings: Settings, *, in_file_order: bool = False) -> Planned:
    """All that can be known of the run before it starts; this imports the test files, and runs no test.

    `in_file_order` plans it as if nothing overlapped.
    """
    with opened(settings) as project:
        settings = project.settings._replace(concurrency=1) if in_file_order else project.settings
        plan = plan_opened(project._replace(settings=settings), recall(settings).history)
        return Planned(plan, project.door.settle(settings))


def known_marks(settings: Settings) -> Sequence[str]:
    """The marks of the settings, conftest files and plugins, then rustest's own, as lines `name: what it says`."""
    from rustest.collect.registered_marks import OWN_MARKS

    with opened(settings) as project:
        return *project.settings.markers, *OWN_MARKS.values()


class Project(NamedTuple):
    """What is there when a project is opened: all that planning needs beside its history."""

    settings: Settings
    """The run's, as far as plugins and conftest files have a say in them."""
    importer: Importer
    hooks: Hooks
    door: Door
    watch: Watch | None
    """Hears how far the import of files is."""


@contextmanager
def opened(settings: Settings, seat: "Seat | None" = None, watch: Watch | None = None) -> Generator[Project]:
    """Have files imported as the settings say, with pytest's names answered, and know the hooks of those that come.

    `seat` is that of a worker that does so for itself. `watch` hears how far that is.
    """
    importer = Importer(settings)
    prepend_paths(settings)
    with rewriting(settings), pytest_door(settings) as door:
        if settings.pytest is None:
            is_off = settings.pytest_compat is PytestCompat.OFF
            yield Project(settings, importer, NO_HOOKS if is_off else UnheardHooks(settings.rootdir), door, watch)
            return
        from rustest.compat.hooks.opening import opened_hooks

        with opened_hooks(settings, importer, seat) as (hooks, settled):
            ask_first(hooks.compare)
            yield Project(settled, importer, hooks, door, watch)


def plan_opened(project: Project, history: History) -> Plan:
    """Import the test files, and plan what they hold: with `--lf`, if the files of failures are enough, those alone."""
    if project.settings.lf and not project.settings.shard:
        plan = _plan(project, history, history.failed_in())
        if plan.total or any(problem.where in history.problems for problem in plan.problems):
            return plan
    return _plan(project, history)


def _plan(project: Project, history: History, wants: Wants | None = None) -> Plan:
    settings, importer, hooks, door, watch = project
    collection = collect(settings, wants, importer, hooks, watch)
    settings = door.settle(settings)
    built_in = builtin_definitions(for_pytest=settings.pytest_compat is PytestCompat.ON)
    fixtures = hooks.around_set_ups((*built_in, *hooks.fixtures(), *collection.fixtures))
    plan = make_plan(collection._replace(fixtures=fixtures), settings, history, hooks)
    if plan.problems and door.is_open:
        from rustest.compat.obstacles import stop_at_problems

        plan = stop_at_problems(plan, settings)
    return door.noted(plan)
