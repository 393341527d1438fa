"""Fixtures: as declared by the decorator, and as found at a place in the tree."""

from collections.abc import Callable

from rustest.model.calls import CallKind
from rustest.model.ids import SEPARATOR
from rustest.model.marks import CaseIds, ParameterSet
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope

ChooseScope = Callable[..., object]
"""Says as `choose(fixture_name=..., config=...)` how long a fixture lives, in a run with that configuration."""


class FixtureDeclaration(NamedTuple):
    """What `@fixture(...)` was given."""

    scope: Scope | ChooseScope = Scope.FUNCTION
    name: str | None = None
    autouse: bool = False
    params: tuple[object, ...] | None = None
    ids: CaseIds = None
    serial: tuple[str, ...] = ()
    loop_scope: Scope | None = None
    limit: int | None = None
    is_pytests: bool = False
    """Whether it was declared by `pytest.fixture`, which leaves async functions to plugins."""


class FixtureParam(NamedTuple):
    """One of the values for which the users of a parametrized fixture run once more: its `request.param`."""

    number: int
    """Its place among the fixture's params, or among the cases of an indirect parametrization."""
    value: object
    id: str | None = ""
    """What stands for it in node ids; None for nothing."""
    scope: Scope | None = None
    """How long the fixture lives with it, where `parametrize` makes that another time than the fixture's own."""


BUILTIN = "<rustest>"
"""The place of the fixtures that rustest brings along: outside of every folder, so that any definition of a user's
own wins over them."""
BUILTIN_PACKAGE = "rustest.builtin_fixtures"
"""Where their functions are."""


ANYIO_BACKEND = "anyio_backend"
"""The fixture that says what runs a test: all async fixtures of the test depend on it, whether they ask or not."""


EVENT_LOOP_POLICY = "event_loop_policy"
"""The one that names the policy which makes the loops of its users, as pytest-asyncio has it."""
ASKED_FIRST = (ANYIO_BACKEND, EVENT_LOOP_POLICY)
"""Those that planning asks, as their values decide how tests run: no hook surrounds them, and no test changes them."""


class FixtureDef(NamedTuple):
    """A fixture found in a conftest, module or class.

    `place` says who sees it: the node id of the folder (`""` for the root), file or class that holds it. Of several
    of one name, the one at the deepest place that contains the test wins, and may itself ask for the next one up.
    """

    name: str
    place: str
    func: Callable[..., object]
    kind: CallKind
    scope: Scope
    arguments: tuple[str, ...]
    """Names of the fixtures that it asks for, without `self`."""
    autouse: bool
    params: tuple[ParameterSet, ...] | None
    ids: CaseIds
    serial: tuple[str, ...]
    cls: type | None
    """The class whose instance it is called on, for a fixture written as a method."""
    file: str
    line: int
    loop_scope: Scope | None = None
    """How wide the loop must be at least that it lives on, where the user insists."""
    limit: int | None = None
    """How many of its users may run at once; None for any number."""
    is_pytests: bool = False
    """Whether it was declared by `pytest.fixture`, which leaves async functions to plugins."""
    choose_scope: ChooseScope | None = None
    """What will say before planning what `scope` is, where the user leaves it to the run."""
    origins: tuple[Callable[..., object], ...] = ()
    """The functions that the user wrote, where `func` only stands for them."""
    by_hooks: Callable[..., object] | None = None
    """What sets an async one up that is nobody's business but hooks', without a loop of rustest's."""

    @property
    def is_monkeypatch(self) -> bool:
        """Whether it is the built-in fixture of that name."""
        return self.name == "monkeypatch" and self.place == BUILTIN

    @property
    def key(self) -> str:
        """What tells this definition from every other: its place and name."""
        return f"{self.place}::{self.name}"

    @property
    def where(self) -> str:
        """File and line, as messages have them."""
        return f"{self.file}:{self.line}"

    def is_seen_from(self, node_id: str) -> bool:
        """Whether that test sees it, if its file does: those of a class are seen in the class alone."""
        return SEPARATOR not in self.place or node_id.startswith(f"{self.place}{SEPARATOR}")
