"""Processors that a run has left idle, and that workers might have used: when that is worth a line."""

import os
from collections.abc import Iterable, Mapping

from rustest.model.choices import Capture
from rustest.model.ids import SEPARATOR
from rustest.model.processors import usable_processors
from rustest.model.report import Report
from rustest.model.settings import Settings
from rustest.report.messages import LONG, work_to_share

_MOST, _LUMP = 2 / 3, 3 / 4
"""The share of a run that must be work, and that of the work beyond which one file has too much of it: the sync tests
of a file go to one worker."""


def idle_processors(report: Report, settings: Settings) -> str:
    """A line on what workers could share of such a run; empty where that is little, or the user knows of workers.

    In CI nobody reads it who was not told before.
    """
    knows = settings.workers is not None or settings.dask or settings.pdb or settings.capture is Capture.NO
    if knows or report.interrupted or os.environ.get("CI") or "fork" not in vars(os):
        return ""
    took = {node_id: finished.duration for node_id, finished in report.finished.items()}
    return unshared_work(report.worked, report.duration, took)


def unshared_work(worked: float, whole: float, took: Mapping[str, float]) -> str:
    """A line on work that one processor has done in `whole` seconds; empty where workers could share little of it.

    `took` is how long each test took. Where several threads have worked at once, the processors were not idle.
    """
    processors = usable_processors()
    if processors == 1 or whole < LONG or not _MOST * whole <= worked <= whole or _is_one_lump(took.items()):
        return ""
    return work_to_share(worked, whole, processors)


def _is_one_lump(took: Iterable[tuple[str, float]]) -> bool:
    by_file: dict[str, float] = {}
    for node_id, seconds in took:
        file = node_id.partition(SEPARATOR)[0]
        by_file[file] = by_file.get(file, 0.0) + seconds
    return max(by_file.values(), default=0.0) >= _LUMP * sum(by_file.values())
