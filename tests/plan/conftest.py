"""A project in a folder of its own, collected and planned in this process, without running anything."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from rustest.collect.collector import collect
from rustest.model.plan import Lane, Plan, ProblemStep, RunStep, SkipStep, Step
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan


class Planned:
    """A plan with questions that tests ask of it; a test is named by the last part of its id, or by all of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def step(self, name: str) -> Step:
        (found,) = [step for step in self._steps() if step.item.id == name or step.item.id.endswith(f"::{name}")]
        return found

    def run(self, name: str) -> RunStep:
        step = self.step(name)
        assert isinstance(step, RunStep), step
        return step

    def skip(self, name: str) -> SkipStep:
        step = self.step(name)
        assert isinstance(step, SkipStep), step
        return step

    def problem(self, name: str) -> str:
        step = self.step(name)
        assert isinstance(step, ProblemStep), step
        return step.failure.message

    def windows(self) -> list[tuple[Lane, str, list[str]]]:
        """Each window's lane, title and the names of its tests."""
        return [
            (window.lane, window.title, [short(step.item.id) for step in window.steps]) for window in self.plan.windows
        ]

    def after(self) -> dict[str, list[str]]:
        """Who waits for whom, by name; tests that wait for nobody are left out."""
        runs = [step for step in self._steps() if isinstance(step, RunStep) and step.after]
        return {short(step.item.id): [short(one) for one in step.after] for step in runs}

    def _steps(self) -> Iterator[Step]:
        for window in self.plan.windows:
            yield from window.steps


def short(node_id: str) -> str:
    return node_id.rpartition("::")[2]


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: Mapping[str, str]) -> None:
        for name, source in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(source))

    def plan(self, files: Mapping[str, str] | str, **settings) -> Planned:
        """Plan these files, or the one file `test_it.py`."""
        self.write({"test_it.py": files} if isinstance(files, str) else files)
        plan = self.plan_as_it_is(**settings)
        assert plan.problems == ()
        return Planned(plan)

    def plan_as_it_is(self, *paths: str, **settings) -> Plan:
        """Plan what is there, with whatever problems it has."""
        decided = Settings(rootdir=str(self.root), paths=paths, **settings)
        return make_plan(collect(decided), decided)

    def ids(self, *paths: str) -> list[str]:
        """The tests that the paths and node ids name."""
        plan = self.plan_as_it_is(*paths)
        assert plan.problems == ()
        return [step.item.id for window in plan.windows for step in window.steps]


@pytest.fixture
def project(imports_undone) -> Project:
    return Project(imports_undone)
