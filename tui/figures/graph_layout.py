"""Where the nodes of a computation graph stand: in columns by depth, inputs as late as possible.

An edge over several columns passes through an empty item in each of them, so that it crosses no
node (Sugiyama, Tagawa and Toda, 1981).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.format.drawings import Graph
from tui.math import cell_width


@dataclass(frozen=True, slots=True)
class Manner:
    """How much room a node gets."""

    boxed: bool
    """A box of three rows, or brackets on one."""
    has_numbers: bool
    gap: int = 4
    """Cells between the numbers of one column and the next column."""

    @property
    def pitch(self) -> int:
        """Rows from one node to the next below it."""
        return 4 if self.boxed else 3 if self.has_numbers else 2


@dataclass
class Item:
    """A node in its column, or a place that an edge passes through."""

    node: str
    """Its name; empty for a passage."""
    column: int
    order: float = 0.0
    x: int = 0
    row: int = 0
    """The row of its middle."""
    width: int = 0


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """Every item, and the edges between items of neighbouring columns."""

    items: tuple[Item, ...]
    edges: tuple[tuple[Item, Item, bool], ...]
    """From, to, and whether the edge ends there."""
    labels: tuple[int, ...]
    """The columns of cells for numbers behind each column of items."""
    width: int
    height: int

    def gap(self, item: Item) -> int:
        """Cells beside an item that are kept for its numbers."""
        return self.labels[item.column]


def arrange(graph: Graph, manner: Manner, labels: Mapping[str, int]) -> GraphLayout:
    """Places for all nodes; `labels` are the widths of the numbers on the edges that leave them."""
    depth = _depths(graph)
    items = {node.name: Item(node.name, depth[node.name]) for node in graph.nodes}
    edges: list[tuple[Item, Item, bool]] = []
    passages: list[Item] = []
    for node in graph.nodes:
        for name in dict.fromkeys(node.inputs):
            before = items[name]
            for column in range(depth[name] + 1, depth[node.name]):
                passage = Item("", column)
                passages.append(passage)
                edges.append((before, passage, False))
                before = passage
            edges.append((before, items[node.name], True))
    everything = [*items.values(), *passages]
    columns = [
        [item for item in everything if item.column == column]
        for column in range(max(depth.values()) + 1)
    ]
    _order(columns, edges)
    tallest = max(map(len, columns))
    room = tallest * manner.pitch - (1 if manner.boxed or not manner.has_numbers else 0)
    x = 0
    gaps = []
    for items_here in columns:
        widest = max((cell_width(item.node) for item in items_here if item.node), default=0)
        widest += 4 if manner.boxed else 2
        used = (len(items_here) - 1) * manner.pitch + _tall(manner)
        for place, item in enumerate(items_here):
            item.x, item.width = x, widest
            item.row = max(0, room - used) // 2 + place * manner.pitch + _tall(manner) // 2
        label = max((labels[item.node] for item in items_here if item.node), default=0)
        gaps.append(label if manner.has_numbers else 0)
        x += widest + gaps[-1] + (0 if items_here is columns[-1] else manner.gap)
    return GraphLayout(tuple(everything), tuple(edges), tuple(gaps), x, room)


def _tall(manner: Manner) -> int:
    return 3 if manner.boxed or manner.has_numbers else 1


def _depths(graph: Graph) -> dict[str, int]:
    depth: dict[str, int] = {}
    for node in graph.nodes:
        depth[node.name] = max((depth[name] + 1 for name in node.inputs), default=0)
    for leaf in (node.name for node in graph.nodes if not node.inputs):
        users = [depth[node.name] for node in graph.nodes if leaf in node.inputs]
        depth[leaf] = min(users) - 1 if users else 0
    return depth


def _order(columns: list[list[Item]], edges: list[tuple[Item, Item, bool]]) -> None:
    """Order each column by the mean place of what its items are joined with."""
    for column in columns:
        for place, item in enumerate(column):
            item.order = place - (len(column) - 1) / 2
    for _round in range(2):
        for column in (*columns[1:], *columns[-2::-1]):
            for item in column:
                beside = [a.order for a, b, _end in edges if b is item]
                beside += [b.order for a, b, _end in edges if a is item]
                if beside:
                    item.order = sum(beside) / len(beside)
            column.sort(key=lambda item: item.order)
            for place, item in enumerate(column):
                item.order = place - (len(column) - 1) / 2
