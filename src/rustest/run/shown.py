"""Set-ups and teardowns as events, for `--setup-show`."""

from rustest.model.events import FixtureSetUp, FixtureTornDown
from rustest.model.plan import FixtureUse


def set_up_of(use: FixtureUse, *, failed: bool) -> FixtureSetUp:
    """The event that says that the fixture has been set up, or was to be."""
    return FixtureSetUp(use.definition.name, _param(use), use.instance, failed)


def teardown_of(use: FixtureUse, *, failed: bool) -> FixtureTornDown:
    """The event that says that the fixture has been torn down, well or badly."""
    return FixtureTornDown(use.definition.name, _param(use), use.instance, failed)


def _param(use: FixtureUse) -> str | None:
    return None if use.param is None else use.param.id or str(use.param.number)
