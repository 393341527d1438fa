"""What is said of fixtures that cannot be had: what is wrong, where, and how to mend it."""

from collections.abc import Mapping, Sequence

from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.item import TestFunction
from rustest.plan.complaint import PlanError
from rustest.plan.fixture_view import FixtureView, Shelf


def cite(definition: FixtureDef) -> str:
    """A fixture with its place in the source: "`db` (a/conftest.py:3)"."""
    where = "built in" if definition.place == BUILTIN else f"{definition.file}:{definition.line}"
    return f"`{definition.name}` ({where})"


def unknown_fixture(
    name: str, test: TestFunction, asker: FixtureDef | None, view: FixtureView, everywhere: Mapping[str, Shelf]
) -> PlanError:
    """The test, or a fixture that it uses, asks for something that no place in view offers."""
    if asker is None and _is_indirect(name, test):
        head = (
            f"{test.name} ({test.file}:{test.line}) is parametrized with indirect values for `{name}`, "
            "and there is no such fixture"
        )
    elif asker is None:
        head = f"{test.name} ({test.file}:{test.line}) asks for `{name}`, which is neither a parameter nor a fixture"
    elif asker.name == name:
        head = f"fixture {cite(asker)} asks for its own name, and no other fixture `{name}` stands further up"
    else:
        head = f"fixture {cite(asker)} asks for `{name}`, which is no fixture that {test.name} can see"
    return PlanError("\n".join((head, *_hints(name, view, everywhere))))


def _is_indirect(name: str, test: TestFunction) -> bool:
    indirect = (mark.kwargs.get("indirect") for mark in test.marks if mark.name == "parametrize")
    return any(isinstance(names, tuple) and name in names for names in indirect)


def _hints(name: str, view: FixtureView, everywhere: Mapping[str, Shelf]) -> list[str]:
    hints = [f"looked in: {', '.join(_source(place, view) for place in reversed(view.places))}"]
    hidden = [
        cite(shelf[name][-1]) for place, shelf in everywhere.items() if name in shelf and place not in view.places
    ]
    if hidden:
        hints.append(f"out of its sight: {', '.join(hidden)}; move it to a conftest.py above the test")
    elif name in _TESTS_OF_PLUGINS:
        hints.append("tests of pytest plugins need pytest itself: run them with pytest")
    elif near := view.near(name):
        hints.append(f"did you mean {' or '.join(f'`{one}`' for one in near)}?")
    else:
        hints.append(f"define a fixture `{name}` there, or parametrize the test with it")
    return hints


_TESTS_OF_PLUGINS = ("pytester", "testdir")


def _source(place: str, view: FixtureView) -> str:
    if place.startswith(view.file):
        return place
    return f"{place}/conftest.py" if place else "conftest.py"


def scope_too_narrow(asker: FixtureDef, asked: FixtureDef) -> PlanError:
    """A fixture asks for one that ends before it does."""
    return PlanError(
        f"fixture {cite(asker)} lives for a whole {asker.scope.label} and asks for {cite(asked)}, "
        f"which ends with its {asked.scope.label}\n"
        f'{_wider(asked, asker)}, or give `{asker.name}` scope="{asked.scope.label}"'
    )


def _wider(asked: FixtureDef, asker: FixtureDef) -> str:
    """How to get something like what is asked for that lives as long as the asker."""
    if asked.place == BUILTIN:
        return _WIDER_BUILTINS.get(asked.name, f"do without `{asked.name}`")
    return f'give `{asked.name}` scope="{asker.scope.label}"'


_WIDER_BUILTINS = {
    "monkeypatch": "use `with rustest.MonkeyPatch.context() as monkeypatch:` in it",
    "tmp_path": "ask for `tmp_path_factory`",
    "tmpdir": "ask for `tmpdir_factory`",
    "unused_tcp_port": "ask for `unused_tcp_port_factory`",
    "unused_udp_port": "ask for `unused_udp_port_factory`",
}


def parameter_too_narrow(asker: FixtureDef, name: str, test: TestFunction) -> PlanError:
    """A wide fixture asks for a name that the test is parametrized with, so that it has another value in each case."""
    return PlanError(
        f"fixture {cite(asker)} lives for a whole {asker.scope.label} and asks for `{name}`, "
        f"which {test.name} ({test.file}:{test.line}) is parametrized with\n"
        f'give `{asker.name}` scope="function", or the parameter another name'
    )


def fixtures_in_a_circle(chain: Sequence[FixtureDef]) -> PlanError:
    """Each fixture of the chain asks for the next, and the last is the first again."""
    return PlanError(
        f"fixtures ask for each other in a circle: {' -> '.join(map(cite, chain))}\nlet one of them ask for less"
    )


def param_missing(definition: FixtureDef, test: TestFunction) -> PlanError:
    """A fixture with params is asked for in a way that comes too late to run the test once for each of them."""
    return PlanError(
        f"fixture {cite(definition)} has params, and {test.name} ({test.file}:{test.line}) has none of them: "
        "the tests that run once for each param are made before any runs\n"
        f"ask for `{definition.name}` as an argument, or with mark.usefixtures on the test"
    )
