"""What hooks do while a test runs: around it, around its phases, and when a phase has ended."""

import os
from typing import TYPE_CHECKING, Any, cast

from rustest.compat.hooks.bracket import HookBracket, HookCall
from rustest.compat.hooks.functions import Function
from rustest.compat.hooks.items import Item
from rustest.compat.hooks.nodes import Session
from rustest.compat.hooks.own_items import is_node
from rustest.compat.hooks.representations import LongRepr
from rustest.compat.hooks.test_reports import TestReport, call_of, changed, keep_xfail
from rustest.model.failure import Phase, say_of
from rustest.model.hooks import Bracket, PhaseEnd
from rustest.model.node import TestNode

if TYPE_CHECKING:
    from rustest.compat.hooks.terminal import TerminalReporter
    from rustest.compat.plugins.registry import Plugins


_RUNS_ITSELF = "has given a result, which says that it has run the test itself: rustest runs tests, and lets hooks wrap"


class RunTest:
    """Calls the hooks of one run."""

    def __init__(self, plugins: "Plugins", session: Session, terminal: "TerminalReporter") -> None:
        self._plugins = plugins
        self._terminal = terminal
        self._session = session
        self._next = dict(zip(session.items, session.items[1:], strict=False))
        """By test the one after it in the order of the session; overlapping tests run beside each other."""

    def surround(self, node: TestNode) -> Bracket:
        """What is to happen around the whole test."""
        item = cast("Item", node)
        hook = self._hooks_of(item)
        protocol = HookCall(hook.pytest_runtest_protocol, self._with_next(item), _RUNS_ITSELF)
        return _Whole(protocol, hook, item)

    def bracket(self, phase: Phase, node: TestNode) -> Bracket:
        """What is to happen around that phase of the test."""
        item = cast("Item", node)
        hook = self._hooks_of(item)
        match phase:
            case Phase.SETUP:
                calls = [HookCall(hook.pytest_runtest_setup, {"item": item})]
            case Phase.CALL:
                calls = [HookCall(hook.pytest_runtest_call, {"item": item})]
                if isinstance(item, Function):
                    calls.append(HookCall(hook.pytest_pyfunc_call, {"pyfuncitem": item}, yields=True))
            case _:
                calls = [HookCall(hook.pytest_runtest_teardown, self._with_next(item))]
        return HookBracket(calls)

    def report(self, node: TestNode, end: PhaseEnd) -> BaseException | None:
        """Make the report of a phase, pass it round, and see what hooks have made of it."""
        item = cast("Item", node)
        hook = self._hooks_of(item)
        call = call_of(end)
        keep_xfail(item, end)
        report: TestReport = hook.pytest_runtest_makereport(item=item, call=call)
        hook.pytest_runtest_logreport(report=report)
        status: object = hook.pytest_report_teststatus(report=report, config=self._session.config)
        self._terminal.keep(report, status)
        if report.failed:
            hook.pytest_exception_interact(node=item, call=call, report=report)
            if end.raised is not None and is_node(item.item.function) and not isinstance(report.longrepr, LongRepr):
                say_of(end.raised, report.longrepr)  # what the node says, or hooks after it
        return changed(report, end)

    def skip(self, item: Item, why: BaseException) -> None:
        """Tell of a test that is known not to run: of its set-up's hooks, those that want to be first are called."""
        whole = self.surround(item)
        whole.enter()
        caller = self._hooks_of(item).pytest_runtest_setup
        set_up = HookBracket([HookCall(caller, {"item": item}, first_only=True)])
        set_up.enter()
        self.report(item, PhaseEnd(Phase.SETUP, set_up.leave(why), 0.0, None, False))
        teardown = self.bracket(Phase.TEARDOWN, item)
        teardown.enter()
        teardown.leave(None)
        self.report(item, PhaseEnd(Phase.TEARDOWN, None, 0.0, None, False))
        whole.leave(None)

    def _hooks_of(self, item: Item) -> Any:
        return self._plugins.relay(os.path.dirname(item.path))

    def _with_next(self, item: Item) -> dict[str, object]:
        return {"item": item, "nextitem": self._next.get(item)}


class _Whole(HookBracket):
    """Around a test as a whole: the log's begin and end, too."""

    def __init__(self, protocol: HookCall, hook: Any, item: Item) -> None:
        super().__init__([protocol])
        self._hook = hook
        self._item = item

    def enter(self) -> bool:
        """Begin."""
        is_wanted = super().enter()
        self._hook.pytest_runtest_logstart(nodeid=self._item.nodeid, location=self._item.location)
        return is_wanted

    def leave(self, raised: BaseException | None) -> BaseException | None:
        """End."""
        self._hook.pytest_runtest_logfinish(nodeid=self._item.nodeid, location=self._item.location)
        return super().leave(raised)
