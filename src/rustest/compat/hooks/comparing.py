"""What hooks have to say of a comparison that has failed: `pytest_assertrepr_compare`."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from rustest.model.errors import OutcomeException
from rustest.model.ids import split_id
from rustest.output.owner import OWNER

if TYPE_CHECKING:
    from rustest.compat.config import Config
    from rustest.compat.plugins.registry import Plugins

_NAME = "pytest_assertrepr_compare"


def compare(plugins: "Plugins", config: "Config", op: str, left: object, right: object) -> list[str]:
    """The lines of the first hook that has any; one that raises has nothing to say but that."""
    owner = OWNER.get()
    file = "" if owner is None else split_id(owner.name).file
    hook = plugins.relay(os.path.dirname(os.path.join(config.settings.rootdir, file))).pytest_assertrepr_compare
    try:
        given: Iterable[object] = hook(config=config, op=op, left=left, right=right)
    except (Exception, OutcomeException) as error:
        return [f"({_NAME} raised {type(error).__name__}: {error})"]
    told = next(filter(None, given), None)
    return [line for text in cast("Iterable[object]", told or ()) for line in str(text).splitlines()]
