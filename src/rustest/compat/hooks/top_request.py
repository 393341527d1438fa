"""`TopRequest`: what a test of a hook's own making makes for itself, to be given fixtures while it runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rustest.compat.hooks.items import Item


class TopRequest:
    """The test's `request`; it can be made when the test is collected, and asked from its `setup` on."""

    def __init__(self, pyfuncitem: "Item", *, _ispytest: bool = False) -> None:
        self.node = pyfuncitem

    def _fillfixtures(self) -> None:
        """Put the values of all fixtures that the test says it uses into its `funcargs`."""
        values = self.node.funcargs
        for name in self.node.fixturenames:
            if name not in values:
                values[name] = self.node.live_request.getfixturevalue(name)

    def __getattr__(self, name: str) -> Any:
        """What the request has that rustest makes for each test."""
        return getattr(self.node.live_request, name)
