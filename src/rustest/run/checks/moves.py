"""Tests that leave the process in another folder than where they began.

To ask after each test where the process is would take a twentieth of the time of a small one; so whoever calls what
changes that is noted, be it a library, and only then is it compared.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps

from rustest.model.failure import Phase, problem
from rustest.model.hints import Any
from rustest.model.strictness import SHARED_CHANGE, Strictness, strictness_of
from rustest.output.owner import OWNER
from rustest.run.attempt import Attempt
from rustest.run.checks.findings import Finding, Findings


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
        said = (
            f"the test changed the working directory and left it so; {now}: use monkeypatch.chdir, which puts it back"
        )
        findings.file(attempt, Finding(SHARED_CHANGE, problem(Phase.CALL, said, at=attempt.place())))


def _is_here(folder: str) -> bool:
    with suppress(OSError):
        return os.getcwd() == folder
    return False
