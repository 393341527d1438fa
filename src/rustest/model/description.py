"""How an exception becomes a `Failure`. It runs on what users have written, and must never raise."""

from rustest.model.errors import OutcomeException, Skipped, XFailed
from rustest.model.failure import Detail, Failure, Frame, Link, Phase, said_of, task_that_ended_by, type_name
from rustest.model.frames import syntax_frame, user_frames
from rustest.model.hints import cast

_DEPTH = 100
"""How long a chain of causes may be, or how deep groups may be nested, before the rest is left out."""


class Description:
    """Describes one exception with all that hangs on it, each part once."""

    def __init__(self, phase: Phase, detail: Detail) -> None:
        self._phase = phase
        self._detail = detail
        self._seen: set[int] = set()

    def whole(self, exc: BaseException) -> Failure:
        """The record, with Python's own text if that is wanted."""
        if (said := said_of(exc)) is not None:
            return Failure(self._phase, "", _text(said))
        failure = self._describe(exc, 0)
        return failure._replace(native=_native(exc, self._detail)) if self._detail.native else failure

    def _describe(self, exc: BaseException, depth: int) -> Failure:
        self._seen.add(id(exc))
        before, link = _before(exc)
        return Failure(
            self._phase,
            type_name(type(exc)),
            _message(exc),
            self._frames(exc),
            cause=None if before is None else self._unseen(before, depth),
            members=tuple(found for member in _members(exc) if (found := self._unseen(member, depth))),
            notes=_notes(exc),
            link=link,
            task=task_that_ended_by(exc),
        )

    def _unseen(self, exc: BaseException, depth: int) -> Failure | None:
        return None if id(exc) in self._seen or depth == _DEPTH else self._describe(exc, depth + 1)

    def _frames(self, exc: BaseException) -> tuple[Frame, ...]:
        written = syntax_frame(exc) if isinstance(exc, SyntaxError) else None
        or_all = not (written or _members(exc) or isinstance(exc, OutcomeException))
        frames = user_frames(exc.__traceback__, self._detail, or_all=or_all, with_values=not _says_all(exc))
        return (*frames, written) if written else frames


def _text(said: object) -> str:
    try:
        return str(said).strip("\n")
    except BaseException as broken:  # as with messages
        return f"<no text: __str__ raised {type(broken).__name__}>"


def _says_all(exc: BaseException) -> bool:
    """Whether values would add nothing: a rewritten assert has them in its message, and a skip needs none."""
    if isinstance(exc, AssertionError):
        return any(line.startswith("assert ") for line in _message(exc).split("\n", 2)[:2])  # below a user's message
    return isinstance(exc, Skipped | XFailed)


def _before(exc: BaseException) -> tuple[BaseException | None, Link]:
    if exc.__cause__ is not None:
        return exc.__cause__, Link.CAUSE
    return (None if exc.__suppress_context__ else exc.__context__), Link.CONTEXT


def _notes(exc: BaseException) -> tuple[str, ...]:
    try:
        return tuple(str(note) for note in getattr(exc, "__notes__", ()))
    except BaseException as broken:  # as below
        return (f"<no notes: {type(broken).__name__} was raised>",)


def _members(exc: BaseException) -> tuple[BaseException, ...]:
    if not isinstance(exc, BaseExceptionGroup):
        return ()
    return tuple(cast("BaseExceptionGroup[BaseException]", exc).exceptions)


def _message(exc: BaseException) -> str:
    try:
        said = str(exc)
        is_of_a_name = isinstance(exc, NameError | AttributeError | ImportError)
        return _with_suggestion(exc) if is_of_a_name and any(words in said for words in _SAID_OF_NAMES) else said
    except BaseException as broken:  # a user's __str__ may raise anything; the failure must still be reported
        return f"<no message: __str__ raised {type(broken).__name__}>"


_SAID_OF_NAMES = (" is not defined", " has no attribute ", "cannot import name ")
"""Python's own words where a name is not there; to what others say of one it adds a name that nobody asked for."""


def _with_suggestion(exc: BaseException) -> str:
    """The message, with the name that Python takes to be meant, from Python 3.12 on."""
    from traceback import TracebackException

    return str(TracebackException(type(exc), exc, exc.__traceback__, limit=0, compact=True))


def _native(exc: BaseException, detail: Detail) -> str:
    """What Python would print; it begins where the user's code does, unless all frames are wanted."""
    from traceback import format_exception

    from rustest.model.frames import is_shown

    begin = exc.__traceback__
    while begin is not None and not (detail.all_frames or is_shown(begin.tb_frame)):
        begin = begin.tb_next
    try:
        return "".join(format_exception(type(exc), exc, begin or exc.__traceback__)).rstrip("\n")
    except BaseException:  # as above; without this text the failure is told in our own way
        return ""
