"""What plugins exchange, or add to, inside pytest: it is there for them, and rustest does not use it."""

import pprint
import re
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, ClassVar

from rustest.collect.importer import Importer
from rustest.model.expression import Expression as Compiled
from rustest.model.expression import compile_expression
from rustest.model.saferepr import LIMIT, WHOLE
from rustest.model.saferepr import saferepr as show
from rustest.model.settings import Settings

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class PrettyPrinter(pprint.PrettyPrinter):
    """Prints values over several lines, and knows how by their `__repr__`: plugins add rows for types of their own."""

    _dispatch: ClassVar[dict[object, Callable[..., None]]] = {**vars(pprint.PrettyPrinter)["_dispatch"]}


def read_pyc(source: Any, pyc: Any, trace: Callable[[str], None] = lambda message: None) -> CodeType | None:
    """Rewritten code that was kept: none, for rustest keeps its own elsewhere."""
    return None


def saferepr(obj: object, maxsize: int | None = LIMIT, use_ascii: bool = False) -> str:
    """The value on one line, whatever its `__repr__` does; as long as it is without a `maxsize`."""
    text = show(obj, WHOLE if maxsize is None else maxsize)
    return text.encode("ascii", "backslashreplace").decode() if use_ascii else text


def compare_eq_any(*compared: object, **options: object) -> list[str]:
    """What two values differ in: nothing, for rustest says that beneath what a plugin says."""
    return []


def import_path(path: Any, *, root: Any, **how: object) -> ModuleType:
    """The module of a file, imported as test files are, whatever is said of how."""
    return Importer(Settings(rootdir=str(root))).load(str(path))


def without_colours(text: str) -> str:
    """The text without what colours it on a terminal."""
    return _ESCAPE.sub("", text)


class Expression:
    """An expression of `-k` or `-m`, for plugins that ask which of their own names it wants."""

    def __init__(self, text: str, compiled: Compiled) -> None:
        self.input = text
        self._compiled = compiled

    @classmethod
    def compile(cls, input: str) -> "Expression":
        """Read an expression; raises UsageError where it cannot be read."""
        return cls(input, compile_expression(input, "a plugin", keywords=True))

    def evaluate(self, matcher: Callable[..., bool]) -> bool:
        """Whether it is true of what the matcher says of each name."""
        return self._compiled(lambda name, keywords: matcher(name, **keywords))
