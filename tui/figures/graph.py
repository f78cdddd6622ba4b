"""A computation graph: values on its edges forward, gradients backward."""

from __future__ import annotations

from engine.language import _
from lessons.format.drawings import Graph, Node
from tui.figures.canvas import INKS, Canvas
from tui.figures.graph_layout import GraphLayout, Item, Manner, arrange
from tui.figures.registry import ROWS, FigureKind, Options
from tui.figures.scale import shown
from tui.math import cell_width
from tui.page.lines import Ink, InkLine, cut
from tui.page.signs import plain_signs

_MANNERS = (Manner(boxed=True, has_numbers=True),
             Manner(boxed=False, has_numbers=True),
             Manner(boxed=False, has_numbers=True, gap=3),
             Manner(boxed=False, has_numbers=True, gap=2),
             Manner(boxed=True, has_numbers=False),
             Manner(boxed=False, has_numbers=False, gap=3))  # fmt: skip


def forward(node: Node) -> str:
    """The value on the edges that leave a node; empty where it has none."""
    return "" if node.value is None else shown(node.value)


def backward(node: Node) -> str:
    """The gradient that comes back along them."""
    if node.gradient is None:
        return ""
    return f"{'<' if plain_signs() else '◂'}{shown(node.gradient)}"


def draw(graph: Graph, width: int, height: int, options: Options) -> list[InkLine]:
    """The graph within `width` × `height` cells, with its numbers if they find room.

    A graph that is too wide becomes a list of its nodes.
    """
    for manner in _manners(graph):
        layout = _arranged(graph, manner)
        if layout.width <= width and layout.height <= height:
            return _Painter(graph, layout, manner, width).lines()
    return _list(graph, width, height)


def _manners(graph: Graph) -> tuple[Manner, ...]:
    """From the richest to the plainest; a list with numbers says more than boxes without."""
    if any(forward(node) or backward(node) for node in graph.nodes):
        return tuple(manner for manner in _MANNERS if manner.has_numbers)
    return tuple(manner for manner in _MANNERS if not manner.has_numbers)


def _arranged(graph: Graph, manner: Manner) -> GraphLayout:
    labels = {
        node.name: max(cell_width(forward(node)), cell_width(backward(node)))
        for node in graph.nodes
    }
    return arrange(graph, manner, labels)


class _Painter:
    def __init__(self, graph: Graph, layout: GraphLayout, manner: Manner, width: int) -> None:
        self.layout, self.manner = layout, manner
        self.nodes = {node.name: node for node in graph.nodes}
        self.canvas = Canvas(width, layout.height, braille=not plain_signs())
        self.shift = (width - layout.width) // 2

    def lines(self) -> list[InkLine]:
        for source, target, is_last in self.layout.edges:
            self._edge(source, target, is_last)
        for item in self.layout.items:
            if item.node:
                self._node(item)
        return self.canvas.lines()

    def _edge(self, source: Item, target: Item, is_last: bool) -> None:
        x0, x1 = source.x + source.width + self.shift, target.x + self.shift
        y0, y1 = source.row * 4 + 1.5, target.row * 4 + 1.5
        # A slanted line leaves room for the numbers beside its source.
        flat = self.layout.gap(source) if y0 != y1 else x1 - x0
        start = x0 if source.node else source.x + self.shift
        self.canvas.segment((x0 + flat) * 2, y0, x1 * 2 - 1, y1, Ink.QUIET)
        self.canvas.write(start, source.row, "─" * (x0 + flat - start), Ink.QUIET)
        if is_last:
            self.canvas.write(x1 - 1, target.row, "▸" if self.canvas.braille else ">", Ink.QUIET)

    def _node(self, item: Item) -> None:
        node = self.nodes[item.node]
        ink, x, row = INKS[node.hue], item.x + self.shift, item.row
        room = item.width - (4 if self.manner.boxed else 2)
        name = node.name.center(room)
        if self.manner.boxed:
            corners = "╭╮╰╯" if self.canvas.braille else "┌┐└┘"
            line = "─" * (item.width - 2)
            self.canvas.write(x, row - 1, corners[0] + line + corners[1], ink)
            self.canvas.write(x, row, f"│ {name} │", ink)
            self.canvas.write(x, row + 1, corners[2] + line + corners[3], ink)
        else:
            self.canvas.write(x, row, f"({name})", ink)
        if self.manner.has_numbers:
            after = x + item.width
            self.canvas.write(after, row - 1, forward(node), Ink.COMPUTED)
            self.canvas.write(after, row + 1, backward(node), Ink.DELTA)


def _list(graph: Graph, width: int, height: int) -> list[InkLine]:
    """One row per node: its name, its numbers, what it is computed from."""
    names = max(cell_width(node.name) for node in graph.nodes)
    values = max(cell_width(forward(node)) for node in graph.nodes)
    slopes = max(cell_width(backward(node)) for node in graph.nodes)
    found: list[InkLine] = []
    for node in graph.nodes[:height]:
        texts = [
            (node.name.ljust(names), INKS[node.hue]),
            (forward(node).rjust(values), Ink.COMPUTED),
            (backward(node).rjust(slopes), Ink.DELTA),
            (f"← {', '.join(node.inputs)}" if node.inputs else "", Ink.QUIET),
        ]
        line: list[tuple[str, Ink]] = []
        used = 0
        for text, ink in texts:
            gap = "  " if line else ""
            if not text or used + len(gap) + 1 > width:
                continue
            part = gap + cut(text, width - used - len(gap))
            line.append((part, ink))
            used += cell_width(part)
        found.append(tuple(line))
    return found


def words(graph: Graph, options: Options) -> str:
    """Every node: what it is computed from, its value, its gradient."""
    said = []
    for node in graph.nodes:
        text = node.name
        if node.inputs:
            text = _("{node} from {inputs}").format(node=node.name, inputs=", ".join(node.inputs))
        if node.value is not None:
            text += " = " + shown(node.value)
        if node.gradient is not None:
            text = _("{node} (gradient {gradient})").format(
                node=text, gradient=shown(node.gradient)
            )
        said.append(text)
    return _("Computation graph: {nodes}.").format(nodes="; ".join(said))


def _rows(graph: Graph, width: int) -> int:
    for manner in _manners(graph):
        layout = _arranged(graph, manner)
        if layout.width <= width:
            return layout.height
    return len(graph.nodes)


def _least(graph: Graph) -> int:
    return min(_arranged(graph, manner).width for manner in _manners(graph))


FIGURE = FigureKind(Graph, draw, words, _rows, _least, {"rows": ROWS})
