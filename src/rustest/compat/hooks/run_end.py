"""The hooks of a run's first and last words, and what the process hears of tests that run in workers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from rustest.compat.hooks.terminal import lines_of
from rustest.compat.names.exit_code import ExitCode
from rustest.model.errors import Exit, UsageError
from rustest.model.events import Event, RunFinished, RunStarted, TestFinished

if TYPE_CHECKING:
    from rustest.compat.hooks.stages import PytestHooks


class RunEnd:
    """A reporter that calls hooks when the run begins and ends; what they print goes to `stream`."""

    def __init__(self, hooks: "PytestHooks", stream: TextIO, status: Callable[[], int]) -> None:
        self._hooks = hooks
        self._status = status
        hooks.terminal.stream = stream

    def __call__(self, event: Event) -> None:
        """Hear of an event."""
        if self._hooks.hook is None:
            return
        if isinstance(event, RunStarted):
            self._begin()
        elif isinstance(event, RunFinished):
            self._end()
        elif isinstance(event, TestFinished) and (self._hooks.settings.workers or self._hooks.settings.dask):
            from rustest.compat.hooks.told_reports import tell_reports

            tell_reports(event, self._hooks)

    def _begin(self) -> None:
        if self._hooks.settings.verbosity < 0 or self._hooks.settings.no_header:  # as in pytest
            return
        config = self._hooks.run_config
        path = config.invocation_params.dir
        given = self._hooks.hook.pytest_report_header(config=config, start_path=path, startdir=path)
        for line in lines_of(given[::-1]):
            self._hooks.terminal.write_line(line)

    def _end(self) -> None:
        try:
            self._finish()
        except Exit as ended:
            self._hooks.terminal.write_line(ended.wish)
            if ended.returncode is not None:
                self._hooks.chosen_status = ended.returncode
        except UsageError as error:
            self._hooks.terminal.write_line(f"error: {error}")
            self._hooks.chosen_status = ExitCode.USAGE_ERROR

    def _finish(self) -> None:
        hook, session, config = self._hooks.hook, self._hooks.tree.session, self._hooks.run_config
        session.exitstatus = status = _code(self._status())
        hook.pytest_sessionfinish(session=session, exitstatus=status)
        if session.exitstatus != status:
            self._hooks.chosen_status = status = session.exitstatus
        hook.pytest_terminal_summary(terminalreporter=self._hooks.terminal, exitstatus=status, config=config)


def _code(status: int) -> int:
    """The status as pytest's hooks know it, unless a test has chosen another."""
    return ExitCode(status) if status in [*ExitCode] else status
