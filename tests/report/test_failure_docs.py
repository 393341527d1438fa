"""The examples in docs/failures.md are what runs print."""

import io
import re
from pathlib import Path

import pytest
import sample_runs

from rustest.model.choices import Traceback
from rustest.model.outcome import Outcome, Verdict
from rustest.model.settings import Settings
from rustest.report.accounts import failed_test
from rustest.testing import run_project

PAGE = Path(__file__).parents[2] / "docs" / "failures.md"
EXAMPLES = re.findall(r"^```text\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)

GROUP = """\
import asyncio


async def order(what):
    await asyncio.sleep(0)
    raise ValueError(f"no {what}")


async def test_open():
    async with asyncio.TaskGroup() as group:
        group.create_task(order("bread"), name="bread")
        group.create_task(order("milk"), name="milk")
"""

TIMEOUT = """\
import asyncio
from rustest import mark

async def wait_for_customers(opened):
    await opened.wait()


async def pay(queue):
    return await queue.get()


@mark.asyncio(timeout=0.1)
async def test_till():
    async def close():
        await clerk
    clerk = asyncio.create_task(wait_for_customers(asyncio.Event()), name="clerk")
    closing = asyncio.create_task(close(), name="closing")
    await pay(asyncio.Queue())
"""


def told(source: str, folder: Path) -> str:
    stream = io.StringIO()
    run_project(folder, {"test_shop.py": source}, stream=stream, verbosity=-1)
    return stream.getvalue().rpartition("\n\n")[0] + "\n"


def redacted(text: str) -> list[str]:
    """Without times and addresses, and without marks, which not every version of Python puts below a `with`."""
    text = re.sub(r" at 0x[0-9a-f]+", " at 0x7f0000000000", re.sub(r"\(\d+\.\d+ s\)$", "(S)", text, flags=re.MULTILINE))
    return [line for line in text.split("\n") if "^" not in line]


def test_the_page_has_the_examples():
    assert len(EXAMPLES) == 3


def test_the_first_example_is_what_a_run_prints(tmp_path):
    failure = sample_runs.raised(tmp_path, "test_no_price")
    finished = sample_runs.finished("test_no_price", Outcome(Verdict.FAILED, failures=(failure,)))
    assert failed_test(finished, Settings(rootdir=str(tmp_path))) + "\n" == EXAMPLES[0]


@pytest.mark.parametrize(("source", "example"), [(GROUP, EXAMPLES[1]), (TIMEOUT, EXAMPLES[2])], ids=["group", "wait"])
def test_the_other_examples_are_what_runs_print(tmp_path, source, example):
    assert redacted(told(source, tmp_path)) == redacted(example)


@pytest.mark.parametrize("style", Traceback)
def test_every_style_is_on_the_page(style):
    assert f"`--tb {style.value}`" in PAGE.read_text()
