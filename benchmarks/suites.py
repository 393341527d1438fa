"""The suites that are timed: what each scenario holds, and how each runner wants it written.

python suites.py SCENARIO DIALECT FOLDER    writes one suite
"""

import os
import sys
import textwrap
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

PER_FILE = 50


class Test(NamedTuple):
    """One test function, before it is put in a dialect's words."""

    name: str
    body: str
    is_async: bool = False
    scope: str = ""
    """The loop scope that it names, if any."""
    arguments: str = ""


class File(NamedTuple):
    """One test file: what stands above its tests, the tests, and the class that holds them, if one does."""

    tests: list[Test]
    above: str = ""
    classes: int = 0
    """Into so many classes the tests are dealt out; the scope stands on the class then."""


class Suite(NamedTuple):
    """The files of a scenario, how it is to end, and what of it needs more than plain functions."""

    files: list[File]
    passed: int
    failed: int = 0
    needs: str = ""
    """`fixtures`, `cases` or `classes`, which not every dialect can express."""


class Dialect(NamedTuple):
    """How one runner's tests are written."""

    head: str = ""
    mark: Callable[[Test], str] = lambda test: ""
    fixture: str = ""
    parametrize: str = ""
    more_files: Callable[[list[str]], dict[str, str]] = lambda modules: {}
    """What else the runner needs, text by name, for the test modules of those names."""
    in_class: str = ""
    """The base class of every test, for a runner that knows no functions."""
    knows_classes: bool = True


def _mark_asyncio(prefix: str, test: Test) -> str:
    if not test.is_async:
        return ""
    return f'@{prefix}asyncio(loop_scope="{test.scope}")\n' if test.scope else f"@{prefix}asyncio\n"


def _apte_session(modules: list[str]) -> dict[str, str]:
    imports = "".join(f"import {module}\n" for module in modules)
    session = "from apte import ApteSession\n\nsession = ApteSession()\n"
    return {"bench_root.py": session, "bench_main.py": f"from bench_root import session\n{imports}"}


DIALECTS = {
    "rustest": Dialect(
        "from rustest import fixture, mark, parametrize\n", partial(_mark_asyncio, "mark."), "fixture", "parametrize"
    ),
    "pytest": Dialect(
        "import pytest\n", partial(_mark_asyncio, "pytest.mark."), "pytest.fixture", "pytest.mark.parametrize"
    ),
    "karva": Dialect(
        "import karva\n", fixture="karva.fixture", parametrize="karva.tags.parametrize", knows_classes=False
    ),
    "apte": Dialect(
        "from bench_root import session\n",
        lambda test: "@session.test()\n",
        more_files=_apte_session,
        knows_classes=False,
    ),
    "unittest": Dialect("import unittest\n", in_class="unittest.IsolatedAsyncioTestCase", knows_classes=False),
    "plain": Dialect(knows_classes=False),
}


# --- the scenarios ------------------------------------------------------------------------------------------


def _spread(tests: list[Test], above: str = "", per_file: int = PER_FILE) -> list[File]:
    return [File(tests[at : at + per_file], above) for at in range(0, len(tests), per_file)]


def _sync(number: int) -> Suite:
    tests = [Test(f"test_{i:05d}", f"x = {i}\nassert x == {i}\n") for i in range(number)]
    return Suite(_spread(tests), number)


def _async(number: int, body: str = "assert True\n", per_file: int = PER_FILE, scope: str = "") -> Suite:
    tests = [Test(f"test_{i:05d}", body, is_async=True, scope=scope) for i in range(number)]
    return Suite(_spread(tests, "import asyncio\n", per_file), number)


def _wait(number: int, seconds: float, scope: str = "", per_file: int = PER_FILE) -> Suite:
    return _async(number, f"await asyncio.sleep({seconds})\n", per_file, scope)


def _classes(number: int, methods: int, seconds: float) -> Suite:
    body = f"await asyncio.sleep({seconds})\n"
    tests = [Test(f"test_{i}", body, is_async=True, scope="class") for i in range(number * methods)]
    return Suite([File(tests, "import asyncio\n", number)], len(tests), needs="classes")


CHAIN = """
@FIXTURE
def first():
    return 1

@FIXTURE
def second(first):
    return first + 1

@FIXTURE
def third(second):
    return second + 1

"""


def _chain(number: int) -> Suite:
    tests = [Test(f"test_{i:05d}", "assert third == 3\n", arguments="third") for i in range(number)]
    return Suite(_spread(tests, CHAIN), number, needs="fixtures")


def _cases(number: int) -> Suite:
    text = f'@PARAMETRIZE("x", list(range({number})))\ndef test_case(x):\n    assert x >= 0\n'
    return Suite([File([], text)], number, needs="cases")


FAILURES = (
    "got = {'id': NUMBER, 'who': {'name': 'ann', 'roles': ['dev', 'ops']}, 'tags': list(range(20))}\n"
    "want = {'id': NUMBER, 'who': {'name': 'ann', 'roles': ['qa', 'ops']}, 'tags': list(range(1, 21))}\n"
    "assert got == want\n",
    "rows = [[j, j * NUMBER] for j in range(30)]\nassert rows == [*rows[:-1], [99, 99]]\n",
    "names = ['a', 'b', 'c']\nassert len(names) > NUMBER + 10, 'too few names'\n",
)


def _failures(number: int) -> Suite:
    bodies = (FAILURES[i % len(FAILURES)].replace("NUMBER", str(i)) for i in range(number))
    return Suite(_spread([Test(f"test_{i:05d}", body) for i, body in enumerate(bodies)]), 0, number)


ECHO = """import asyncio

async def answer(reader, writer):
    line = await reader.readline()
    await asyncio.sleep(0.02)
    writer.write(line)
    await writer.drain()
    writer.close()

async def round_trip(line):
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(line)
    await writer.drain()
    echo = await reader.readline()
    writer.close()
    server.close()
    return echo

"""


def _echo(number: int) -> Suite:
    bodies = [f"line = b'line {i}\\n'\nassert await round_trip(line) == line\n" for i in range(number)]
    return Suite(_spread([Test(f"test_{i:05d}", body, is_async=True) for i, body in enumerate(bodies)], ECHO), number)


SCENARIOS: dict[str, Callable[[], Suite]] = {
    "A-sync1": partial(_sync, 1),
    "A-async1": partial(_async, 1),
    **{f"B-{number}": partial(_sync, number) for number in (100, 1000, 5000, 20000)},
    "B-5000-cold": partial(_sync, 5000),
    **{f"C-{number}": partial(_async, number) for number in (100, 1000, 5000, 20000)},
    "D-100x100ms-function": partial(_wait, 100, 0.1),
    "D-100x100ms-module": partial(_wait, 100, 0.1, "module", 100),
    "D-100x100ms-session": partial(_wait, 100, 0.1, "session"),
    "D-10x1s-function": partial(_wait, 10, 1),
    "D-10x1s-module": partial(_wait, 10, 1, "module"),
    "D-10x1s-session": partial(_wait, 10, 1, "session"),
    "D-1000x50ms-function": partial(_wait, 1000, 0.05),
    "D-1000x50ms-module": partial(_wait, 1000, 0.05, "module", 1000),
    "D-1000x50ms-session": partial(_wait, 1000, 0.05, "session"),
    "E-20modules-module": partial(_wait, 100, 0.1, "module", 5),
    "E-20classes-class": partial(_classes, 20, 5, 0.1),
    "F-chain3": partial(_chain, 1000),
    "F-param10000": partial(_cases, 10000),
    "G-500fail": partial(_failures, 500),
    "I-echo200-function": partial(_echo, 200),
    "J-collect20000": partial(_sync, 20000),
}


# --- writing ------------------------------------------------------------------------------------------------


def can_write(suite: Suite, dialect: Dialect) -> bool:
    """Whether the dialect has words for what the suite needs."""
    wants = {"": True, "fixtures": dialect.fixture, "cases": dialect.parametrize, "classes": dialect.knows_classes}
    return bool(wants[suite.needs])


def write_suite(suite: Suite, dialect: Dialect, folder: str) -> None:
    """Write the suite's files into a folder."""
    os.makedirs(folder, exist_ok=True)
    texts = {f"test_{number:04d}": _file_text(file, dialect) for number, file in enumerate(suite.files)}
    more = dialect.more_files(list(texts))
    for name, text in ({f"{module}.py": text for module, text in texts.items()} | more).items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def _file_text(file: File, dialect: Dialect) -> str:
    above = file.above.replace("FIXTURE", dialect.fixture).replace("PARAMETRIZE", dialect.parametrize)
    head = f"{dialect.head}{above}\n"
    if dialect.in_class:
        return f"{head}class TestAll({dialect.in_class}):\n{_methods(file.tests, lambda test: '')}"
    if not file.classes:
        return head + "\n".join(dialect.mark(test) + _function(test, test.arguments) for test in file.tests)
    size, marked = len(file.tests) // file.classes, dialect.mark(file.tests[0])
    parts = [file.tests[at : at + size] for at in range(0, len(file.tests), size)]
    return head + "".join(f"{marked}class Test{i}:\n{_methods(part, lambda _: '')}" for i, part in enumerate(parts))


def _methods(tests: list[Test], mark: Callable[[Test], str]) -> str:
    return textwrap.indent("\n".join(mark(test) + _function(test, "self") for test in tests), "    ") + "\n"


def _function(test: Test, arguments: str) -> str:
    prefix = "async def" if test.is_async else "def"
    return f"{prefix} {test.name}({arguments}):\n{textwrap.indent(test.body, '    ')}"


if __name__ == "__main__":
    write_suite(SCENARIOS[sys.argv[1]](), DIALECTS[sys.argv[2]], sys.argv[3])
