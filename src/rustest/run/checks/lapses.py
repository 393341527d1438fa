"""Lapses in how a test is written that let it pass where it should not, or leave the tests after it elsewhere.

They are seen as soon as the test has run. To ask after each test where the process is would take a twentieth of the
time of a small one; so whoever calls what changes that is noted, be it a library, and only then is it compared.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps

from rustest.model.failure import Phase, problem
from rustest.model.hints import Any
from rustest.model.strictness import LONG_TIMEOUT, RETURNED_VALUE, SHARED_CHANGE, Check, Strictness, strictness_of
from rustest.output.owner import OWNER
from rustest.run.attempt import Attempt
from rustest.run.checks.findings import Finding, Findings


def file_lapses(attempt: Attempt, findings: Findings, ceiling: float | None) -> None:
    """File a value that the test returned, and a limit of its own that is beyond that of the run, `ceiling` seconds."""
    if attempt.returned is not None:
        kind = attempt.returned.__name__
        article = "an" if kind.startswith(("a", "e", "i", "o")) else "a"
        _file(
            attempt, findings, RETURNED_VALUE, f"the test returned {article} {kind}, and nobody looks at it: {_MEANT}"
        )
    limit = attempt.step.timeout
    if ceiling is not None and limit is not None and limit > ceiling:
        said = f"the test's own limit of {limit:g} s is beyond the run's `timeout` of {ceiling:g} s: lower it"
        _file(attempt, findings, LONG_TIMEOUT, said)


_MEANT = "did you mean `assert`?"


def _file(attempt: Attempt, findings: Findings, check: Check, said: str) -> None:
    findings.file(attempt, Finding(check, problem(Phase.CALL, said, at=attempt.place())))


@contextmanager
def noted_moves(decided: Mapping[str, Strictness]) -> Generator[None]:
    """For the time of the block, note with each owner where the process was before its code went elsewhere."""
    if strictness_of(SHARED_CHANGE, decided) is Strictness.IGNORE:
        yield
        return
    found = {name: vars(os)[name] for name in ("chdir", "fchdir") if name in vars(os)}
    noting = {name: _noting(change) for name, change in found.items()}
    for name, change in noting.items():
        setattr(os, name, change)
    try:
        yield
    finally:
        for name, change in found.items():
            if vars(os)[name] is noting[name]:  # else somebody has put another there, which is his to undo
                setattr(os, name, change)


def _noting(change: Callable[..., None]) -> Callable[..., None]:
    @wraps(change)
    def note_and_change(*args: Any, **kwargs: Any) -> None:
        owner = OWNER.get()
        if owner is not None and owner.folder is None:
            with suppress(OSError):  # somebody has removed it, and there is no way back
                owner.folder = os.getcwd()
        change(*args, **kwargs)

    return note_and_change


def file_left_folder(attempt: Attempt, findings: Findings, *, puts_back: bool, is_told: bool = False) -> None:
    """File that a test has left the process elsewhere than where it began, and put it back.

    `is_told` where that need not be filed any more.
    """
    before, attempt.folder = attempt.folder, None
    if before is None or _is_here(before):
        return
    if puts_back:
        with suppress(OSError):
            os.chdir(before)
    if not is_told:
        now = "rustest has put it back" if puts_back and _is_here(before) else "the tests after it run there"
        said = f"the test changed the working directory and left it so; {now}: "
        _file(attempt, findings, SHARED_CHANGE, f"{said}use monkeypatch.chdir, which puts it back")


def _is_here(folder: str) -> bool:
    with suppress(OSError):
        return os.getcwd() == folder
    return False
