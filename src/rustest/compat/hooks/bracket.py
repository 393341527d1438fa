"""Hooks around a phase of a test: those before it, the wrappers that stay open meanwhile, and those after it.

pluggy calls all functions of a hook in one go, and pytest's own is one of them. Here the phase may wait for an event
loop in the middle, so the same order is kept in two halves.
"""

from collections.abc import Generator, Iterable, Mapping
from typing import Any, NamedTuple, cast

from pluggy import HookCaller, Result

from rustest.model.hooks import Bracket


class HookCall(NamedTuple):
    """One hook with its arguments."""

    caller: HookCaller
    arguments: Mapping[str, object]
    refuses: str = ""
    """What is to be said of a hook that does the work itself, by giving a result; empty where that has no meaning."""
    yields: bool = False
    """Whether a hook that gives a result has done the work, so that the phase does not come."""
    first_only: bool = False
    """Whether, beside wrappers, only those count that want to be first: what comes after them ends the phase."""


class _Wrapper(NamedTuple):
    generator: Generator[object, Any, object]
    is_old: bool
    """Whether it gets its result as an object, by `hookwrapper=True`."""


class HookBracket(Bracket):
    """The functions of some hooks, the outermost hook first."""

    def __init__(self, calls: Iterable[HookCall]) -> None:
        self._calls = tuple(calls)
        self.result: object = None
        """What the phase has given, which wrappers hear and may change."""
        self.is_over = False
        self._wrappers: list[_Wrapper] = []

    def enter(self) -> bool:
        """Call all that comes before the phase; raises what a hook raises, and no wrapper swallows."""
        try:
            return all(self._enter(call) for call in self._calls)
        except BaseException as exc:
            if (left := self._unwind(exc)) is not None:
                raise left from left.__cause__
            return False

    def _enter(self, call: HookCall) -> bool:
        for one in reversed(call.caller.get_hookimpls()):
            arguments = [call.arguments[name] for name in one.argnames]
            if one.wrapper or one.hookwrapper:
                generator = cast("Generator[object, Any, object]", one.function(*arguments))
                next(generator)
                self._wrappers.append(_Wrapper(generator, one.hookwrapper))
            elif not (one.trylast or (call.first_only and not one.tryfirst)) and one.function(*arguments) is not None:
                if call.refuses:
                    raise RuntimeError(f"{call.caller.name} of {one.plugin_name} {call.refuses}")
                if call.yields:
                    return False
        return True

    def leave(self, raised: BaseException | None) -> BaseException | None:
        """Call all that comes after it, and say with what it has ended after all."""
        self.is_over = True
        if raised is None:
            try:
                for call in self._calls:
                    self._call_last(call)
            except BaseException as exc:
                raised = exc
        return self._unwind(raised)

    def _call_last(self, call: HookCall) -> None:
        for one in reversed(call.caller.get_hookimpls()):
            if one.trylast and not (one.wrapper or one.hookwrapper):
                one.function(*(call.arguments[name] for name in one.argnames))

    def _unwind(self, raised: BaseException | None) -> BaseException | None:
        while self._wrappers:
            raised = self._close(self._wrappers.pop(), raised)
        return raised

    def _close(self, wrapper: _Wrapper, raised: BaseException | None) -> BaseException | None:
        """Resume a wrapper, and hear with what the phase has ended in its eyes."""
        result = Result[object](self.result, raised)
        try:
            if wrapper.is_old:
                wrapper.generator.send(result)
            elif raised is None:
                wrapper.generator.send(self.result)
            else:
                wrapper.generator.throw(raised)
        except StopIteration as stop:
            if not wrapper.is_old:
                self.result = stop.value
                return None
            self.result = None if result.exception else result.get_result()
            return result.exception
        except BaseException as exc:
            return exc
        wrapper.generator.close()
        return RuntimeError("a hook wrapper has yielded twice: it must yield once")
