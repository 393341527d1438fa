"""What holds of every plan, for any collection."""

from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent

from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest.model.calls import CallKind, kind_of
from rustest.model.fixtures import FixtureDef
from rustest.model.item import Collection, Item, TestFunction
from rustest.model.marks import Mark, ParameterSet
from rustest.model.plan import Lane, Plan, ProblemStep, RunStep, Window
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan

FILES = ("test_root.py", "a/test_1.py", "a/test_2.py", "a/b/test_3.py", "c/test_4.py")
PLACES = ("", "a", "a/b", *FILES, *(f"{file}::TestC" for file in FILES))
MARKS = (
    Mark("serial"),
    Mark("serial", ("db",)),
    Mark("skip"),
    Mark("xfail", (), {"run": False}),
    Mark("timeout", (0,)),
    *(Mark("asyncio", (), {"loop_scope": scope.label}) for scope in Scope),
    Mark("asyncio", (), {"loop_factory": object}),
    Mark("asyncio", (), {"debug": True}),
)
BODIES = """
    state, items, token = {}, [], None
    def nothing(): ...
    def stores(): global token; token = 1
    def reads(): assert token
    def changes(): state["k"] = 1
    def looks(): assert state
    def appends(): items.append(1)
    def counts(): assert len(items)
    def both(): changes(); reads()
"""
NAMES: dict[str, object] = {}
exec(dedent(BODIES) + dedent(BODIES).replace("def ", "async def async_"), NAMES)
FUNCTIONS = [value for value in NAMES.values() if callable(value)]

quick = examples(20)
scopes = st.sampled_from(Scope)
kinds = st.sampled_from([CallKind.PLAIN, CallKind.GENERATOR, CallKind.COROUTINE, CallKind.ASYNC_GENERATOR])


@st.composite
def fixtures(draw: st.DrawFn) -> tuple[FixtureDef, ...]:
    """Fixtures of which each may ask for earlier ones, mostly in a way that can be."""
    made: list[FixtureDef] = []
    for number in range(draw(st.integers(0, 6))):
        scope, place = draw(scopes), draw(st.sampled_from(PLACES))
        wider = [one.name for one in made if one.scope >= scope or draw(st.integers(0, 9)) == 0]
        asked = draw(st.lists(st.sampled_from(wider), unique=True, max_size=2)) if wider else []
        autouse, func = draw(st.integers(0, 4)) == 0, draw(st.sampled_from(FUNCTIONS))
        serial = draw(st.sampled_from([(), (), ("queue",)]))
        params = tuple(ParameterSet((value,), str(value)) for value in range(draw(st.sampled_from([0, 0, 1, 2, 3]))))
        made.append(
            FixtureDef(
                f"f{number}",
                place,
                func,
                draw(kinds),
                scope,
                tuple(asked),
                autouse,
                params or None,
                None,
                serial,
                None,
                "f.py",
                1,
            )
        )
    return tuple(made)


@st.composite
def collections(draw: st.DrawFn) -> Collection:
    found = draw(fixtures())
    items: list[Item] = []
    for file in draw(st.lists(st.sampled_from(FILES), unique=True).map(sorted)):
        for number in range(draw(st.integers(0, 5))):
            classes = draw(st.sampled_from([(), ("TestC",)]))
            func = draw(st.sampled_from(FUNCTIONS))
            asked = tuple(
                draw(st.lists(st.sampled_from([one.name for one in found]), unique=True, max_size=2)) if found else []
            )
            marks = tuple(draw(st.lists(st.sampled_from(MARKS), max_size=2)) if draw(st.booleans()) else [])
            name = f"test_{number}"
            function = TestFunction(file, classes, name, func, None, kind_of(func), asked, marks, number)
            items.append(Item("::".join((file, *classes, name)), function, None, marks))
    return Collection(tuple(items), found)


def runs(window: Window) -> Iterator[RunStep]:
    return (step for step in window.steps if isinstance(step, RunStep))


def ids(plan: Plan) -> list[str]:
    return [step.item.id for window in plan.windows for step in window.steps]


def lifetimes(plan: Plan) -> dict[tuple[str, ScopeInstance], dict[object, tuple[int, int]]]:
    """From when to when each value of each shared fixture is alive: tests of one overlapping window are one moment."""
    found: dict[tuple[str, ScopeInstance], dict[object, tuple[int, int]]] = {}
    now = 0
    for window in plan.windows:
        for step in runs(window):
            now += window.lane is not Lane.OVERLAP
            for use in step.fixtures:
                if use.instance.scope is not Scope.FUNCTION:
                    lives = found.setdefault((use.definition.key, use.instance), {})
                    lives[use.variant] = (lives.get(use.variant, (now, now))[0], now)
        now += 1
    return found


def planned(collection: Collection) -> Plan:
    return make_plan(collection, Settings())


@given(collections(), st.sampled_from([1, 2, 100]))
@quick
def test_every_test_has_exactly_one_step_in_one_order_within_its_window(collection, concurrency):
    plan = make_plan(collection, Settings(concurrency=concurrency))
    one_by_one = make_plan(collection, Settings(concurrency=1))
    order = {node_id: number for number, node_id in enumerate(ids(one_by_one))}
    assert len(ids(plan)) == len(order) >= len(collection.items)
    assert {node_id.partition("[")[0] for node_id in order} == {item.id for item in collection.items}
    for window in plan.windows:
        positions = [order[step.item.id] for step in window.steps]
        assert positions == sorted(positions)
        assert positions


@given(collections())
@quick
def test_tests_wait_only_for_earlier_ones_of_their_own_window(collection):
    for window in planned(collection).windows:
        earlier: set[str] = set()
        for step in runs(window):
            assert earlier.issuperset(step.after)
            assert len(set(step.after)) == len(step.after)
            earlier.add(step.item.id)


@given(collections())
@quick
def test_async_tests_are_not_in_line_and_sync_ones_do_not_overlap(collection):
    for window in planned(collection).windows:
        if window.lane is not Lane.ALONE:
            assert all(step.item.is_async is (window.lane is Lane.OVERLAP) for step in runs(window))


@given(collections())
@quick
def test_fixtures_of_two_files_or_classes_are_never_alive_at_once(collection):
    of_files = [
        (instance.path.split("::")[0], life)
        for (_, instance), lives in lifetimes(planned(collection)).items()
        if instance.scope in (Scope.CLASS, Scope.MODULE)
        for life in lives.values()
    ]
    for file, (start, end) in of_files:
        for other, (other_start, other_end) in of_files:
            if file != other:
                assert end < other_start or other_end < start


@given(collections())
@quick
def test_two_params_of_one_fixture_are_never_alive_at_once(collection):
    for lives in lifetimes(planned(collection)).values():
        for one, other in pairwise(sorted(lives.values())):
            assert one[1] < other[0]


@given(collections())
@quick
def test_a_variant_tells_the_params_of_a_fixture_and_of_all_that_it_uses(collection):
    values: dict[tuple[str, ScopeInstance, object], dict[str, object]] = {}
    for window in planned(collection).windows:
        for step in runs(window):
            below: list[dict[str, object]] = []
            for use in step.fixtures:
                params = {key: value for _, position in use.arguments for key, value in below[position].items()}
                below.append(params | ({use.definition.key: use.param.value} if use.param else {}))
                if use.instance.scope is not Scope.FUNCTION:
                    assert values.setdefault((use.definition.key, use.instance, use.variant), below[-1]) == below[-1]


@given(collections())
@quick
def test_users_of_one_live_async_fixture_share_one_loop(collection):
    loops: dict[tuple[int, ScopeInstance], set[ScopeInstance]] = {}
    for window in planned(collection).windows:
        for step in runs(window):
            assert (step.loop is not None) >= step.item.is_async
            for use in step.fixtures:
                if use.definition.kind.is_async:
                    assert step.loop
                    assert step.loop.instance.scope >= use.instance.scope
                    loops.setdefault((id(use.definition), use.instance), set()).add(step.loop.instance)
    assert all(len(instances) == 1 for instances in loops.values())


@given(collections())
@quick
def test_every_fixture_stands_after_those_that_fill_its_arguments(collection):
    for window in planned(collection).windows:
        for step in runs(window):
            for number, use in enumerate(step.fixtures):
                assert [name for name, _ in use.arguments] == list(use.definition.arguments)
                for name, position in use.arguments:
                    assert position < number
                    assert step.fixtures[position].definition.name == name
                    assert step.fixtures[position].instance.scope >= use.instance.scope
            assert [name for name, _ in step.arguments] == list(step.item.function.arguments)


@given(collections())
@quick
def test_one_at_a_time_is_the_order_of_collection(collection):
    collection = collection._replace(fixtures=tuple(one._replace(params=None) for one in collection.fixtures))
    assert ids(make_plan(collection, Settings(concurrency=1))) == [item.id for item in collection.items]


@given(collections())
@quick
def test_what_cannot_run_says_why(collection):
    for window in planned(collection).windows:
        for step in window.steps:
            if isinstance(step, ProblemStep):
                assert step.failure.message
