"""Shell-style patterns for names of files and folders."""

import os
from collections.abc import Iterable


class Patterns:
    """Patterns as pytest reads them: one with a slash is held against the path, any other against the base name."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._names: set[str] = set()
        self._affixes: list[tuple[str, str]] = []
        self._globs: list[str] = []
        self._path_globs: list[str] = []
        for pattern in patterns:
            self._add(pattern)

    def _add(self, pattern: str) -> None:
        if "/" in pattern:
            self._path_globs.append(pattern if os.path.isabs(pattern) else f"*/{pattern}")
        elif "?" in pattern or "[" in pattern or pattern.count("*") > 1:
            self._globs.append(pattern)
        elif "*" in pattern:
            prefix, _, suffix = pattern.partition("*")
            self._affixes.append((prefix, suffix))
        else:
            self._names.add(pattern)

    def match(self, name: str, path: str) -> bool:
        """Whether any pattern fits this base name or its absolute path."""
        if name in self._names:
            return True
        for prefix, suffix in self._affixes:
            if name.startswith(prefix) and name.endswith(suffix) and len(name) >= len(prefix) + len(suffix):
                return True
        return bool(self._globs or self._path_globs) and self._match_globs(name, path)

    def _match_globs(self, name: str, path: str) -> bool:
        from fnmatch import fnmatchcase  # a compiled expression for each pattern, which the default ones do not need

        path = path.replace(os.sep, "/")
        return any(fnmatchcase(name, glob) for glob in self._globs) or any(
            fnmatchcase(path, glob) for glob in self._path_globs
        )
