"""Tests that hand state to each other keep their order; all others overlap."""

import pytest

from rustest.model.plan import Lane

OVERLAP, SYNC, ALONE = Lane.OVERLAP, Lane.SYNC, Lane.ALONE
HEAD = """
import asyncio
from rustest import fixture, mark, parametrize

class Thing:
    def __init__(self): self.parts = []
    def use(self): ...

db = None
state = {}
items = []
thing = Thing()
NUMBERS = (1, 2)
"""


def after(project, source, **settings):
    planned = project.plan(HEAD + source, **settings)
    assert {lane for lane, _, _ in planned.windows()} <= {OVERLAP, SYNC}
    return planned.after()


def async_tests(**bodies: str) -> str:
    """Async tests with these bodies."""
    return "\n".join(f"async def test_{name}():\n    {body}" for name, body in bodies.items())


def test_the_founding_pages_class_keeps_its_order(project):
    planned = project.plan("""
        import asyncio
        from rustest import mark

        class Database:
            async def connect(self): return self
            def is_connected(self): ...
            async def query(self, sql): ...
            async def disconnect(self): ...

        db = None

        @mark.asyncio(loop_scope="class")
        class TestAsyncDatabase:
            async def test_connect(self):
                global db
                db = await Database().connect()
                assert db.is_connected()

            async def test_query(self):
                results = await db.query("SELECT * FROM users")

            async def test_disconnect(self):
                await db.disconnect()
                assert not db.is_connected()

        class TestMixed:
            def test_sync_operation(self): ...
            async def test_async_operation(self): ...
    """)
    assert planned.after() == {"test_query": ["test_connect"], "test_disconnect": ["test_query"]}
    assert planned.run("test_query").reasons[-1] == (
        "after test_connect: it uses the global `db` that test_connect stores"
    )
    assert [lane for lane, _, _ in planned.windows()] == [OVERLAP, SYNC]


@pytest.mark.parametrize(
    "write",
    [
        "global db; db = 1",
        "global db; del db",
        "global db; db += 1",
        "state['k'] = 1",
        "state[items[0]] = 1",
        "state[f'{NUMBERS}'] += 1",
        "state['a']['b'] = 1",
        "del state['k']",
        "state.update(a=1)",
        "state['list'].append(1)",
        "state.setdefault('k', [])",
        "items.append(1)",
        "items.pop()",
        "items[:] = [1]",
        "items[1:] = []",
        "items.extend(x for x in NUMBERS)",
        "thing.attr = 1",
        "thing.attr += 1",
        "thing.part.attr = 1",
        "thing.parts.append(1)",
        "del thing.attr",
        "alias = state; alias['k'] = 1",
        "[state.update(n=n) for n in NUMBERS]",
        "(lambda: items.append(1))()",
        "await asyncio.sleep(0); state['k'] = await asyncio.sleep(0)",
    ],
)
def test_what_changes_state_comes_before_a_later_reader(project, write):
    found = after(project, async_tests(writer=write, other="assert NUMBERS", reader="assert [db, state, items, thing]"))
    assert found == {"test_reader": ["test_writer"]}


@pytest.mark.parametrize(
    "read",
    [
        "assert state",
        "assert state['k'] == 1",
        "assert state.get('k')",
        "assert 'k' in state",
        "for key in state: ...",
        "len(state)",
        "mine = state; assert mine",
        "state.pop('k')",
        "assert [state[n] for n in NUMBERS]",
        "def inner(): return state\n    inner()",
    ],
)
def test_what_reads_state_waits_for_an_earlier_change(project, read):
    assert after(project, async_tests(writer="state['k'] = 1", reader=read)) == {"test_reader": ["test_writer"]}


@pytest.mark.parametrize(
    "body",
    [
        "assert [db, state, items, thing, NUMBERS]",
        "thing.use(); await asyncio.sleep(0)",
        "state = {}; state['k'] = 1; assert state",
        "mine = []; mine.append(1); assert mine",
        "mine = Thing(); mine.attr = 1; mine.parts.append(1); assert mine.attr",
        "items.append(1)",
        "asyncio.something = 1; assert asyncio.something",
        "items.index(1); state.keys(); state.copy()",
    ],
)
def test_what_only_reads_or_appends_or_is_ones_own_overlaps(project, body):
    assert after(project, async_tests(one=body, two=body, three=body)) == {}


def test_state_that_only_one_test_touches_is_no_hand_over(project):
    counter = "global db; db = 0; db += 1; assert db == 1"
    assert after(project, async_tests(counts=counter, other="state['k'] = 1", third="items.append(1)")) == {}


def test_what_nobody_reads_is_no_hand_over(project):
    assert after(project, async_tests(one="state['a'] = 1", two="state['b'] = 2", three="global db; db = 3")) == {}


def test_readers_overlap_between_the_changes_around_them(project):
    found = after(
        project,
        async_tests(
            first="state['k'] = 1", a="assert state", b="assert state", second="state['k'] = 2", c="assert state"
        ),
    )
    assert found == {
        "test_a": ["test_first"],
        "test_b": ["test_first"],
        "test_second": ["test_a", "test_b"],
        "test_c": ["test_second"],
    }


def test_appenders_overlap_and_come_before_the_reader_after_them(project):
    planned = project.plan(
        HEAD
        + async_tests(a="items.append(1)", b="items.append(2)", c="items.append(3)", reader="assert len(items) == 3")
    )
    assert planned.after() == {"test_reader": ["test_a", "test_b", "test_c"]}
    assert planned.run("test_reader").reasons == (
        "after test_a and 2 more: it reads the global `items` that test_a appends to",
    )


def test_a_change_waits_for_earlier_readers(project):
    planned = project.plan(HEAD + async_tests(reader="assert not state", writer="state['k'] = 1"))
    assert planned.after() == {"test_writer": ["test_reader"]}
    assert planned.run("test_writer").reasons == (
        "after test_reader: it changes the global `state` that test_reader reads",
    )


def test_calling_a_method_counts_as_a_change_only_of_what_tests_store_themselves(project):
    found = after(project, async_tests(start="global thing; thing = Thing()", a="thing.use()", b="thing.use()"))
    assert found == {"test_a": ["test_start"], "test_b": ["test_a"]}


def test_cases_of_one_test_hand_over_to_each_other(project):
    found = after(
        project,
        """
@parametrize("n", [1, 2, 3])
async def test_count(n):
    state[n] = 1
    assert len(state) == n
""",
    )
    assert found == {"test_count[2]": ["test_count[1]"], "test_count[3]": ["test_count[2]"]}


CLASS_STATE = """
class TestIt:
    shared = []
    token = None

    async def test_writer(self):
        {write}
    async def test_other(self):
        self.own = 1
        assert self.own
    async def test_reader(self):
        {read}

class TestOther:
    shared = []
    async def test_outside(self):
        assert self.shared
"""


@pytest.mark.parametrize(
    ("write", "read"),
    [
        ("type(self).token = 1", "assert self.token"),
        ("self.__class__.token = 1", "assert TestIt.token"),
        ("TestIt.token = 1", "assert self.__class__.token"),
        ("TestIt.fresh = 1", "assert type(self).fresh"),
        ("cls = type(self); cls.token = 1", "assert self.token"),
        ("self.shared.append(1)", "assert self.shared"),
        ("TestIt.shared[:] = [1]", "assert self.shared"),
        ("del TestIt.token", "assert self.token"),
    ],
)
def test_class_attributes_are_handed_over_within_their_class(project, write, read):
    assert after(project, CLASS_STATE.format(write=write, read=read)) == {"test_reader": ["test_writer"]}


@pytest.mark.parametrize(
    ("write", "read"),
    [
        ("self.token = 1", "assert self.token"),
        ("self.shared = [1]; self.shared.append(2)", "assert self.shared"),
        ("assert self.shared", "assert self.shared"),
    ],
)
def test_the_instance_of_a_test_is_its_own(project, write, read):
    assert after(project, CLASS_STATE.format(write=write, read=read)) == {}


def test_a_class_attribute_is_named_with_its_class(project):
    planned = project.plan(HEAD + CLASS_STATE.format(write="type(self).token = 1", read="assert self.token"))
    assert planned.run("test_reader").reasons == (
        "after test_writer: it reads the class attribute `TestIt.token` that test_writer stores",
    )


def test_functions_methods_and_fixtures_of_the_module_count_for_the_test_that_calls_them(project):
    found = after(
        project,
        """
def deeper(): state["k"] = 1
def deep(): return deeper()
async def helper(): deep()

@fixture
def filled(): state["f"] = 1

class TestIt:
    def look(self): return state
    async def test_by_function(self): await helper()
    async def test_by_method(self): assert self.look()
    async def test_by_fixture(self, filled): ...
""",
    )
    assert found == {"test_by_method": ["test_by_function"], "test_by_fixture": ["test_by_method"]}


def test_functions_that_call_each_other_are_followed_once(project):
    source = """
def even(n): return n == 0 or odd(n - 1)
def odd(n): state["k"] = n; return n != 0 and even(n - 1)
"""
    assert after(project, source + async_tests(a="even(3)", b="assert state")) == {"test_b": ["test_a"]}


def test_a_wider_fixture_changes_state_for_all_its_users_alike(project):
    source = """
@fixture(scope="session", autouse=True)
def connected():
    global db
    db = Thing()
    yield
    db = None
"""
    assert after(project, source + async_tests(a="assert db", b="assert db.use()")) == {}


def test_a_global_that_only_a_wider_fixture_stores_can_be_changed_by_tests(project):
    source = """
@fixture(scope="session", autouse=True)
def started():
    global db
    db = {}
"""
    assert after(project, source + async_tests(a="db['k'] = 1", b="assert db['k']")) == {"test_b": ["test_a"]}


def test_decorated_tests_are_read_below_their_decorators(project):
    source = """
import functools
def retried(func):
    @functools.wraps(func)
    async def wrapper(*args):
        return await func(*args)
    return wrapper
"""
    bodies = async_tests(a="state['k'] = 1", b="assert state").replace("async def", "@retried\nasync def")
    assert after(project, source + bodies) == {"test_b": ["test_a"]}


def test_state_of_other_modules_is_left_to_them(project):
    planned = project.plan(
        {
            "shared.py": "value = 1",
            "test_it.py": "import shared\n" + async_tests(a="shared.value = 2", b="assert shared.value"),
        }
    )
    assert planned.after() == {}


def test_files_do_not_hand_over_to_each_other(project):
    source = HEAD + async_tests(a="state['k'] = 1")
    planned = project.plan({"test_a.py": source, "test_b.py": HEAD + async_tests(b="assert state")})
    assert planned.after() == {}


def test_sync_tests_keep_their_order_without_being_told(project):
    source = "def test_a(): state['k'] = 1\ndef test_b(): assert state\nasync def test_c(): ...\n"
    planned = project.plan(HEAD + source)
    assert planned.after() == {}
    assert planned.run("test_b").reasons == ()


def test_members_of_several_windows_move_to_the_files_lane_of_those_alone(project):
    planned = project.plan(
        HEAD
        + """
@fixture(scope="module")
def of_module(): ...

async def test_apart(): ...
async def test_writer(): state["k"] = 1
def test_sync(): assert state
async def test_with_fixture(of_module): state.pop("k")
@mark.serial
async def test_serial(): ...
def test_sync_apart(): ...
"""
    )
    assert planned.windows() == [
        (OVERLAP, "the whole run", ["test_apart"]),
        (SYNC, "test_it.py", ["test_sync_apart"]),
        (ALONE, "test_it.py", ["test_writer", "test_sync", "test_with_fixture", "test_serial"]),
    ]
    assert planned.after() == {}
    reason = "alone, in file order: tests of several lanes hand on the global `state`"
    assert planned.run("test_writer").reasons == (reason,)
    assert planned.run("test_sync").reasons == (
        reason,
        "after test_writer: it reads the global `state` that test_writer changes",
    )


def test_hand_overs_within_one_fixtures_window_stay_there(project):
    planned = project.plan(
        HEAD
        + """
@fixture(scope="module", autouse=True)
def of_module(): ...
"""
        + async_tests(a="state['k'] = 1", b="assert state", c="...")
    )
    assert planned.windows() == [(OVERLAP, "fixtures of module test_it.py", ["test_a", "test_b", "test_c"])]
    assert planned.after() == {"test_b": ["test_a"]}


def test_one_at_a_time_needs_no_other_order(project):
    planned = project.plan(HEAD + async_tests(a="state['k'] = 1", b="assert state"), concurrency=1)
    assert planned.after() == {}
    assert planned.windows() == [(OVERLAP, "test_it.py", ["test_a", "test_b"])]


def test_chains_with_a_test_in_common_move_together(project):
    planned = project.plan(
        HEAD
        + async_tests(a="state['k'] = 1", b="assert state; items.append(1)", c="assert items")
        + "\ndef test_sync(): assert state\n"
    )
    assert planned.windows() == [(ALONE, "test_it.py", ["test_a", "test_b", "test_c", "test_sync"])]


def test_what_an_imported_function_does_to_globals_of_its_own_module_is_no_hand_over(project):
    planned = project.plan(
        {
            "elsewhere.py": "db = None\ndef connect():\n    global db\n    db = 1",
            "test_it.py": """
                from elsewhere import connect

                db = None

                async def test_connects(): connect()
                async def test_asks(): assert db is None
            """,
        },
        pythonpath=(".",),
    )
    assert planned.after() == {}


def test_a_method_without_arguments_may_store_a_global(project):
    planned = project.plan("""
        db = None

        class TestDb:
            @staticmethod
            async def test_stores():
                global db
                db = 1

            async def test_reads(self): assert db
    """)
    assert planned.after() == {"test_reads": ["test_stores"]}
