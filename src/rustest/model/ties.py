"""Ties: what belongs together, directly or by way of others."""

from collections.abc import Iterable

from rustest.model.hints import Generic, TypeVar

Node = TypeVar("Node")


class Ties(Generic[Node]):
    """Disjoint sets of nodes; each node is alone in its set until it is tied to another."""

    def __init__(self) -> None:
        self._parents: dict[Node, Node] = {}

    def tie(self, one: Node, *others: Node) -> None:
        """Make one set of the sets of all these."""
        for other in others:
            self._parents[self.root(other)] = self.root(one)

    def root(self, node: Node) -> Node:
        """The node that stands for the whole set."""
        parents = self._parents
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = node = parents[parent]  # halves the path for those who come after
        return node

    def sets(self) -> Iterable[list[Node]]:
        """All sets of nodes that were ever tied or asked for, in the order in which their first ones were."""
        members: dict[Node, list[Node]] = {}
        for node in self._parents:
            members.setdefault(self.root(node), []).append(node)
        return members.values()
