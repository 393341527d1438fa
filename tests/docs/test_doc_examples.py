"""Every Python example of the docs is run as a test file; one that is fenced `python no-run` is only compiled."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from rustest.model.choices import AsyncioMode
from rustest.model.report import Report
from rustest.testing import run_project

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```python(?P<no_run> no-run)?\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    page: str
    line: int
    source: str
    runs: bool

    @property
    def file(self) -> str:
        return f"test_{re.sub(r'[^a-z]+', '_', self.page.lower())}_{self.line}.py"


def examples_of(page: Path) -> Iterator[Example]:
    text = page.read_text()
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        yield Example(page.relative_to(ROOT).as_posix(), line, fence["source"], not fence["no_run"])


EXAMPLES = [example for page in PAGES for example in examples_of(page)]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Report:
    files = {example.file: example.source for example in EXAMPLES if example.runs}
    with hypothesis_unhurried():
        return run_project(tmp_path_factory.mktemp("examples"), files, asyncio_mode=AsyncioMode.AUTO)


@contextmanager
def hypothesis_unhurried() -> Iterator[None]:
    """It takes a machine that is busy with other things for a test that is slow."""
    before = settings.get_current_profile_name()
    settings.register_profile("unhurried", deadline=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("unhurried")
    try:
        yield
    finally:
        settings.load_profile(before)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}:{example.line}")
def test_the_example_holds(example, report):
    compile(example.source, f"{example.page}:{example.line}", "exec")
    problems = [problem.failure.headline for problem in report.problems if problem.where == example.file]
    bad = [
        (finished.id, finished.outcome)
        for finished in report.finished.values()
        if finished.id.startswith(example.file) and finished.outcome.verdict.is_bad
    ]
    assert (problems, bad) == ([], [])


def test_the_examples_do_run(report):
    assert report.finished


def test_every_fence_is_closed_and_known():
    """A fence that the pattern above does not see would never be tested."""
    for page in PAGES:
        assert page.read_text().count("```python") == len(list(examples_of(page))), page
