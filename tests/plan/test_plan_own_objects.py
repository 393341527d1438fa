"""What a test patches in an object of its own keeps nobody away; in one that others may have, it runs alone."""

import pytest
from project_runs import record

from rustest.model.plan import Lane
from rustest.testing import plan_project

HEAD = """
import asyncio
from abc import ABC
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from unittest import mock
from unittest.mock import AsyncMock, patch

from rustest import fixture, parametrize


class Client(ABC):
    name = "client"

    def send(self): return "sent"
    def __enter__(self): return self
    def __exit__(self, *_): pass
    async def __aenter__(self):
        await asyncio.sleep(0)
        return self
    async def __aexit__(self, *_): pass


class Single:
    made = None

    def __new__(cls):
        cls.made = cls.made or super().__new__(cls)
        return cls.made


class Pooled(Client):
    def __enter__(self): return shared
    async def __aenter__(self): return shared


class OrElse(Client):
    def __enter__(self): return shared or self


class Pair(Client):
    def __iter__(self): return iter((shared, shared))


class Proxy:
    def __setattr__(self, name, value): setattr(shared, name, value)


class Borg:
    attributes = {}
    def __init__(self): self.__dict__ = self.attributes


class Cached:
    @lru_cache
    def __new__(cls): return super().__new__(cls)


class Registered(type):
    def __call__(cls): return shared


class Known(metaclass=Registered): pass


shared = Client()
async def wait(): await asyncio.sleep(0)


@fixture
def client(): return Client()

@fixture
def opened():
    with Client() as it:
        yield it

@fixture
async def connected():
    async with Client() as it:
        await wait()
        yield it

@fixture
async def awaited():
    await wait()
    it = Client()
    it.name = "awaited"
    return it

@fixture(scope="session")
def of_all(): return Client()

@fixture
def same(): return shared

@fixture
def perhaps(request):
    if request.node.name:
        return shared
    return Client()

@fixture
def either(): return shared or Client()

@fixture
async def one_or_other(): yield shared if shared.name else Client()

@fixture
async def pooled():
    async with Pooled() as it:
        yield it

@fixture
def patched(monkeypatch):
    monkeypatch.setattr(shared, "name", "patched")
    return Client()
"""

OWN = [
    "():\n client = Client()\n with patch.object(client, 'send'):\n  await wait()",
    "():\n client = Client()\n with mock.patch.object(client, 'send', return_value=1) as send:\n  await wait()",
    "():\n with patch.multiple(Client(), send=None):\n  await wait()",
    "():\n with Client() as it, patch.object(it, 'send'):\n  await wait()",
    "():\n async with Client() as it:\n  with patch.object(it, 'send'):\n   await wait()",
    "():\n it = SimpleNamespace(send=1)\n with patch.object(it, 'send'):\n  await wait()",
    "():\n it = AsyncMock()\n with patch.object(it, 'send'):\n  await wait()",
    "():\n class Mine(Client): pass\n with patch.object(Mine, 'send'):\n  await wait()",
    "():\n class Mine(Client): pass\n it = Mine()\n with patch.object(it, 'send'):\n  await wait()",
    "():\n patcher = patch.object(Client(), 'send')\n patcher.start()\n await wait()\n patcher.stop()",
    "():\n async def inner():\n  it = Client()\n  with patch.object(it, 'send'):\n   await wait()\n await inner()",
    "(client):\n with patch.object(client, 'send'):\n  await wait()",
    "(opened):\n with patch.object(opened, 'send'):\n  await wait()",
    "(connected):\n with patch.object(connected, 'send'):\n  await wait()",
    "(awaited):\n with patch.object(awaited, 'send'):\n  await wait()",
    "(monkeypatch):\n client = Client()\n monkeypatch.setattr(client, 'send', None)\n await wait()",
    "(client, monkeypatch):\n monkeypatch.setattr(client, 'a', 1)\n monkeypatch.delattr(client, 'a')\n await wait()",
]
NOT_OWN = [
    "():\n with patch.object(shared, 'send'):\n  await wait()",
    "():\n with patch.object(Client, 'send'):\n  await wait()",
    "():\n it = Single()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n it = Known()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n it = Client()\n if it.name:\n  it = shared\n with patch.object(it, 'send'):\n  await wait()",
    "():\n it = shared\n while it is shared:\n  it = Client()\n with patch.object(it, 'send'):\n  await wait()",
    "():\n it = Client()\n it.other = shared\n with patch.object(it.other, 'send'):\n  await wait()",
    "():\n with Pooled() as it, patch.object(it, 'send'):\n  await wait()",
    "():\n async with Pooled() as it:\n  with patch.object(it, 'send'):\n   await wait()",
    "():\n async with Client():\n  it = shared\n  with patch.object(it, 'send'):\n   await wait()",
    "():\n async def inner(client):\n  with patch.object(client, 'send'):\n   await wait()\n await inner(shared)",
    "():\n client = Client()\n with patch('test_it.shared'), patch.object(client, 'send'):\n  await wait()",
    "():\n it = shared if shared.name else Client()\n with patch.object(it, 'send'):\n  await wait()",
    "():\n it = Client() if shared.name else shared\n with patch.object(it, 'send'):\n  await wait()",
    "():\n it = shared or Client()\n with patch.object(it, 'send'):\n  await wait()",
    "():\n with patch.object(shared or Client(), 'send'):\n  await wait()",
    "():\n with patch.object(shared if shared.name else Client(), 'send'):\n  await wait()",
    "():\n with patch.object(shared, 'send') if shared else patch.object(Client(), 'send'):\n  await wait()",
    "():\n p = patch.object(Client(), 'send')\n if shared: p = patch.object(shared, 'send')\n with p:\n  await wait()",
    "():\n if shared: p = patch.object(shared, 'send')\n else: p = patch.object(Client(), 'send')\n"
    " with p:\n  await wait()",
    "():\n it = Client()\n def swap():\n  nonlocal it\n  it = shared\n swap()\n"
    " with patch.object(it, 'send'):\n  await wait()",
    "():\n with OrElse() as it, patch.object(it, 'send'):\n  await wait()",
    "():\n one, other = Pair()\n with patch.object(other, 'send'):\n  await wait()",
    "():\n async with Pair() as (one, other):\n  with patch.object(other, 'send'):\n   await wait()",
    "():\n it = Proxy()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n it = Borg()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n it = Cached()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n class Mine(Single): pass\n it = Mine()\n with patch.object(it, 'send', create=True):\n  await wait()",
    "():\n with patch.object(new=Client(), target=shared, attribute='send'):\n  await wait()",
    "(either):\n with patch.object(either, 'send'):\n  await wait()",
    "(one_or_other):\n with patch.object(one_or_other, 'send'):\n  await wait()",
    "(monkeypatch):\n it = shared or Client()\n monkeypatch.setattr(it, 'send', None)\n await wait()",
    "(monkeypatch):\n put = monkeypatch.setattr\n put(shared, 'a', 1)\n put(Client(), 'a', 1)\n await wait()",
    "(monkeypatch):\n it = shared; monkeypatch.setattr(it, 'send', None)\n await wait()",
    "(of_all):\n with patch.object(of_all, 'send'):\n  await wait()",
    "(same):\n with patch.object(same, 'send'):\n  await wait()",
    "(perhaps):\n with patch.object(perhaps, 'send'):\n  await wait()",
    "(pooled):\n with patch.object(pooled, 'send'):\n  await wait()",
    "(client):\n client = client or shared\n with patch.object(client, 'send'):\n  await wait()",
    "(client=shared):\n with patch.object(client, 'send'):\n  await wait()",
    "(client, same):\n with patch.object(client, 'send'), patch.object(same, 'send'):\n  await wait()",
    "(monkeypatch):\n monkeypatch.setattr(shared, 'send', None)\n await wait()",
    "(monkeypatch):\n monkeypatch.setenv('A', '1')\n await wait()",
    "(monkeypatch):\n monkeypatch.setattr('test_it.shared', Client())\n await wait()",
    "(monkeypatch):\n print(monkeypatch)\n await wait()",
    "(monkeypatch):\n client = Client()\n monkeypatch.setattr(client, 'a', 1)\n monkeypatch.undo()\n await wait()",
    "(monkeypatch):\n def inner(): monkeypatch.setenv('A', '1')\n inner()\n await wait()",
    "(same, monkeypatch):\n monkeypatch.setattr(same, 'send', None)\n await wait()",
    "(patched, monkeypatch):\n monkeypatch.setattr(patched, 'send', None)\n await wait()",
    "(client, monkeypatch):\n monkeypatch.setattr(client, 'a', 1)\n with patch('test_it.shared'):\n  await wait()",
]


def lane(folder, source) -> Lane:
    """The lane of the test of that source, whose file has another one that overlaps in any case."""
    plan = plan_project(folder, {"test_it.py": f"{HEAD}\nasync def test_beside(): await wait()\n{source}\n"})
    assert plan.problems == ()
    (found,) = [window.lane for window in plan.windows for step in window.steps if step.item.function.name == "test_it"]
    return found


@pytest.mark.parametrize("test", OWN)
def test_what_is_patched_in_an_object_of_its_own_keeps_nobody_away(tmp_path, test):
    assert lane(tmp_path, f"async def test_it{test}") is Lane.OVERLAP


@pytest.mark.parametrize("test", NOT_OWN)
def test_what_is_patched_in_an_object_that_others_may_have_puts_the_test_alone(tmp_path, test):
    assert lane(tmp_path, f"async def test_it{test}") is Lane.ALONE


@pytest.mark.parametrize(
    "store", ["self.client = self.client or Client()", "if not self.client: self.client = Client()"]
)
def test_what_a_test_stores_in_itself_may_have_been_there_before(tmp_path, store):
    source = f"""
class TestIt:
    client = shared
    async def test_it(self):
        {store}
        with patch.object(self.client, 'send'): await wait()
"""
    assert lane(tmp_path, source) is Lane.ALONE


OF_CLASS = [
    "def setup_method(self): self.client = Client()",
    "def setup_method(self):\n  it = self.client = Client()\n  it.name = 'set up'",
    "@fixture(autouse=True)\n async def prepare(self):\n  await wait()\n  self.client = Client()\n  yield",
]
NOT_OF_CLASS = [
    "def setup_method(self): self.client = shared",
    "def setup_method(self): self.client = shared or Client()",
    "def setup_method(self):\n  self.client = Client()\n  if shared: self.client = shared",
    "def setup_method(self):\n  self.client = Client()\n  setattr(self, 'client', shared)",
    "def setup_method(self):\n  self.client = Client()\n  def swap(): self.client = shared\n  swap()",
    "def setup_method(self): self.client = self.other\n def teardown_method(self): self.other = self.client",
    "client = shared\n def setup_method(self):\n  if not self.client: self.client = Client()",
    "@classmethod\n def setup_class(cls): cls.client = Client()",
    "@classmethod\n def setup_class(own): own.client = Client()",
    "@fixture(autouse=True)\n def prepare(self, request): request.cls.client = Client()",
]
IN_CLASS = """
class Base:
 {}
class TestIt(Base):
 async def test_it(self{}):
  {}
  await wait()
"""


def lane_in_class(folder, head: str) -> Lane:
    """The lane of a test that patches `self.client` by both ways, in a class that inherits the head."""
    ways = [
        (", monkeypatch", "monkeypatch.setattr(self.client, 'send', None)"),
        ("", "with patch.object(self.client, 'send'): await wait()"),
    ]
    (found,) = {lane(folder / str(at), IN_CLASS.format(head, *way)) for at, way in enumerate(ways)}
    return found


@pytest.mark.parametrize("head", OF_CLASS)
def test_what_the_class_of_a_test_makes_for_it_is_its_own(tmp_path, head):
    assert lane_in_class(tmp_path, head) is Lane.OVERLAP


@pytest.mark.parametrize("head", NOT_OF_CLASS)
def test_what_a_class_has_from_elsewhere_is_not(tmp_path, head):
    assert lane_in_class(tmp_path, head) is Lane.ALONE


def test_what_a_fixture_in_a_class_makes_for_a_test_is_its_own(tmp_path):
    head = "@fixture\n def client(self): return Client()"
    test = "with patch.object(client, 'send'): await wait()"
    assert lane(tmp_path, IN_CLASS.format(head, ", client", test)) is Lane.OVERLAP


def test_a_case_of_a_parametrized_test_has_no_object_of_its_own(tmp_path):
    test = "(client):\n with patch.object(client, 'send'):\n  await wait()"
    assert lane(tmp_path, f"@parametrize('client', [shared])\nasync def test_it{test}") is Lane.ALONE


def test_tests_that_patch_their_own_objects_are_in_flight_together(tmp_path):
    source = """
        import asyncio
        from unittest.mock import patch

        from rustest import fixture

        class Client:
            def send(self): return "sent"

        @fixture
        def client(): return Client()

        async def test_one(client):
            with patch.object(client, "send", return_value="one"):
                await asyncio.sleep(0.02)
                assert client.send() == "one"
            assert client.send() == "sent"

        async def test_two(client, monkeypatch):
            monkeypatch.setattr(client, "send", lambda: "two")
            await asyncio.sleep(0.02)
            assert client.send() == "two"
    """
    happened = record(tmp_path, source)
    assert happened.verdicts() == {"test_one": "passed", "test_two": "passed"}
    assert happened.most_at_once() == 2
