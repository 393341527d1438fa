"""Folders of which a hook has made a node of its own, which says itself what is collected there."""

import os
import warnings
from collections.abc import Iterator

from rustest.collect.discover import is_below
from rustest.compat.hooks.nodes import Directory, Node
from rustest.model.failure import Phase, describe
from rustest.model.folders import upward
from rustest.model.item import Problem


class RuledFolders:
    """Knows what such folders let in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        """Of nodes that could not say it."""
        self._let_in: dict[str, set[str]] = {}
        """By path of a folder the paths of what it collects."""

    def add(self, folder: str, node: Directory) -> Iterator[Node]:
        """Ask a node what stands in its folder, and give the files that it has made there."""
        let_in = self._let_in[folder] = set[str]()
        for held in self._held(node):
            path = str(getattr(held, "path", folder))
            let_in.add(path)
            if not isinstance(held, Directory):
                yield held
            elif type(held).__module__ != Directory.__module__:
                yield from self.add(path, held)

    def _held(self, node: Directory) -> list[Node]:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Argument.s. 'path'")  # which only older hooks know
            try:
                return [*node.collect()]
            except Exception as error:
                self.problems.append(Problem(node.nodeid, describe(error, Phase.COLLECT)))
                return []

    def leaves_out(self, path: str) -> bool:
        """Whether a folder of that kind above a file or folder does not collect it."""
        return bool(self._let_in) and any(
            folder in self._let_in and not any(is_below(path, each) for each in self._let_in[folder])
            for folder in upward(os.path.dirname(path))
        )
