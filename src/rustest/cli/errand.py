"""What the command line asks for: from its words to an exit status."""

import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial

from rustest.cli.arguments import parse_arguments
from rustest.cli.exit import give_up
from rustest.cli.settings import make_settings
from rustest.model.choices import Capture
from rustest.model.errors import Exit, HookError, UsageError
from rustest.model.events import reason_of
from rustest.model.hints import TextIO
from rustest.model.plan import Plan, ProblemStep
from rustest.model.report import STOPPED, ExitStatus
from rustest.model.settings import Settings
from rustest.session import run_session

_DOCTOR = "doctor"
_MERGE = "merge-reports"
"""The words that are commands, and no paths: `rustest ./doctor` runs the tests of such a folder."""


def run_errand(arguments: Sequence[str]) -> int:
    """Do what the arguments say, and say how it went."""
    try:
        return _do(arguments)
    except UsageError as error:
        return complain(str(error))
    except HookError as error:
        return complain(str(error), ExitStatus.INTERNAL_ERROR)
    except Exit as ended:
        print(f"rustest: {ended.wish}", file=sys.stderr)
        return ExitStatus.INTERRUPTED if ended.returncode is None else ended.returncode
    except KeyboardInterrupt as interrupt:
        reason = reason_of(interrupt)
        print(f"rustest: {reason.value}{_where(interrupt)}", file=sys.stderr)
        return STOPPED[reason]
    except Exception:
        return _confess()


def _do(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] == _DOCTOR:
        return _examine(arguments[1:])
    if arguments and arguments[0] == _MERGE:
        return _merge(arguments[1:])
    settings = make_settings(parse_arguments(arguments))
    if settings.explain is not None:
        from rustest.listing import explain_session

        return _print(*explain_session(settings, settings.explain))
    if settings.isolate is not None:
        return _isolate(settings, settings.isolate)
    if settings.cache_show is not None:
        from rustest.listing import list_cache_session

        return _print(None, list_cache_session(settings, settings.cache_show))
    if settings.listing:
        from rustest.listing import list_session

        return _print(*list_session(settings, settings.listing))
    return _run(settings)


def _examine(words: Sequence[str]) -> ExitStatus:
    from rustest.doctor.examination import examine

    shared = [word for word in words if word != "--run"]
    settings = make_settings(parse_arguments(["--pytest-compat=on", *shared]))
    as_usual = make_settings(parse_arguments(shared)) if "--run" in words else None
    return examine(settings, shared, as_usual, partial(print, flush=True))


def _merge(arguments: Sequence[str]) -> ExitStatus:
    from rustest.merging import merge_reports

    return merge_reports(arguments, print)


def _isolate(settings: Settings, node_id: str) -> ExitStatus:
    from rustest.isolation import isolate

    return isolate(settings, node_id, partial(print, flush=True))


def _run(settings: Settings) -> int:
    rounds = 1 if settings.until_fail is None else settings.until_fail
    status, done = _run_once(settings), 1
    while status == ExitStatus.OK and done != rounds:
        status, done = _run_once(settings), done + 1
    return status


def _run_once(settings: Settings) -> int:
    report = run_session(settings, stream=sys.stdout, terminal=_keyboard(settings, sys.stdout))
    for broken in report.broken_reporters:  # said here too: the one that prints may be the one that broke
        print(f"rustest: reporter {broken.reporter!r} was switched off: {broken.message}", file=sys.stderr)
    return report.exit_status


def _keyboard(settings: Settings, stream: TextIO) -> TextIO | None:
    """The terminal on which the user may ask what runs now; None where tests or a debugger may read from it."""
    stdin = sys.__stdin__
    if settings.capture is Capture.NO or settings.pdb or stdin is None or stdin.closed:
        return None
    return stdin if stream.isatty() and stdin.isatty() else None


def _print(plan: Plan | None, lines: Iterable[str]) -> ExitStatus:
    """Print the lines, and say what the plan says by itself; whoever lists none has nothing to complain of."""
    text = "".join(f"{line}\n" for line in lines)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        return give_up(sys.stdout, error)
    return ExitStatus.OK if plan is None else _status_of(plan)


def _status_of(plan: Plan) -> ExitStatus:
    """What a plan alone can say: whether all of it can run."""
    if plan.stopped and (status := STOPPED.get(plan.stopped)):
        return status
    if plan.problems or any(isinstance(step, ProblemStep) for step in plan.steps()):
        return ExitStatus.FAILURES
    return ExitStatus.OK if plan.total else ExitStatus.NO_TESTS


def complain(message: str, status: ExitStatus = ExitStatus.USAGE_ERROR) -> ExitStatus:
    """Say on standard error why there is nothing to run."""
    print(f"rustest: error: {message}", file=sys.stderr)
    return status


def _where(interrupt: KeyboardInterrupt) -> str:
    """Where the user's own code was, as a file that does not come to its end as it is imported."""
    from rustest.model.frames import main_frame, user_frames_of

    if not (frames := user_frames_of(interrupt)):
        return ""
    frame = frames[main_frame(frames)]
    return f" at {frame.file.removeprefix(os.path.join(os.getcwd(), ''))}:{frame.line} in {frame.function}"


def _confess() -> ExitStatus:
    import traceback

    traceback.print_exc()
    print(
        "rustest: internal error: the fault is rustest's, not your tests'; please report the lines above.",
        file=sys.stderr,
    )
    return ExitStatus.INTERNAL_ERROR
