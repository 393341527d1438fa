"""What `--ignore` leaves out: files and folders by their paths, and patterns of such."""

import os
from collections.abc import Iterable

from rustest.collect.patterns import Patterns

_WILD = frozenset("*?[")


class Ignored:
    """Paths, relative ones to `rootdir`; a pattern without a slash is held against the names of files and folders.

    The name of `rootdir` itself counts for nothing: it is as the user has checked the project out.
    """

    def __init__(self, entries: Iterable[str], rootdir: str) -> None:
        self._rootdir = rootdir
        self._paths: set[str] = set()
        patterns: list[str] = []
        for entry in entries:
            path = os.path.normpath(os.path.join(rootdir, entry))
            if _WILD.isdisjoint(entry) or os.path.exists(path):
                self._paths.add(path)
            else:
                patterns.append(path if "/" in entry else entry)
        self._patterns = Patterns(patterns)

    def match(self, path: str) -> bool:
        """Whether that file or folder, by its absolute path, is left out itself."""
        return path in self._paths or (path != self._rootdir and self._patterns.match(os.path.basename(path), path))

    def covers(self, path: str) -> bool:
        """Whether it is left out, or a folder above it that is named by its path."""
        return self.match(path) or any(path.startswith(os.path.join(above, "")) for above in self._paths)
