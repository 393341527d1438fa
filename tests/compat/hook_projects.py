"""Small projects with hooks, each with what pytest itself makes of it."""

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple, TextIO

from rustest.cli.arguments import parse_arguments
from rustest.cli.settings import make_settings
from rustest.model.outcome import Verdict
from rustest.model.report import Report
from rustest.testing import _run, write_project


class Project(NamedTuple):
    name: str
    files: dict[str, str]
    argv: tuple[str, ...] = ()


class Found(NamedTuple):
    """What a run made of a project."""

    outcomes: dict[str, str]
    """By node id, in the order of running."""
    deselected: int
    log: str
    """What the project itself has written down."""


LOG = """
from pathlib import Path
ROOT = Path(__file__).parent
def note(*words):
    with open(ROOT / "log.txt", "a") as file:
        file.write(" ".join(map(str, words)) + chr(10))
"""

TESTS = """
import pytest
def test_passes(): pass
def test_fails(): assert 0
def test_skips(): pytest.skip("inside")
@pytest.mark.xfail
def test_xfails(): assert 0
@pytest.mark.xfail
def test_xpasses(): pass
@pytest.mark.skip(reason="by a mark")
def test_marked(): assert 0
@pytest.mark.xfail(run=False, reason="never")
def test_never(): assert 0
@pytest.fixture
def broken(): raise ValueError("set-up")
def test_breaks(broken): pass
@pytest.fixture
def leaves():
    yield
    raise ValueError("teardown")
def test_leaves(leaves): pass
"""

SLOW = """
import pytest

def pytest_addoption(parser):
    parser.addoption("--runslow", action="store_true", default=False, help="run slow tests")
    group = parser.getgroup("size", "how much")
    group.addoption("--size", type=int, default=3, choices=[3, 4])
    group.addoption("-Z", "--zone", action="append", default=["here"], dest="zones")
    parser.addini("wishes", "what is wished for", type="linelist", default=["none"])

def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes long")

def pytest_collection_modifyitems(config, items):
    if not config.getoption("--runslow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="needs --runslow"))
"""

SLOW_TESTS = """
import pytest
@pytest.mark.slow
def test_slow(): pass
def test_options(request):
    config = request.config
    assert (config.getoption("size"), config.option.size, config.getoption("--size")) == (4, 4, 4)
    assert config.getoption("zones") == ["here", "there"]
    assert config.getini("wishes") == ["a b", "c"]
    assert config.getoption("nothing", 7) == 7
    assert config.getoption("verbose") == 0
    with pytest.raises(ValueError):
        config.getoption("nothing")
def test_skips_without_an_option(request):
    request.config.getoption("nothing", skip=True)
def test_session(request):
    assert request.session.config is request.config
    assert request.node.session.testscollected == 5
    assert [item.name for item in request.session.items][:2] == ["test_slow", "test_options"]
@pytest.mark.parametrize("value", [{"a": 1}])
def test_node(request, value):
    node = request.node
    assert isinstance(node, pytest.Function) and isinstance(node.parent, pytest.Module)
    assert (node.originalname, node.callspec.id, node.callspec.params) == ("test_node", "value0", {"value": value})
    assert node.listnames()[-2:] == ["test_slow.py", "test_node[value0]"]
    assert node.module.test_node is node.function and node.cls is None
    assert node.location[0] == "test_slow.py" and node.path.name == "test_slow.py"
    assert [mark.name for mark in node.iter_markers()] == ["parametrize"]
    assert node.getparent(pytest.Class) is None and node.getparent(pytest.Module) is node.parent
"""

VALUES = """
import pytest
from log import note

def shown(item):
    return sorted(f"{name}={value}" for name, value in item.funcargs.items() if name != "request")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    note("before", item.name, shown(item))
    try:
        return (yield)
    finally:
        note("after", item.name, shown(item))

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    note(call.when, item.name, shown(item))
    return (yield)
"""

VALUES_TESTS = """
import pytest
@pytest.fixture(autouse=True)
def always(): return "always"
@pytest.fixture
def deep(): return "deep"
@pytest.fixture
def one(deep): return deep + "er"
@pytest.fixture(params=[1, 2])
def two(request): return request.param
@pytest.fixture
def broken(): raise ValueError
def test_one(one): pass
def test_fails(one): assert 0
@pytest.mark.parametrize(("number", "one"), [(1, "param")])
def test_params(number, one): pass
def test_broken(broken): pass
class TestIt:
    @pytest.fixture
    def one(self, one): return one + " one"
    def test_method(self, one, two): pass
"""

CALLED = """
import asyncio, inspect, pytest
from log import note

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    info = pyfuncitem._fixtureinfo
    note(pyfuncitem.name, info.argnames, sorted(info.names_closure), "one" in info.name2fixturedefs)
    given = pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in info.argnames})
    if inspect.iscoroutine(given):
        asyncio.run(given)
    note("called", pyfuncitem.name)
    return True
"""

WRAPPED = """
import asyncio, inspect, pytest
from log import note

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    body = pyfuncitem.obj
    def wrapped(**arguments):
        given = body(**arguments)
        if inspect.iscoroutine(given):
            asyncio.run(given)
        note("called", pyfuncitem.name)
    pyfuncitem.obj = wrapped
"""

CALLED_TESTS = """
import asyncio, pytest
@pytest.fixture
def deep(): return 1
@pytest.fixture
def one(deep): return deep
def test_plain(one): assert one == 1
def test_fails(one): assert one == 2
async def test_async(one):
    await asyncio.sleep(0)
    assert one == 1
async def test_async_fails(one):
    await asyncio.sleep(0)
    assert one == 2
@pytest.mark.parametrize("number", [3, 4])
def test_params(number, request): assert number == 3 and request.node.name == "test_params[3]"
class TestIt:
    mine = 1
    def test_method(self, one): assert self.mine == one
    async def test_async_method(self, one):
        await asyncio.sleep(0)
        assert self.mine == one
"""

AROUND = """
import pytest
from log import note

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    note("set-up", item.name)
    if item.get_closest_marker("unwanted"):
        pytest.skip("unwanted")

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    note("call", item.name)
    item.addfinalizer(lambda: note("finalizer", item.name))
    try:
        return (yield)
    except ZeroDivisionError:
        note("swallowed", item.name)

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item, nextitem):
    outcome = yield
    note("teardown", item.name, nextitem and nextitem.name, type(outcome.exception).__name__)

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    setattr(item, "report_" + report.when, report)
    note("made", report.when, report.outcome, call.excinfo and call.excinfo.typename, hasattr(report, "wasxfail"))

def pytest_runtest_logreport(report):
    note("told", report.nodeid, report.when, report.outcome)

@pytest.hookimpl(trylast=True)
def pytest_runtest_logstart(nodeid, location):
    note("start", nodeid, location)

def pytest_runtest_logfinish(nodeid):
    note("end", nodeid)

def pytest_runtest_protocol(item):
    note("protocol", item.name)

def pytest_exception_interact(node, call, report):
    note("interact", node.name, report.when)

def pytest_sessionfinish(session, exitstatus):
    note("finish", int(exitstatus), session.testscollected)

def pytest_unconfigure(config):
    note("unconfigure")

@pytest.fixture(autouse=True)
def watch(request):
    yield
    note("seen", request.node.report_setup.passed, getattr(request.node, "report_call", None) is not None)
"""

GENERATED = """
import pytest

def pytest_generate_tests(metafunc):
    for name in ("number", "letter"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, {"number": [1, 2], "letter": "ab"}[name], indirect=name == "letter")
    if metafunc.definition.get_closest_marker("twice"):
        metafunc.parametrize("again", [True, False], ids=["yes", None])

def pytest_make_parametrize_id(config, val, argname):
    if isinstance(val, set):
        return argname + "-" + str(len(val))

@pytest.fixture
def letter(request):
    return request.param * 2

@pytest.fixture
def through(letter):
    return letter

@pytest.fixture(params=["p", {"q"}, pytest.param({1}, id="set")])
def own(request):
    return request.param
"""

GENERATED_TESTS = """
import pytest
def pytest_generate_tests(metafunc):
    if "ours" in metafunc.fixturenames:
        assert metafunc.module.__name__ == "test_generated" and metafunc.function.__name__ == "test_module"
        metafunc.parametrize(["ours", "theirs"], [(1, 2), pytest.param(3, 4, id="second", marks=pytest.mark.xfail)])
def test_number(number): assert number in (1, 2)
def test_letter(number, letter): assert letter in ("aa", "bb")
def test_through(through): assert through in ("aa", "bb")
def test_own(own, number): pass
@pytest.mark.twice
@pytest.mark.parametrize("kind", [{1}, {1, 2}, "s"])
def test_again(again, kind, number): pass
def test_module(ours, theirs): assert ours == 1
@pytest.fixture(params=[{1, 2}, {3}], ids=["named", None])
def of_module(request): return request.param
def test_of_module(of_module): pass
class TestInner:
    @pytest.fixture(params=[{5}], ids=lambda value: None)
    def inner(self, request): return request.param
    def test_inner(self, inner): pass
class TestClass:
    def pytest_generate_tests(self, metafunc):
        assert metafunc.cls is TestClass
        metafunc.parametrize("of_class", [0, 1], scope="class")
    def test_it(self, of_class): pass
    def test_after_it(self, of_class): pass
"""

IGNORING = """
import pytest
collect_ignore = ["test_named.py", "folder"]
collect_ignore_glob = ["*_old.py"]

def pytest_ignore_collect(collection_path, config):
    return True if collection_path.name == "test_hooked.py" else None
"""

FAILING = "def test_it(): assert 0\n"

COMPARED = """
from log import note

class Money:
    def __init__(self, amount): self.amount = amount
    def __eq__(self, other): return self.amount == other.amount
    def __repr__(self): return "money"

def pytest_assertrepr_compare(config, op, left, right):
    if isinstance(left, Money):
        note(config.rootpath.name, op, left.amount, right.amount)
        return ["amounts:", f"  {left.amount} is not {right.amount}"] if op == "==" else []
"""
COMPARED_TESTS = """
import pytest
from conftest import Money
def test_told():
    with pytest.raises(AssertionError, match="1 is not 2"):
        assert Money(1) == Money(2)
    with pytest.raises(AssertionError, match="(?s)^mine.*1 is not 2|^mine"):
        assert Money(1) == Money(2), "mine"
    assert Money(1) == Money(1)
def test_no_word():
    with pytest.raises(AssertionError) as failed:
        assert 1 == 2
    assert "is not" not in str(failed.value)
    with pytest.raises(AssertionError) as failed:
        assert Money(1) is Money(1)
    assert "is not" not in str(failed.value)
"""
SET_UP = """
import pytest
from log import note

@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    if "loop" in fixturedef.argname or "runner" in fixturedef.argname:  # what pytest-asyncio has for itself
        return (yield)
    note("before", fixturedef.argname, fixturedef.scope, sorted(fixturedef.argnames), request.fixturename)
    try:
        value = yield
    except ZeroDivisionError:
        note("swallowed")
        return "mended"
    finally:
        note("after", fixturedef.argname, fixturedef.cached_result is not None)
    if fixturedef.argname == "changed":
        fixturedef.cached_result = (value * 10, *fixturedef.cached_result[1:])
    return value

@pytest.fixture(scope="session")
def wide():
    note("wide up")
    yield 1
"""
SET_UP_TESTS = """
import pytest
from log import note
class Old:
    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        outcome = yield
        note("old", type(outcome.exception).__name__)
        if fixturedef.argname == "forced":
            outcome.force_result(7)
@pytest.fixture(scope="session", autouse=True)
def registered(request):
    request.config.pluginmanager.register(Old(), "old")
@pytest.fixture(params=["a", "b"])
def param(request, wide): return request.param
@pytest.fixture
def changed(): yield 2
@pytest.fixture
def forced(): return 2
@pytest.fixture
def divides(): 1 / 0
@pytest.fixture
def fails(): raise ValueError
@pytest.fixture
def twice():
    yield
    yield
class TestIt:
    @pytest.fixture
    def own(self):
        yield self
        note("own down")
    def test_own(self, own, wide): assert own is self and wide == 1
def test_param(param): assert param in "ab"
def test_changed(changed, forced): assert (changed, forced) == (20, 2)
def test_divides(divides): assert divides is None
def test_fails(fails): pass
def test_twice(twice): pass
def test_asked(request): assert request.getfixturevalue("changed") == 20
"""
LOOPS = """
import asyncio, functools, inspect, pytest
from log import note

def pytest_fixture_setup(fixturedef, request):
    written, name = fixturedef.func, fixturedef.argname
    if name == "wholly":
        value = request.getfixturevalue("runner").run_until_complete(written())
        fixturedef.cached_result = (value, None, None)
        return value
    if name.startswith("left") or not (inspect.iscoroutinefunction(written) or inspect.isasyncgenfunction(written)):
        return
    asks = "request" in fixturedef.argnames
    if not asks:
        fixturedef.argnames += ("request",)

    @functools.wraps(written)
    def driven(*args, **given):
        request = given["request"] if asks else given.pop("request")
        run = request.getfixturevalue("runner").run_until_complete
        if inspect.iscoroutinefunction(written):
            return run(written(*args, **given))
        rest = written(*args, **given)
        request.addfinalizer(lambda: run(anext(rest, None)))
        return run(anext(rest))

    def yielding(*args, **given):
        note("up", name)
        yield driven(*args, **given)
        note("down", name)

    fixturedef.func = yielding if name == "yielded" else driven

def pytest_pyfunc_call(pyfuncitem):
    if inspect.iscoroutinefunction(pyfuncitem.function) and "left" not in pyfuncitem.name:
        given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        loop = pyfuncitem.funcargs.get("runner")
        note("runs", pyfuncitem.name, loop is not None)
        run = asyncio.run if loop is None else loop.run_until_complete
        run(pyfuncitem.obj(**given))
        return True

def pytest_generate_tests(metafunc):
    if "factory" in metafunc.fixturenames:
        metafunc.parametrize("factory", [asyncio.new_event_loop], ids=["plain"])

def pytest_pycollect_makeitem(collector, name, obj):
    if collector.funcnamefilter(name) and inspect.iscoroutinefunction(obj):
        return list(collector._genfunctions(name, obj))

@pytest.fixture
def runner(factory):
    loop = factory()
    asyncio.set_event_loop(loop)
    yield loop
    note("closed")
    loop.close()
"""
LOOPS_TESTS = """
import asyncio, pytest
from log import note

@pytest.fixture
async def awaited(tmp_path): return asyncio.get_running_loop()
@pytest.fixture
async def generated(awaited):
    yield awaited
    note("after", asyncio.get_running_loop() is awaited)
@pytest.fixture
async def asking(request): return request.node.name
@pytest.fixture
async def yielded(generated): return generated
@pytest.fixture
async def wholly(): return 3
@pytest.fixture
async def broken(): raise ValueError
@pytest.fixture
async def left_alone(): pass
@pytest.fixture
def listening(runner):
    server = runner.run_until_complete(asyncio.start_server(lambda r, w: w.close(), "127.0.0.1"))
    yield server.sockets[0].getsockname()[1]
    server.close()
    runner.run_until_complete(server.wait_closed())

async def test_without_fixtures(): await asyncio.sleep(0)
async def test_fails(): assert await asyncio.sleep(0, 1) == 2
async def test_on_the_loop(runner): assert asyncio.get_running_loop() is runner
async def test_generated(generated, runner): assert generated is runner is asyncio.get_running_loop()
async def test_asking(asking, runner): assert asking == "test_asking[plain]"
async def test_yielded(yielded, runner): assert yielded is runner
async def test_wholly(wholly, runner): assert wholly == 3
async def test_broken(broken, runner): pass
async def test_server(listening, runner):
    reader, writer = await asyncio.open_connection("127.0.0.1", listening)
    assert await reader.read() == b""
    writer.close()
def test_sync(generated, runner): assert not generated.is_running()
def test_left(left_alone): pass
async def test_left_to_nobody(): pass
@pytest.mark.xfail
async def test_expected(): assert 0
@pytest.mark.parametrize("x", [1, 2])
async def test_cases(x, awaited, runner): assert x == 1
class TestIt:
    @pytest.fixture
    async def own(self, awaited): return awaited
    async def test_own(self, own, runner): assert own is runner
"""
COUNTED = """
from log import note
def pytest_report_teststatus(report, config):
    if report.when == "call" and report.nodeid.endswith("test_odd"):
        return "odd", "O", ("ODD", {"yellow": True})
def pytest_terminal_summary(terminalreporter):
    for name in ("odd", "passed", "failed"):
        note(name, [report.nodeid for report in terminalreporter.getreports(name)])
"""

CLOSURES = """
import pytest
from log import note

@pytest.fixture
def conn(): pass
@pytest.fixture
def unused(): pass
@pytest.fixture(scope="session")
def wide(): pass
@pytest.fixture
def db(conn, wide): pass
@pytest.fixture
def other(unused): pass
@pytest.fixture(autouse=True)
def always(unused): pass

def pytest_collection_modifyitems(items):
    for item in items:
        note(item.nodeid, [name for name in item.fixturenames if "loop" not in name and name != "request"])
"""
CLOSURES_TESTS = """
import pytest
@pytest.fixture
def db(db): pass
@pytest.fixture
def other(): pass
@pytest.fixture
def always(): pass
@pytest.mark.parametrize("conn", [1])
def test_through_what_is_overridden(db): pass
@pytest.mark.usefixtures("other")
def test_not_through_what_is_replaced(): pass
class TestIt:
    @pytest.fixture
    def db(self): pass
    def test_replaced(self, db): pass
"""

PROJECTS = (
    Project("values told", {"conftest.py": VALUES, "log.py": LOG, "test_values.py": VALUES_TESTS}),
    Project("called by hooks", {"conftest.py": CALLED, "log.py": LOG, "test_called.py": CALLED_TESTS}),
    Project("wrapped by hooks", {"conftest.py": WRAPPED, "log.py": LOG, "test_called.py": CALLED_TESTS}),
    Project("closures", {"conftest.py": CLOSURES, "log.py": LOG, "test_closures.py": CLOSURES_TESTS}),
    Project("comparisons told", {"conftest.py": COMPARED, "log.py": LOG, "test_told.py": COMPARED_TESTS}),
    Project("around set-ups", {"conftest.py": SET_UP, "log.py": LOG, "test_set_up.py": SET_UP_TESTS}),
    Project(
        "loops of a plugin's own",
        {"conftest.py": LOOPS, "log.py": LOG, "test_loops.py": LOOPS_TESTS},
        ("-W", "ignore::pytest.PytestRemovedIn10Warning"),
    ),
    Project(
        "around async set-ups",
        {
            "conftest.py": SET_UP,
            "log.py": LOG,
            "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
            "test_it.py": """
                import pytest
                @pytest.fixture
                async def changed(): return 1
                @pytest.fixture
                async def yields(changed):
                    yield changed
                async def test_it(yields): assert yields == 10
                """,
        },
        ("-p", "pytest_asyncio.plugin"),
    ),
    Project(
        "counted otherwise",
        {"conftest.py": COUNTED, "log.py": LOG, "test_it.py": "def test_odd(): pass\ndef test_even(): pass\n"},
    ),
    Project(
        "options and marks",
        {
            "conftest.py": SLOW,
            "test_slow.py": SLOW_TESTS,
            "pytest.ini": "[pytest]\naddopts = --zone there\nwishes =\n    a b\n    c\n",
        },
        ("--size", "4"),
    ),
    Project(
        "a flag of a conftest",
        {"conftest.py": SLOW, "test_slow.py": "import pytest\n@pytest.mark.slow\ndef test_slow(): pass\n"},
        ("--runslow",),
    ),
    Project(
        "order, deselection",
        {
            "conftest.py": """
                from log import note
                def pytest_collection_modifyitems(session, config, items):
                    left = [item for item in items if "leave" in item.name]
                    config.hook.pytest_deselected(items=left)
                    items[:] = [item for item in reversed(items) if item not in left and item.name != "test_silent"]
                def pytest_itemcollected(item):
                    note("collected", item.nodeid)
                def pytest_collection_finish(session):
                    note("finish", [item.nodeid for item in session.items])
                """,
            "log.py": LOG,
            "test_a.py": "def test_one(): pass\ndef test_leave(): assert 0\ndef test_two(): pass\n",
            "test_b.py": "def test_three(): pass\ndef test_silent(): assert 0\ndef test_k(): pass\n",
        },
        ("-k", "not test_k"),
    ),
    Project("around tests", {"conftest.py": AROUND, "log.py": LOG, "test_all.py": TESTS}),
    Project(
        "skipped and swallowed",
        {
            "conftest.py": AROUND,
            "log.py": LOG,
            "test_it.py": "import pytest\n@pytest.mark.unwanted\ndef test_no(): assert 0\ndef test_zero(): 1 / 0\n",
        },
    ),
    Project(
        "async tests",
        {
            "conftest.py": AROUND,
            "log.py": LOG,
            "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
            "test_it.py": """
                import pytest
                @pytest.fixture
                async def thing():
                    yield 1
                async def test_it(thing): assert thing == 1
                async def test_fails(thing): assert 0
                async def test_zero(): 1 / 0
                """,
        },
        ("-p", "pytest_asyncio.plugin"),
    ),
    Project(
        "changed reports",
        {
            "conftest.py": """
                import pytest
                @pytest.hookimpl(wrapper=True)
                def pytest_runtest_makereport(item, call):
                    report = yield
                    if report.when == "call" and "mend" in item.name:
                        report.outcome = "passed"
                    if report.when == "call" and "break" in item.name:
                        report.outcome = "failed"
                        report.longrepr = "broken by a hook"
                    if report.when == "call" and "expect" in item.name:
                        report.outcome, report.wasxfail = "skipped", "known"
                    return report
                """,
            "test_it.py": "def test_mend(): assert 0\ndef test_break(): pass\ndef test_expect(): assert 0\n",
        },
    ),
    Project("parametrized by hooks", {"conftest.py": GENERATED, "test_generated.py": GENERATED_TESTS}),
    Project(
        "ignored",
        {
            "conftest.py": IGNORING,
            "test_it.py": "def test_it(): pass\n",
            **dict.fromkeys(("test_named.py", "folder/test_in.py", "test_old.py", "test_hooked.py"), FAILING),
            "a/conftest.py": "collect_ignore = ['test_no.py']\n",
            "a/test_no.py": FAILING,
            "a/test_named.py": "def test_yes(): pass\n",
        },
    ),
    Project(
        "each folder has its own",
        {
            "a/conftest.py": "import pytest\ndef pytest_runtest_setup(item): pytest.skip('a')\n",
            "a/test_a.py": FAILING,
            "b/conftest.py": "def pytest_runtest_call(item): raise ValueError('b')\n",
            "b/test_b.py": "def test_it(): pass\n",
            "test_c.py": "def test_it(): pass\n",
        },
    ),
    Project(
        "plugins",
        {
            "conftest.py": "pytest_plugins = 'first,more.second'\n",
            "first.py": """
                import pytest
                pytest_plugins = ["third"]
                def pytest_addoption(parser): parser.addoption("--from-plugin", default="nothing")
                @pytest.fixture
                def one(request): return request.config.getoption("from_plugin")
                """,
            "more/__init__.py": "",
            "more/second.py": """
                import pytest
                def pytest_addhooks(pluginmanager):
                    import specs
                    pluginmanager.add_hookspecs(specs)
                @pytest.fixture
                def two(request): return request.config.hook.pytest_ask(word="a")
                class Late:
                    def pytest_ask(self, word): return word * 2
                def pytest_configure(config):
                    config.pluginmanager.register(Late(), "late")
                """,
            "specs.py": "def pytest_ask(word): ...\n",
            "third.py": """
                import pytest
                @pytest.fixture
                def tmp(tmp_path): return tmp_path
                def pytest_ask(word): return word
                """,
            "test_it.py": """
                def test_it(one, two, tmp, pytestconfig):
                    assert (one, sorted(two), tmp.is_dir()) == ("yes", ["a", "aa"], True)
                    plugins = pytestconfig.pluginmanager
                    assert plugins.hasplugin("third") and plugins.hasplugin("late") and not plugins.hasplugin("fourth")
                    assert plugins.get_plugin("first").one
                    plugins.unregister(name="late")
                    assert not plugins.hasplugin("late")
                """,
        },
        ("-p", "no:fourth", "--from-plugin", "yes"),
    ),
)


def write(project: Project, folder: Path) -> None:
    folder.mkdir()
    write_project(folder, {"pytest.ini": "[pytest]\n", **project.files})


def run_ours(project: Project, folder: Path) -> tuple[Found, Report]:
    """What rustest makes of it, in this process; its folder is the current one."""
    report = run("--concurrency", "1", *project.argv)
    outcomes = {node_id: one.outcome.verdict.value for node_id, one in report.finished.items()}
    return Found(outcomes, report.deselected, _take_log(folder)), report


def run(*argv: str, stream: TextIO | None = None) -> Report:
    """Run the current folder with that command line, as pytest's."""
    settings = make_settings(parse_arguments(["--pytest-compat", "on", *argv]))
    return _run(settings, stream, ())


def verdicts(*argv: str) -> dict[str, Verdict]:
    """By id how the tests of such a run have ended, in which nothing else was wrong."""
    report = run(*argv)
    assert not report.problems
    return {node_id: finished.outcome.verdict for node_id, finished in report.finished.items()}


def _take_log(folder: Path) -> str:
    log = folder / "log.txt"
    text = log.read_text() if log.exists() else ""
    log.unlink(missing_ok=True)
    return text


class Witness:
    """A plugin of pytest that takes down what comes of each test."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.deselected = 0

    def pytest_deselected(self, items):
        self.deselected += len(items)

    def pytest_runtest_logreport(self, report):
        verdict = self._verdict(report)
        if verdict and self.outcomes.get(report.nodeid) not in ("failed", "error"):
            self.outcomes[report.nodeid] = verdict

    def _verdict(self, report) -> str:
        if hasattr(report, "wasxfail"):
            return "xfailed" if report.skipped else "xpassed" if report.when == "call" else ""
        if report.failed:
            return "failed" if report.when == "call" else "error"
        return "skipped" if report.skipped else "passed" if report.when == "call" else ""


def main(folders: list[str]) -> None:
    """Run pytest in each of the folders, each in a process of its own that has pytest already; print what it found."""
    from importlib import import_module

    import pytest
    from _pytest.config import default_plugins

    for name in default_plugins:  # before the forks, for all of them
        import_module(f"_pytest.{name}")
    for project, folder in zip(PROJECTS, folders, strict=True):
        if os.fork():
            os.wait()
            continue
        os.chdir(folder)
        witness = Witness()
        with open(os.devnull, "w") as sink:
            out = os.dup(1)
            os.dup2(sink.fileno(), 1)
            pytest.main(["-p", "no:cacheprovider", *project.argv], plugins=[witness])
            os.dup2(out, 1)
        print(json.dumps([witness.outcomes, witness.deselected, _take_log(Path(folder))]), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
