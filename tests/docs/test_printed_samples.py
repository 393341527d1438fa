"""What the docs show of output is what a run prints, but for how long things took."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from rustest.testing import write_project

ROOT = Path(__file__).parents[2]
DOCS, README = ROOT / "docs", ROOT / "README.md"
SAMPLE = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)

CART = """\
import logging

from rustest import fixture


@fixture
def cart():
    print("connected")
    return ["apple", "apple", "pear"]


def test_checkout(cart):
    logging.getLogger("shop.cart").warning("apple is there twice")
    print(len(cart), "items")
    assert len(cart) == 2
"""

APP = """\
mode = "plain"

def switch(value):
    global mode
    before, mode = mode, value
    return before
"""

CLOBBERING = """\
import asyncio
import app
from rustest import parametrize

async def test_patches():
    before = app.switch("other")
    for _ in range(100):
        await asyncio.sleep(0)
    app.switch(before)

async def test_reads():
    await asyncio.sleep(0)
    assert app.mode == "plain"
"""

BYSTANDERS = """
@parametrize("number", range(11))
async def test_other(number): pass
"""

PRICES = """\
prices = {}

async def test_fetch():
    prices["apple"] = 3

async def test_sum():
    assert sum(prices.values()) == 3

async def test_apart_from_both(): pass
"""

SERVER = """\
from rustest import fixture

@fixture(scope="session")
async def server(): yield
"""

SHOP = """\
import asyncio
from unittest import mock

from rustest import mark

async def test_list(server): pass
async def test_find(server): pass

@mark.serial("db")
class TestOrders:
    async def test_pay(self, server):
        with mock.patch("asyncio.shop", create=True):
            pass
        await asyncio.sleep(0)

@mark.serial
async def test_alone(): pass
def test_sync(): pass
"""

SHOP_FILES = {
    "conftest.py": SERVER,
    "test_shop.py": SHOP,
    "pyproject.toml": "[tool.rustest]\ntimeout = 5\n",
}


@pytest.mark.parametrize(
    ("page", "number", "files", "arguments"),
    [
        ("captured-output", 0, {"test_cart.py": CART}, ()),
        ("interference", 0, {"app.py": APP, "test_app.py": CLOBBERING}, ()),
        (
            "interference",
            1,
            {"app.py": APP, "test_app.py": CLOBBERING + BYSTANDERS},
            ("--isolate", "test_app.py::test_reads"),
        ),
        ("overlap", 0, {"test_prices.py": PRICES}, ("--plan", "-v")),
        ("overlap", 1, SHOP_FILES, ("--explain", "test_shop.py::TestOrders::test_pay")),
    ],
)
def test_a_sample_is_what_a_run_prints(tmp_path, page, number, files, arguments):
    write_project(tmp_path, files)
    sample = SAMPLE.findall((DOCS / f"{page}.md").read_text())[number]
    assert timeless(sample) in timeless(printed_by(tmp_path, *arguments))


def test_the_first_run_of_the_readme_tells_of_its_failures_as_shown(tmp_path):
    text = README.read_text()
    first_file = re.search(r"^```python no-run\n(# test_weather.py.*?)^```$", text, re.MULTILINE | re.DOTALL)
    shown = dedent(text[text.index("    $ rustest\n") : text.index("## The main ideas")])
    told = shown[shown.index("\n\n") : shown.index("\n\noverlapping")]  # without the lines that depend on the moment
    write_project(tmp_path, {"test_weather.py": first_file[1]})
    assert timeless(told) in timeless(printed_by(tmp_path).replace("python -m rustest", "rustest"))


def printed_by(folder: Path, *arguments: str) -> str:
    command, environment = [sys.executable, "-m", "rustest", *arguments], {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, timeout=60, check=False
    ).stdout


def timeless(printed: str) -> str:
    return re.sub(r"\d+\.\d+ s\b|\d\d:\d\d:\d\d\.\d+", "T", printed)
