"""Draws a network as far as it has been computed: values on units, weights on wires."""

from __future__ import annotations

from dataclasses import dataclass

from engine.naming import compact_text
from engine.trace import Edge, Operation, Trace, Unit
from tui.page.lines import Ink, InkLine
from tui.widgets.canvas import Canvas
from tui.widgets.network_layout import (
    INPUT_WIDTH,
    LABEL_WIDTH,
    UNIT_WIDTH,
    NetworkLayout,
    network_layout,
    text_rows,
)

NOT_YET = "·"
"""Stands for a value that no operation has computed yet."""
CURRENT = "◂"
"""Points at the value that the current operation computes."""


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """The lines of a drawn network, and the rectangle that the current operation uses."""

    lines: list[InkLine]
    x: int
    y: int
    width: int
    height: int


def draw_network(trace: Trace, position: int) -> NetworkDrawing:
    """The network after the operation at `position`, highlighted with its inputs.

    Highlighted wires are heavy, highlighted values bold; the value just computed carries ◂.
    """
    return _Painter(trace, position).paint()


class _Painter:
    def __init__(self, trace: Trace, position: int) -> None:
        self.trace = trace
        self.names = trace.names
        self.widths = trace.network.widths
        self.layout: NetworkLayout = network_layout(self.widths)
        self.now: Operation = trace.operations[position]
        done = trace.operations[: position + 1]
        self.known = trace.givens | {operation.symbol: operation.value for operation in done}
        self.canvas = Canvas()

    def paint(self) -> NetworkDrawing:
        heavy = set(self.now.edges)
        # Light wires first, so that a heavy one is never cut by a light one.
        for weight in (1, 2):
            for layer in range(1, len(self.widths)):
                for i in range(self.widths[layer]):
                    self._bracket((layer, i), weight)
                    for j in range(self.widths[layer - 1]):
                        if ((layer - 1, i, j) in heavy) == (weight == 2):
                            self._wire((layer - 1, i, j), weight)
        for layer, units in enumerate(self.widths):
            for i in range(units):
                self._unit((layer, i))
        return NetworkDrawing(self.canvas.lines(), *self._focus())

    def _wire(self, edge: Edge, weight: int) -> None:
        layer, i, j = edge
        gap, row = self.layout.gaps[layer], self.layout.wire(layer + 1, i, j)
        trunk, leaving = gap.trunks[j], self.layout.exit(layer, j)
        right = self.layout.lefts[layer] + (UNIT_WIDTH if layer else INPUT_WIDTH)
        self.canvas.horizontal(right, trunk, leaving, weight)
        self.canvas.vertical(trunk, leaving, row, weight)
        self.canvas.horizontal(trunk, gap.bracket, row, weight)
        self.canvas.joint(trunk, leaving)
        self.canvas.joint(trunk, row)
        self.canvas.vertical(gap.bracket, row, self.layout.tops[layer + 1][i], weight)
        self._label(self.names.weight(layer, i, j), gap.labels, row, weight == 2)

    def _bracket(self, unit: Unit, weight: int) -> None:
        """The bias and the wire into the unit; heavy while the input of the unit is computed."""
        layer, i = unit
        gap = self.layout.gaps[layer - 1]
        bias = self.names.bias(layer - 1, i)
        is_used = bias in self.now.depends_on or self.now.symbol.strip("⁺") == bias
        feeds = self.now.symbol == self.names.z(layer, i)
        row = self.layout.wire(layer, i, self.widths[layer - 1])
        top = self.layout.tops[layer][i]
        if weight == (2 if feeds else 1):
            self.canvas.horizontal(gap.labels + LABEL_WIDTH - 1, gap.bracket, row, weight)
            self.canvas.vertical(gap.bracket, row, top, weight)
            self.canvas.horizontal(gap.bracket, gap.bracket + 1, top, weight)
            self.canvas.write(gap.bracket + 1, top, "▶", Ink.HEADING if feeds else Ink.QUIET)
            self._label(bias, gap.labels, row, is_used)

    def _label(self, name: str, x: int, y: int, is_used: bool) -> None:
        new = f"{name}⁺" in self.known
        value = self.known[f"{name}⁺" if new else name]
        text = f"{name}{'⁺' if new else ' '}{compact_text(value, 6)}"
        ink = Ink.STRONG if is_used else Ink.PLAIN
        if self.now.symbol == f"{name}⁺":
            ink = Ink.NUMBER
        self.canvas.write(x, y, text, ink)

    def _unit(self, unit: Unit) -> None:
        layer, i = unit
        x, y = self.layout.lefts[layer], self.layout.tops[layer][i]
        is_here = self.now.unit == unit
        name = self.names.unit(*unit)
        if layer == 0:
            ink = Ink.STRONG if name in self.now.depends_on else Ink.PLAIN
            self.canvas.write(x, y, f"{name} {compact_text(self.known[name], 6)}", ink)
            return
        self.canvas.write(x, y, name, Ink.NUMBER if is_here else Ink.STRONG)
        rows = [("z", self.names.z(*unit)), ("out", self.names.out(*unit))]
        if text_rows(layer, len(self.widths)) == 4:
            rows.append(("target", self.names.target(i)))
        rows.append(("δ", self.names.delta(*unit)))
        for offset, (label, symbol) in enumerate(rows):
            self._value(x, y + offset, label, symbol)

    def _value(self, x: int, y: int, label: str, symbol: str) -> None:
        value = self.known.get(symbol)
        shown = NOT_YET if value is None else compact_text(value, 7)
        ink = Ink.QUIET if value is None else Ink.PLAIN
        if symbol in self.now.depends_on:
            ink = Ink.STRONG
        if symbol == self.now.symbol:
            shown, ink = f"{shown}{CURRENT}", Ink.NUMBER
        start = x if len(label) > 3 else x + 3
        self.canvas.write(start, y, f"{label:>{6 - (start - x)}} {shown}", ink)

    def _focus(self) -> tuple[int, int, int, int]:
        """The smallest rectangle around the units and wires of the current operation."""
        units = {unit for unit in (self.now.unit,) if unit is not None}
        for layer, i, j in self.now.edges:
            units |= {(layer, j), (layer + 1, i)}
        if not units:
            units = {(len(self.widths) - 1, i) for i in range(self.widths[-1])}
        lefts = [self.layout.lefts[layer] for layer, _ in units]
        rows = [
            (self.layout.tops[layer][i], text_rows(layer, len(self.widths))) for layer, i in units
        ]
        rows += [(self.layout.wire(layer + 1, i, j), 1) for layer, i, j in self.now.edges]
        top = min(row for row, _ in rows)
        bottom = max(row + height for row, height in rows)
        return min(lefts), top, max(lefts) + UNIT_WIDTH - min(lefts), bottom - top
