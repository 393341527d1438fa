"""pytest's types that test files name in annotations alone."""

from typing import Literal

ScopeName = Literal["session", "package", "module", "class", "function"]
