"""The debugger: opened where a test fails, if that is asked for, and heard of when the user quits it."""

import sys
from collections.abc import Callable
from types import TracebackType

from rustest.model.debuggers import has_quit_debugger
from rustest.model.errors import Exit, Skipped, XFailed
from rustest.model.events import Interrupted, StopReason
from rustest.model.hints import TYPE_CHECKING, cast
from rustest.model.hooks import Hooks
from rustest.model.settings import Settings
from rustest.run.tenant import Occupancy, Tenant, real_time
from rustest.run.verdict import Trouble

if TYPE_CHECKING:
    from pdb import Pdb

    MakePdb = Callable[[], Pdb]

EndRun = Callable[[Interrupted], None]
Examine = Callable[[Trouble, Tenant], bool]
"""Shows the user what went wrong, if he wants to see it, and says whether he has."""


def examine_nothing(trouble: Trouble, tenant: Tenant) -> bool:
    """The `Examine` of a run that nobody watches."""
    return False


def pdb_maker(settings: Settings) -> "MakePdb | None":
    """What makes the debugger that `--pdb` asks for, of the class that `--pdbcls` names; None where nobody asks.

    Raises UsageError where there is no such class.
    """
    if not settings.pdb:
        return None
    from rustest.model.named import load_named

    return cast("MakePdb", _own_pdb if settings.pdbcls is None else load_named("pdbcls", settings.pdbcls))


def _own_pdb() -> "Pdb":
    from pdb import Pdb

    return Pdb()


class Debugger:
    """Opens pdb at what goes wrong, if that is asked for."""

    def __init__(self, occupancy: Occupancy, end_run: EndRun, hooks: Hooks, make: "MakePdb | None") -> None:
        self._occupancy = occupancy
        self._end_run = end_run
        self._hooks = hooks
        self._make = make
        """What makes the debugger that opens at what goes wrong; None where none does."""
        self._seen: list[BaseException] = []
        """What the user has looked at: the error of a shared fixture comes up in all of its users."""

    def forget(self) -> None:
        """Let go of what the user has looked at."""
        self._seen.clear()

    def examine(self, trouble: Trouble, tenant: Tenant) -> bool:
        """Let the user look at it while everything else waits; whether there was something to look at."""
        exc = trouble.exc
        if asks_to_end(exc, self._hooks):
            self._end_run(ending_for(exc))
            return False
        if self._make is None or isinstance(exc, Skipped | XFailed) or any(exc is seen for seen in self._seen):
            return False
        traceback = _users_part(exc.__traceback__) or _users_part(
            exc.__context__.__traceback__ if exc.__context__ else None
        )
        if traceback is None:
            return False
        self._seen.append(exc)
        with self._occupancy.held_by(tenant):  # so that nobody else's time runs
            self._open(self._make(), trouble, tenant, traceback)
        self._occupancy.since = real_time()
        return True

    def _open(self, debugger: "Pdb", trouble: Trouble, tenant: Tenant, traceback: TracebackType) -> None:
        print(_introduction(trouble, tenant), file=sys.__stdout__, flush=True)
        debugger.reset()
        debugger.interaction(None, traceback)
        if debugger.quitting:
            self._end_run(Interrupted(StopReason.USER))


def asks_to_end(exc: BaseException, hooks: Hooks) -> bool:
    """Whether this asks for the end of the run: what `exit()` raises, and a debugger whose user has quit it."""
    return isinstance(exc, hooks.ends_run) or has_quit_debugger(exc)


def ending_for(exc: BaseException) -> Interrupted:
    """How a run ends that this has asked to end: with what it says of that, and the exit status that it wants."""
    ending = Interrupted(StopReason.USER)
    match exc:
        case Exit():
            return ending._replace(wish=exc.wish, status=exc.returncode)
        case KeyboardInterrupt():
            return ending._replace(wish="KeyboardInterrupt was raised")
        case _:
            return ending


def _introduction(trouble: Trouble, tenant: Tenant) -> str:
    failure, output = trouble.failure, tenant.written()
    of_what = f" of fixture '{failure.subject}'" if failure.subject else ""
    where = f"{tenant.name}, {failure.phase.value}{of_what}"
    keys = "(c goes on with the run, q ends it; all other tests wait)"
    return "\n".join(("", f"pdb: {where}  {keys}", *((output,) if output else ()), failure.headline))


def _users_part(traceback: TracebackType | None) -> TracebackType | None:
    """The traceback from the user's first frame to his last, what lies between included; None if none is his."""
    from rustest.model.frames import is_users

    entries: list[TracebackType] = []
    while traceback is not None:
        entries.append(traceback)
        traceback = traceback.tb_next
    users = [position for position, entry in enumerate(entries) if is_users(entry.tb_frame.f_code)]
    part = None
    for entry in reversed(entries[users[0] : users[-1] + 1] if users else []):
        part = TracebackType(part, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return part
