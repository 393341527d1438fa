"""What plugins exchange, or add to, inside pytest: it is there for them, and rustest does not use it."""

import pprint
from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar


class PrettyPrinter(pprint.PrettyPrinter):
    """Prints values over several lines, and knows how by their `__repr__`: plugins add rows for types of their own."""

    _dispatch: ClassVar[dict[object, Callable[..., None]]] = {**vars(pprint.PrettyPrinter)["_dispatch"]}


def read_pyc(source: Any, pyc: Any, trace: Callable[[str], None] = lambda message: None) -> CodeType | None:
    """Rewritten code that was kept: none, for rustest keeps its own elsewhere."""
    return None
