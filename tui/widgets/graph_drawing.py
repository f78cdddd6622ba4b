"""The graph of an expression in text: one row per node, a line from each value to its users.

┌(x)
│     ┌(w)
▼[v1] │        v1 = −x
▼[v2]◄┘        v2 = v1·w
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.labs.autograd import Graph

_TAP = "●"
"""Where a line goes on and a line that crosses it begins."""


def box(graph: Graph, place: int) -> str:
    """A leaf in round brackets, an operation in square ones."""
    step = graph.steps[place]
    return f"({step.symbol})" if step.is_leaf else f"[{step.symbol}]"


def graph_rows(graph: Graph) -> list[str]:
    """One row for each node, all of the same length."""
    boxes = [box(graph, place) for place in range(len(graph.steps))]
    # A cell: the line, the box, and room for an arrowhead on either side.
    cell = 1 + max(map(len, boxes)) + 2
    lanes: list[int | None] = []
    rows = []
    for place, step in enumerate(graph.steps):
        inputs = sorted({operand for operand in step.operands if isinstance(operand, int)})
        ends = {made for made in inputs if graph.last_use[made] == place}
        own = next((lane for lane, made in enumerate(lanes) if made in ends), None)
        falls = own is not None
        if own is None:
            own = lanes.index(None) if None in lanes else len(lanes)
            if own == len(lanes):
                lanes.append(None)
        row = _Row(cell, graph.lines + 1)
        for lane, made in enumerate(lanes):
            if made is not None:
                row.put(lane * cell, "│")
        for made in inputs:
            lane = lanes.index(made)
            if lane != own:
                row.join(lane, own, len(boxes[place]), ends=made in ends)
        start = "▼" if falls else ("┌" if graph.last_use[place] > place else " ")
        row.put(own * cell, start + boxes[place])
        rows.append(row.text)
        lanes = [None if made in ends else made for made in lanes]
        lanes[own] = place
    width = max(len(row.rstrip()) for row in rows)
    return [row.rstrip().ljust(width) for row in rows]


@dataclass
class _Row:
    """One row of characters to draw into."""

    cell: int
    lanes: int
    chars: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.chars = [" "] * (self.cell * (self.lanes + 1))

    @property
    def text(self) -> str:
        """The row as it stands."""
        return "".join(self.chars)

    def put(self, column: int, text: str) -> None:
        """Write over what is there."""
        self.chars[column : column + len(text)] = text

    def join(self, source: int, target: int, box_width: int, *, ends: bool) -> None:
        """A line from the lane `source` to the box in the lane `target`, with an arrowhead."""
        begin = source * self.cell
        from_left = source < target
        if from_left:
            head = target * self.cell - 1
            span = range(begin + 1, head)
        else:
            head = target * self.cell + 1 + box_width
            span = range(head + 1, begin)
        for column in span:
            self.chars[column] = {" ": "─", "│": "┼", "└": "┴", "┘": "┴"}.get(
                self.chars[column], _TAP if self.chars[column] in "├┤" else self.chars[column]
            )
        crossed = self.chars[begin] == "┼"
        if crossed:  # the other input's line passes here already
            self.chars[begin] = "┴" if ends else _TAP
        elif from_left:
            self.chars[begin] = "└" if ends else "├"
        else:
            self.chars[begin] = "┘" if ends else "┤"
        self.chars[head] = "►" if from_left else "◄"
