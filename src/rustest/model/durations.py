"""The file of durations: a JSON object of seconds by node id, one to a line, so that teams can keep it in git."""

import os
from collections.abc import Mapping
from math import isfinite
from typing import cast

from rustest.model.errors import UsageError

_FLAG = "--durations-from"


def read_durations(rootdir: str, file: str) -> dict[str, float]:
    """The seconds by node id in the file that `--durations-from` names; raises UsageError where it has none."""
    import json

    path = os.path.join(rootdir, file)
    try:
        with open(path, encoding="utf-8") as opened:
            found: object = json.load(opened)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no JSON"
        raise UsageError(f"{_FLAG}: cannot read {path}: {reason}; have a run write it with --durations-to") from None
    if not is_durations(found):
        raise UsageError(
            f"{_FLAG}: {path} is no object of seconds by node id; have a run write it anew with --durations-to"
        )
    return dict(cast("Mapping[str, float]", found))


def is_durations(found: object) -> bool:
    """Whether it is an object of seconds."""
    return isinstance(found, dict) and all(map(_is_seconds, cast("Mapping[str, object]", found).values()))


def _is_seconds(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0


def write_durations(path: str, durations: Mapping[str, float]) -> None:
    """Write the file in one go; raises OSError."""
    from rustest.model.cache_folder import write_whole

    write_whole(path, (durations_text(durations),))


def durations_text(durations: Mapping[str, float]) -> str:
    """What the file holds: sorted, to the millisecond."""
    import json

    rounded = {node_id: round(seconds, 3) for node_id, seconds in durations.items()}
    return json.dumps(rounded, indent=0, sort_keys=True) + "\n"
