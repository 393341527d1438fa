"""What a test does to the process while it awaits puts it alone; what nobody else can see does not."""

import sys

import pytest

from rustest.model.errors import UsageError
from rustest.model.plan import Lane

HEAD = """
    import asyncio, contextlib, gc, locale, logging, os, random, signal, socket, sys, time, unittest.mock, warnings
    import threading
    import unittest.mock as m
    from contextlib import ExitStack, contextmanager, redirect_stdout
    from os import chdir as go, environ
    from unittest import mock
    from unittest.mock import patch
    import json
    from threading import enumerate as all_threads
    from rustest import fixture, mark
    import shop
    from shop import app, Config

    items = []
    class Own: debug = False

    async def wait(): await asyncio.sleep(0)
    def set_key(): os.environ["K"] = "1"
    def drop_key(): del os.environ["K"]
    @contextmanager
    def key():
        os.environ["K"] = "1"
        try: yield
        finally: del os.environ["K"]
    class Key:
        def __enter__(self): os.environ["K"] = "1"
        def __exit__(self, *_): del os.environ["K"]
    async def wait_with_key():
        os.environ["K"] = "1"
        await wait()
        del os.environ["K"]
"""
SHOP = """
    class App:
        def __init__(self): self.overrides, self.state, self.seen = {}, None, []
    class Config: debug = False
    def override(**kwargs):
        def decorate(func):
            import functools
            @functools.wraps(func)
            async def inner(*args, **kwargs): return await func(*args, **kwargs)
            return inner
        return decorate
    app = App()
    price = 1
"""


def plan(project, test: str, head: str = HEAD, **settings):
    for module in ("shop", "test_it"):  # as a new process has it
        sys.modules.pop(module, None)
    lines = [" " * 4 + line for line in test.splitlines()]
    return project.plan(
        {"shop.py": SHOP, "test_it.py": "\n".join((head.rstrip(), *lines))}, pythonpath=(".",), **settings
    )


def body(code: str) -> str:
    return "async def test_it(arg=None):\n" + "\n".join(" " * 4 + line for line in code.splitlines())


def reason(planned) -> str:
    """Why the test is alone; empty where it overlaps."""
    (window,) = [window for window in planned.plan.windows if window.steps]
    reasons = planned.run("test_it").reasons
    assert (window.lane is Lane.ALONE) == bool(reasons)
    return reasons[0] if reasons else ""


HELD = {
    "with patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "with mock.patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "with m.patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "with unittest.mock.patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "with patch.object(shop, 'price', 2) as p:\n    await wait()": "unittest.mock.patch.object",
    "with mock.patch.dict(os.environ, A='1'):\n    await wait()": "unittest.mock.patch.dict",
    "with patch.multiple('shop', price=3):\n    await wait()": "unittest.mock.patch.multiple",
    "with open(__file__), patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "async with asyncio.Lock():\n    with patch('shop.price'):\n        await wait()": "unittest.mock.patch",
    "with patch('shop.price'):\n    async with asyncio.timeout(1): ...": "unittest.mock.patch",
    "with patch('shop.price'):\n    async for _ in arg: ...": "unittest.mock.patch",
    "with patch('shop.price') if arg else contextlib.nullcontext():\n    await wait()": "unittest.mock.patch",
    "with patch.object(shop if arg else Own, 'price'):\n    await wait()": "unittest.mock.patch.object",
    "p = contextlib.nullcontext()\nif arg: p = patch('shop.price')\nwith p: await wait()": "unittest.mock.patch",
    "if arg: p = patch('shop.price')\nelse: p = contextlib.nullcontext()\nwith p: await wait()": "unittest.mock.patch",
    "async with asyncio.timeout(1) as app.state:\n    await wait()": "shop.app.state",
    "with patch('shop.price'):\n    return await wait()": "unittest.mock.patch",
    "with patch('shop.price'):\n    try: print()\n    except OSError: await wait()": "unittest.mock.patch",
    "with patch('shop.price'):\n    for _ in range(3):\n        if arg: await wait()": "unittest.mock.patch",
    "p = patch('shop.price')\np.start()\nawait wait()\np.stop()": "unittest.mock.patch",
    "p = patch('shop.price')\nwith p:\n    await wait()": "unittest.mock.patch",
    "with ExitStack() as stack:\n    stack.enter_context(patch('shop.price'))\n    await wait()": "unittest.mock.patch",
    "from unittest.mock import patch as p\nwith p('shop.price'):\n    await wait()": "unittest.mock.patch",
    "import unittest.mock as u\nwith u.patch('shop.price'):\n    await wait()": "unittest.mock.patch",
    "os.environ['A'] = '1'\nawait wait()": "os.environ",
    "environ['A'] = '1'\nawait wait()\ndel environ['A']": "os.environ",
    "env = os.environ\nenv['A'] = '1'\nawait wait()": "os.environ",
    "os.environ.update(A='1')\nawait wait()": "os.environ",
    "os.environ.setdefault('A', '1')\nawait wait()": "os.environ",
    "os.environ.pop('A', None)\nawait wait()": "os.environ",
    "del os.environ['A']\nawait wait()": "os.environ",
    "from os import environ as e\ne['A'] = '1'\nawait wait()": "os.environ",
    "os.environ['A'] = '1'\nos.environ['B'] = '2'\ndel os.environ['B']\nawait wait()": "os.environ",
    "if arg:\n    os.environ['A'] = '1'\nawait wait()": "os.environ",
    "for _ in range(2):\n    await wait()\n    os.environ['A'] = '1'": "os.environ",
    "os.environ['A'] = '1'\ntry: print()\nexcept OSError: await wait()\nfinally: del os.environ['A']": "os.environ",
    "old = os.environ.get('A')\nos.environ['A'] = '1'\nawait wait()\nos.environ['A'] = old": "os.environ",
    "os.putenv('A', '1')\nawait wait()": "os.putenv",
    "os.chdir('/')\nawait wait()": "os.chdir",
    "go('/')\nawait wait()": "os.chdir",
    "os.chdir(os.path.dirname(os.getcwd()))\nawait wait()": "os.chdir",
    "os.umask(0)\nawait wait()": "os.umask",
    "sys.path.insert(0, '/')\nawait wait()": "sys.path",
    "sys.path[:] = []\nawait wait()": "sys.path",
    "sys.path = []\nawait wait()": "sys.path",
    "sys.modules['x'] = None\nawait wait()": "sys.modules",
    "sys.modules.pop('json')\nawait wait()": "sys.modules",
    "with warnings.catch_warnings():\n    await wait()": "warnings.catch_warnings",
    "warnings.simplefilter('error')\nawait wait()": "warnings.simplefilter",
    "warnings.filterwarnings('error')\nawait wait()": "warnings.filterwarnings",
    "signal.signal(signal.SIGUSR1, print)\nawait wait()": "signal.signal",
    "signal.alarm(3)\nawait wait()\nsignal.alarm(0)": "signal.alarm",
    "locale.setlocale(locale.LC_ALL, 'C')\nawait wait()": "locale.setlocale",
    "socket.setdefaulttimeout(3)\nawait wait()": "socket.setdefaulttimeout",
    "random.seed(1)\nawait wait()": "random.seed",
    "with redirect_stdout(None):\n    await wait()": "contextlib.redirect_stdout",
    "with contextlib.chdir('/'):\n    await wait()": "contextlib.chdir",
    "sys.stdout = None\nawait wait()": "sys.stdout",
    "asyncio.set_event_loop_policy(None)\nasyncio.set_event_loop_policy(arg)\nawait wait()": "set_event_loop_policy",
    "gc.disable()\nawait wait()\ngc.enable()": "gc.disable",
    "sys.setrecursionlimit(100)\nawait wait()": "sys.setrecursionlimit",
    "time.tzset()\nawait wait()": "time.tzset",
    "logging.disable()\nawait wait()": "logging.disable",
    "shop.price = 2\nawait wait()": "shop.price",
    "setattr(shop, 'price', 2)\nawait wait()": "shop.price",
    "json.dumps = None\nawait wait()": "json.dumps",
    "shop.app.state = 2\nawait wait()": "shop.app.state",
    "app.state = 2\nawait wait()": "shop.app.state",
    "app.overrides['a'] = 2\nawait wait()\napp.overrides.clear()": "shop.app.overrides",
    "app.seen.insert(0, 2)\nawait wait()": "shop.app.seen",
    "sys.path.append('/')\nawait wait()": "sys.path",
    "Config.debug = True\nawait wait()": "shop.Config.debug",
    "threads = threading.enumerate()\nawait wait()": "threading.enumerate",
    "await wait()\nassert all_threads()": "threading.enumerate",
    "import signal\nawait wait()\nsignal.raise_signal(signal.SIGTERM)": "signal.raise_signal",
    "set_key()\nawait wait()\ndrop_key()": "os.environ",
    "with key():\n    await wait()": "os.environ",
    "with Key():\n    await wait()": "os.environ",
    "await wait_with_key()": "os.environ",
    "async def inner():\n    os.environ['A'] = '1'\n    await wait()\nawait asyncio.gather(inner())": "os.environ",
    "def inner(): os.environ['A'] = '1'\ninner()\nawait wait()": "os.environ",
}


@pytest.mark.parametrize("code", HELD)
def test_what_is_changed_while_the_test_awaits_puts_it_alone(project, code):
    told = reason(plan(project, body(code)))
    assert told.startswith("alone: it ")
    assert HELD[code] in told


UNSEEN = [
    "with patch('shop.price'):\n    print()\nawait wait()",
    "await wait()\nwith patch('shop.price'), patch('shop.app'):\n    print()\nawait wait()",
    "with patch('shop.price'):\n    try: print()\n    except OSError: pass\nawait wait()",
    "with patch('shop.price'):\n    if arg: return\n    print()\nawait wait()",
    "p = patch('shop.price')\nawait wait()\np.start()\np.stop()\nawait wait()",
    "await wait()\nos.environ['A'] = '1'",
    "os.environ['A'] = '1'\ndel os.environ['A']\nawait wait()",
    "os.environ['A'] = '1'\ntry: print()\nfinally: del os.environ['A']\nawait wait()",
    "old = os.environ.get('A')\nos.environ['A'] = '1'\nos.environ['A'] = old\nawait wait()",
    "old = os.environ['A']\nos.environ['A'] = '1'\nos.environ['A'] = old\nawait wait()",
    "key = 'A'\nos.environ[key] = '1'\nos.environ.pop(key)\nawait wait()",
    "old = os.getcwd()\nos.chdir('/')\nos.chdir(old)\nawait wait()",
    "old = signal.signal(signal.SIGUSR1, print)\nsignal.signal(signal.SIGUSR1, old)\nawait wait()",
    "gc.disable()\ngc.enable()\nawait wait()",
    "old = sys.stdout\nsys.stdout = None\nsys.stdout = old\nawait wait()",
    "state = random.getstate()\nrandom.seed(1)\nrandom.setstate(state)\nawait wait()",
    "app.overrides['a'] = 2\napp.overrides.clear()\nawait wait()",
    "app.seen.append(2)\nawait wait()\napp.seen.remove(2)",
    "set_key()\ndrop_key()\nawait wait()",
    "with key():\n    print()\nawait wait()",
    "await wait()\nassert os.environ['A'] and os.getcwd() and sys.path and 'x' in sys.modules",
    "mine = dict(os.environ)\nmine['A'] = '1'\nawait wait()",
    "mine = {}\nmine.update(a=1)\nmine['b'] = 2\nawait wait()",
    "thing = Own()\nthing.debug = True\nawait wait()",
    "import decimal\ndecimal.getcontext().prec = 3\nawait wait()",
    "items.append(1)\nOwn.debug = True\nawait wait()",
    "global price\nprice = 3\nawait wait()",
    "for item in enumerate(items): threading.current_thread()\nawait wait()",
    "random.random()\nrandom.Random(1).random()\nawait wait()",
]


@pytest.mark.parametrize("code", UNSEEN)
def test_what_nobody_else_can_see_is_no_reason(project, code):
    assert reason(plan(project, body(code))) == ""


def test_the_reason_says_where(project):
    planned = plan(
        project,
        "async def test_it():\n    os.environ['A'] = '1'\n    await asyncio.sleep(0)",
        "    import asyncio, os",
    )
    assert reason(planned) == "alone: it writes `os.environ` at test_it.py:3 and awaits before that is undone"
    assert [touch.where for touch in planned.run("test_it").touches] == ["test_it.py:3"]


def test_what_is_undone_is_kept_for_whoever_asks(project):
    planned = plan(project, body("with patch('shop.price'):\n    print()\nawait wait()"))
    assert [touch.what for touch in planned.run("test_it").touches] == ["uses `unittest.mock.patch`"]


@pytest.mark.parametrize(
    "decorator", ["@patch('shop.price', 2)", "@mock.patch.object(shop, 'price', 2)", "@patch.dict(os.environ, A='1')"]
)
def test_a_decorator_holds_what_it_patches_if_the_test_awaits(project, decorator):
    assert "unittest.mock" in reason(plan(project, f"{decorator}\n" + body("await wait()")))
    assert reason(plan(project, f"{decorator}\n" + body("print()"))) == ""


def test_a_decorated_class_patches_each_of_its_tests(project):
    planned = plan(project, "@patch('shop.price', 2)\nclass TestIt:\n    async def test_it(self): await wait()")
    assert "is decorated by `unittest.mock`" in planned.run("TestIt::test_it").reasons[0]


def test_a_decorator_of_the_projects_own_is_read_too(project):
    decorator = """
def with_key(func):
    import functools
    @functools.wraps(func)
    async def inner(*args):
        os.environ["K"] = "1"
        try: return await func(*args)
        finally: del os.environ["K"]
    return inner

@with_key
"""
    assert "writes `os.environ`" in reason(plan(project, decorator + body("await wait()")))


def test_a_test_below_a_decorator_of_the_projects_own_is_read_too(project):
    assert "writes `os.environ`" in reason(plan(project, "@shop.override(a=1)\n" + body("set_key(); await wait()")))


def test_methods_that_a_test_calls_are_read_too(project):
    test = """
class TestIt:
    def set_key(self): os.environ["K"] = "1"
    async def test_it(self):
        self.set_key()
        await wait()
"""
    assert "writes `os.environ`" in plan(project, test).run("test_it").reasons[0]


def test_methods_that_such_a_method_calls_are_read_too(project):
    test = """
class TestIt:
    def set_key(self): os.environ["K"] = "1"
    def prepare(self): self.set_key()
    async def test_it(self):
        self.prepare()
        await wait()
"""
    assert "writes `os.environ`" in plan(project, test).run("test_it").reasons[0]


FIXTURES = """
@fixture(scope="{scope}")
def env():
    os.environ["A"] = "1"
    yield
    del os.environ["A"]
async def test_it(env): ...
async def test_beside_it(): await wait()
"""


def test_a_variable_that_functions_close_over_is_theirs_in_common_whoever_puts_something_there(project):
    test = """
@fixture
def put():
    for cell in several.__closure__:
        cell.cell_contents = 1
    yield
async def test_it(put): ...
async def test_beside_it(): await wait()
"""
    (told,) = plan(project, test).run("test_it").reasons
    assert told.startswith("alone: its fixture `put` writes `cell_contents` at test_it.py:")


def test_a_fixture_of_one_test_puts_that_test_alone(project):
    planned = plan(project, FIXTURES.format(scope="function"))
    (told,) = planned.run("test_it").reasons
    assert told.startswith("alone: its fixture `env` writes `os.environ` at test_it.py:")
    assert told.endswith(", and that lasts while the test runs")
    assert planned.run("test_beside_it").reasons == ()


def test_what_a_session_fixture_changes_is_as_good_as_always_there(project):
    planned = plan(project, FIXTURES.format(scope="session"))
    assert planned.run("test_it").reasons == planned.run("test_beside_it").reasons == ()


def test_users_of_a_module_fixture_have_a_window_of_their_own(project):
    planned = plan(project, FIXTURES.format(scope="module"))
    assert planned.windows() == [
        (Lane.OVERLAP, "the whole run", ["test_beside_it"]),
        (Lane.OVERLAP, "fixtures of module test_it.py", ["test_it"]),
    ]


@pytest.mark.parametrize(
    "fixture",
    [
        "@fixture\ndef env(): os.environ['A'] = '1'",
        "@fixture\ndef env():\n    with patch('shop.price'): yield",
        "@fixture\nasync def env():\n    with patch('shop.price'):\n        yield",
        "@fixture\nasync def env():\n    shop.price = 2\n    yield\n    shop.price = 1",
        "@fixture\ndef env():\n    set_key()\n    yield\n    drop_key()",
        "@fixture\ndef env():\n    before = threading.active_count()\n    yield\n    threading.active_count()",
        "@fixture\ndef mocker(): ...\n@fixture\ndef env(mocker): ...",
        "@fixture\ndef httpx_mock(): ...\n@fixture\ndef env(httpx_mock): ...",
    ],
)
def test_a_fixture_that_changes_the_process_puts_its_test_alone(project, fixture):
    assert reason(plan(project, f"{fixture}\nasync def test_it(env): ..."))


def test_a_fixture_that_puts_back_what_it_changes_before_the_test_is_no_reason(project):
    fixture = "@fixture\ndef env():\n    with patch('shop.price'): print()\n    yield 1"
    assert reason(plan(project, f"{fixture}\nasync def test_it(env): await wait()")) == ""


@pytest.mark.parametrize("name", ["setup_method(self)", "setup_method(self, method)"])
def test_a_set_up_method_that_changes_the_process_puts_its_tests_alone(project, name):
    planned = plan(project, f"class TestIt:\n    def {name}: set_key()\n    async def test_it(self): await wait()")
    assert "writes `os.environ`" in planned.run("test_it").reasons[0]


@pytest.mark.parametrize("use", ["asyncio.all_tasks()", "asyncio.get_running_loop().set_debug(True)"])
def test_what_belongs_to_a_whole_loop_matters_where_the_loop_is_shared(project, use):
    assert reason(plan(project, body(f"{use}\nawait wait()"))) == ""
    shared = '@mark.asyncio(loop_scope="module")\n' + body(f"{use}\nawait wait()")
    assert "on a loop that it shares with other tests" in plan(project, shared).run("test_it").reasons[-1]


def test_settings_add_names_whose_use_means_alone(project):
    test = body("assert shop.override\nawait wait()")
    assert reason(plan(project, test)) == ""
    assert "uses `shop.override`" in reason(plan(project, test, shared_state=("shop.override",)))
    decorated = "@shop.override(a=1)\n" + body("await wait()")
    assert reason(plan(project, decorated)) == ""
    assert "is decorated by `shop.override`" in reason(plan(project, decorated, shared_state=("shop.override",)))


def test_settings_take_names_away(project):
    assert reason(plan(project, body("random.seed(1)\nawait wait()"), shared_state=("!random.seed",))) == ""
    assert reason(plan(project, body("shop.app.state = 2\nawait wait()"), shared_state=("!shop.app",))) == ""
    patched = "@patch('shop.price', 2)\n" + body("await wait()")
    assert reason(plan(project, patched, shared_state=("!unittest.mock.patch",))) == ""


@pytest.mark.parametrize(
    "entry", ["shop", "shop.nothing", "no_such_package.thing", "!shop.nothing", "shop.", "a b.c", ""]
)
def test_an_entry_that_names_nothing_is_refused(project, entry):
    with pytest.raises(UsageError, match="shared_state"):
        plan(project, body("..."), shared_state=(entry,))


def test_with_a_concurrency_of_1_nobody_need_be_alone(project):
    assert plan(project, body("random.seed(1)\nawait wait()"), concurrency=1).run("test_it").reasons == ()


APP = """
    import os, sys
    from contextlib import contextmanager
    import deeper

    cache, started, pool, user_count = {}, [], None, 0
    def start(): started.append(True)
    def stop(): started.clear()
    async def connect():
        global pool
        pool = object()
    async def disconnect():
        global pool
        pool = None
    @contextmanager
    def priced(price):
        before = dict(cache)
        cache["apple"] = price
        try: yield
        finally:
            cache.clear()
            cache.update(before)
    def forget(): cache.clear()
    def count():
        global user_count
        user_count += 1
    def lazily():
        global pool
        if pool is None: pool = object()
        return pool
    def log_in(): os.environ["USER"] = "me"
    def log_out(): del os.environ["USER"]
    @contextmanager
    def user():
        log_in()
        try: yield
        finally: log_out()
    class User:
        def __enter__(self): log_in()
        def __exit__(self, *_): log_out()
    def go(): deeper.down()
    def fill(): cache["price"] = 1
    def go_and_come_back():
        log_in()
        log_out()
    def call_yourself(): call_yourself()
"""
DEEPER = "import os\ndef down(): os.chdir('/')"
FROM_APP = """
    import asyncio, app
    from app import *
    from app import log_in as enter
    async def wait(): await asyncio.sleep(0)
"""


def plan_with_app(project, code: str, **settings):
    for module in ("app", "deeper", "test_it"):
        sys.modules.pop(module, None)
    source = FROM_APP + "\n".join(" " * 4 + line for line in body(code).splitlines())
    return project.plan({"app.py": APP, "deeper.py": DEEPER, "test_it.py": source}, pythonpath=(".",), **settings)


@pytest.mark.parametrize(
    "code",
    [
        "app.log_in()\nawait wait()",
        "log_in()\nawait wait()\nlog_out()",
        "enter()\nawait wait()",
        "with user(): await wait()",
        "with app.user(): await wait()",
        "with User(): await wait()",
        "go()\nawait wait()",
        "start()\nawait wait()\nstop()",
        "await app.connect()\nawait app.disconnect()",
        "try:\n    await app.connect()\n    await wait()\nfinally:\n    await disconnect()",
        "with priced(3): await wait()",
        "import app as here\nhere.log_in()\nawait wait()",
    ],
)
def test_functions_of_the_project_that_a_test_imports_are_read_too(project, code):
    assert "app.py" in (found := reason(plan_with_app(project, code))) or "deeper.py:2" in found


@pytest.mark.parametrize(
    "code",
    [
        "app.fill()\nawait wait()",
        "forget()\nawait wait()",
        "count()\nawait wait()",
        "lazily()\nawait wait()",
        "start()\nawait wait()",
        "start()\nstop()\nawait wait()",
        "await wait()\nwith priced(3): pass",
        "go_and_come_back()\nawait wait()",
        "call_yourself()\nawait wait()",
        "await wait()\nlog_in()\nlog_out()",
    ],
)
def test_what_such_functions_do_to_their_own_module_or_take_back_is_no_reason(project, code):
    assert reason(plan_with_app(project, code)) == ""


def test_a_fixture_that_starts_and_stops_something_of_the_project_puts_its_test_alone(project):
    fixture = "@fixture\ndef running():\n    app.start()\n    yield\n    app.stop()"
    fills = "@fixture\ndef running():\n    app.fill()"
    for written, lane in ((fixture, Lane.ALONE), (fills, Lane.OVERLAP)):
        for module in ("app", "deeper", "test_it"):
            sys.modules.pop(module, None)
        test = f"{written}\nasync def test_it(running): ...\nasync def test_other(): await wait()"
        source = FROM_APP + "    from rustest import fixture\n" + "\n".join(" " * 4 + one for one in test.splitlines())
        files = {"app.py": APP, "deeper.py": DEEPER, "test_it.py": source}
        planned = project.plan(files, pythonpath=(".",))
        assert {window.lane for window in planned.plan.windows if window.steps} == {Lane.OVERLAP, lane}


def test_settings_take_such_functions_away(project):
    assert reason(plan_with_app(project, "log_in()\nawait wait()", shared_state=("!app.log_in",))) == ""
