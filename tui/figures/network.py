"""A network of any widths with numbers on it: units as boxes, edges in braille.

The hue of an edge says the sign of its weight, and so does the line: solid for positive weights,
dashed for negative ones. Its thickness says the size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from engine.language import _
from engine.naming import Names, compact_text
from lessons.format.drawings import Net
from tui.figures.network_layout import VALUE_WIDTH, Detail, Layout, Place, arrange
from tui.figures.network_lines import Braille, Label, Line, place_labels
from tui.figures.registry import ROWS, FigureKind, Options
from tui.page.lines import Ink, InkLine, Piece, line_text
from tui.page.signs import plain_signs

NOT_YET = "·"
"""Stands for a value that is not known yet."""
HERE = "◂"
"""Points at the value that is being computed."""


class Pulse(StrEnum):
    """What moves through a part of the network now."""

    NONE = "none"
    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"


PULSE_INKS: Mapping[Pulse, Ink] = {
    Pulse.FORWARD: Ink.FORWARD,
    Pulse.BACKWARD: Ink.BACKWARD,
    Pulse.UPDATE: Ink.FORWARD,
}
"""The hue of each pulse: computed values forward, deltas backward."""


@dataclass(frozen=True, slots=True)
class UnitValue:
    """One number of a unit."""

    label: str
    value: float | None
    """None as long as it is not known."""
    ink: Ink = Ink.PLAIN
    is_here: bool = False
    """Whether it is the number that is being computed."""


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A unit: its name, its numbers, and what stands in the border of its box."""

    name: str
    values: tuple[UnitValue, ...]
    main: int = 0
    """Which value is shown where there is room for one only."""
    top: UnitValue | None = None
    """Beside the name, such as the target."""
    bottom: UnitValue | None = None
    """In the lower border, such as the bias."""
    pulse: Pulse = Pulse.NONE
    is_used: bool = False
    """Whether the current computation takes a number from it."""

    @property
    def shown(self) -> UnitValue:
        """The one value for small drawings: what is being computed, else the main one."""
        return next((each for each in self.values if each.is_here), self.values[self.main])


@dataclass(frozen=True, slots=True)
class EdgeFigure:
    """The weight on an edge, and what moves along it."""

    name: str
    value: float
    pulse: Pulse = Pulse.NONE


@dataclass(frozen=True, slots=True)
class NetworkFigure:
    """Everything that the drawing shows."""

    layers: tuple[tuple[UnitFigure, ...], ...]
    edges: Mapping[tuple[int, int, int], EdgeFigure] = field(default_factory=dict)
    """By (l, i, j): the weight from unit j of layer l into unit i of layer l + 1."""


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """The lines of a drawn network, and the places of its parts."""

    lines: list[InkLine]
    layout: Layout
    labels: tuple[Label, ...]


class _AllAlike(Mapping[tuple[int, int, int], EdgeFigure]):
    """Every edge of a network, without a name: 784 inputs of 200 units need no 156 800 objects."""

    _EDGE = EdgeFigure("", 0.0)

    def __init__(self, widths: Sequence[int]) -> None:
        self._widths = tuple(widths)

    def __getitem__(self, edge: tuple[int, int, int]) -> EdgeFigure:
        layer, i, j = edge
        if not (
            0 <= layer < len(self._widths) - 1
            and 0 <= i < self._widths[layer + 1]
            and 0 <= j < self._widths[layer]
        ):
            raise KeyError(edge)
        return self._EDGE

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        for layer in range(len(self._widths) - 1):
            for i in range(self._widths[layer + 1]):
                for j in range(self._widths[layer]):
                    yield layer, i, j

    def __len__(self) -> int:
        return sum(here * there for here, there in pairwise(self._widths))


def simple_network(
    widths: Sequence[int],
    outputs: Sequence[Sequence[float | None]] | None = None,
    weights: Sequence[Sequence[Sequence[float]]] | None = None,
) -> NetworkFigure:
    """A network with one number per unit.

    Args:
        widths: units of every layer, the input first.
        outputs: one number per unit of each layer, or None where there is none yet.
        weights: `weights[l][i][j]` leads from unit j of layer l into unit i of layer l + 1; all
            edges are drawn alike without them.
    """
    names = Names(tuple(widths))
    edges: Mapping[tuple[int, int, int], EdgeFigure] = _AllAlike(widths)
    layers = []
    for layer, units in enumerate(widths):
        found = outputs[layer] if outputs is not None else (None,) * units
        ink = Ink.COMPUTED if layer else Ink.INPUT
        layers.append(
            tuple(
                UnitFigure(names.unit(layer, i), (UnitValue("", found[i], ink),))
                for i in range(units)
            )
        )
    if weights is not None:
        edges = {
            edge: EdgeFigure(names.weight(*edge), weights[edge[0]][edge[1]][edge[2]])
            for edge in edges
        }
    return NetworkFigure(tuple(layers), edges)


def draw_network(
    figure: NetworkFigure, width: int, height: int, *, braille: bool = True
) -> NetworkDrawing:
    """Draw a network within `width` × `height` cells, with as much on it as there is room for.

    Without `braille`, signs that every font has take the place of braille and round corners.
    """
    return _Painter(figure, max(1, width), max(1, height), braille).paint()


class _Painter:
    def __init__(self, figure: NetworkFigure, width: int, height: int, braille: bool) -> None:
        self.figure, self.width, self.height, self.braille = figure, width, height, braille
        rows = tuple(tuple(len(unit.values) for unit in units) for units in figure.layers)
        self.layout = arrange(rows, width, height)
        self.cells: dict[tuple[int, int], tuple[str, Ink]] = {}

    @cached_property
    def limit(self) -> float:
        """The largest weight, by its size."""
        return max((abs(edge.value) for edge in self.figure.edges.values()), default=0.0)

    def paint(self) -> NetworkDrawing:
        labels = self._edges()
        for (layer, i), place in self.layout.places.items():
            self._unit(self.figure.layers[layer][i], place)
        for place in self.layout.left_out.values():
            self._write(place.x + place.width // 2, place.y, "⋮" if self.braille else ":",
                        Ink.QUIET)  # fmt: skip
        return NetworkDrawing(self._lines(), self.layout, labels)

    # Edges

    def _edges(self) -> tuple[Label, ...]:
        canvas = Braille(plain=not self.braille)
        lines = {
            edge: self._line(edge, self.figure.edges[edge])
            for edge in self._shown()
            if edge in self.figure.edges and self._is_drawn(edge, self.figure.edges[edge])
        }
        # What moves is drawn last, so that nothing lies over it.
        for _edge, line in sorted(lines.items(), key=lambda pair: (pair[1].is_active, pair[0])):
            canvas.line(line)
        self.cells.update(canvas.cells())
        for edge, line in lines.items():
            self._arrow(self.figure.edges[edge].pulse, line)
        labels: list[Label] = []
        for layer in range(len(self.figure.layers) - 1):
            found = [
                (line, *self._label(self.figure.edges[edge]))
                for edge, line in lines.items()
                if edge[0] == layer
            ]
            labels += place_labels(found)
        for label in labels:
            self._write(label.x, label.y, label.text, label.ink)
        return tuple(labels)

    def _shown(self) -> Iterator[tuple[int, int, int]]:
        """The pairs of units that both have a place: of thousands of edges, a few dozen."""
        places: dict[int, list[int]] = {}
        for layer, i in sorted(self.layout.places):
            places.setdefault(layer, []).append(i)
        for layer, senders in places.items():
            for i in places.get(layer + 1, ()):
                for j in senders:
                    yield layer, i, j

    def _is_dense(self, layer: int) -> bool:
        """Whether the lines after a layer would fill the whole gap."""
        return len(self.figure.layers[layer]) * len(self.figure.layers[layer + 1]) > 2 * self.height

    def _is_drawn(self, edge: tuple[int, int, int], found: EdgeFigure) -> bool:
        """Every edge; among very many, those with large weights and those on which something moves.

        Lines over all of them would be a grey area, in which no edge can be followed.
        """
        if not self._is_dense(edge[0]) or found.pulse is not Pulse.NONE or not found.name:
            return True
        return abs(found.value) >= self.limit * 2 / 3

    def _line(self, edge: tuple[int, int, int], found: EdgeFigure) -> Line:
        layer, i, j = edge
        source, target = self.layout.places[layer, j], self.layout.places[layer + 1, i]
        senders = len(self.figure.layers[layer])
        low, high = target.y * 4 + 1.5, target.y * 4 + 1.5
        if target.height > 2:
            low, high = (target.y + 1) * 4, (target.y + target.height - 1) * 4 - 1
        end = low + (high - low) * (j + 0.5) / senders
        is_active = found.pulse is not Pulse.NONE
        # Without weights nothing needs to be searched for the largest.
        share = abs(found.value) / self.limit if found.value else 0.0
        if self._is_dense(layer) and not is_active:
            share = min(share, 0.5)
        return Line(
            x0=(source.x + source.width) * 2,
            y0=source.middle * 4 + 1.5,
            x1=target.x * 2 - 1,
            y1=end,
            weight=1 + (share > 1 / 3) + (share > 2 / 3),
            is_dashed=found.value < 0,
            is_active=is_active,
            ink=self._edge_ink(found),
        )

    def _edge_ink(self, edge: EdgeFigure) -> Ink:
        if edge.pulse is not Pulse.NONE:
            return PULSE_INKS[edge.pulse]
        if not edge.name:
            return Ink.QUIET
        return Ink.NEGATIVE if edge.value < 0 else Ink.POSITIVE

    def _label(self, edge: EdgeFigure) -> tuple[tuple[str, ...], Ink]:
        """The texts that may stand on an edge, the best first."""
        if not edge.name:
            return (), Ink.QUIET
        value = compact_text(edge.value, 6)
        return (f" {edge.name} {value} ", f"{edge.name} {value}", value), self._edge_ink(edge)

    def _arrow(self, pulse: Pulse, line: Line) -> None:
        if pulse is Pulse.FORWARD and line.x1 > line.x0:
            sign = "▸" if self.braille else ">"
            self._write(line.x1 // 2, int(line.y1 // 4), sign, PULSE_INKS[pulse])
        elif pulse is Pulse.BACKWARD and line.x1 > line.x0:
            sign = "◂" if self.braille else "<"
            self._write(line.x0 // 2, int(line.y0 // 4), sign, PULSE_INKS[pulse])

    # Units

    def _unit(self, unit: UnitFigure, place: Place) -> None:
        is_moving = unit.pulse is not Pulse.NONE
        border = PULSE_INKS[unit.pulse] if is_moving else Ink.PLAIN if unit.is_used else Ink.QUIET
        name = border if is_moving else Ink.STRONG
        shown = unit.shown
        if place.detail is Detail.DOT:
            known = any(value.value is not None for value in unit.values)
            full, empty = ("●", "○") if self.braille else ("*", "o")
            self._write(place.x, place.y, full if known else empty, border)
        elif place.detail is Detail.LINE:
            room = place.width - len(unit.name) - 2
            self._write(place.x, place.y, unit.name, name)
            self._value(place.x + len(unit.name) + 1, place.y, shown, unit, max(6, room))
        else:
            self._box(unit, place, border, name)
            values = unit.values if place.detail is Detail.FULL else (shown,)
            for row, value in enumerate(values, start=1):
                x = place.x + 2
                if place.detail is Detail.FULL and len(values) > 1:
                    self._write(x, place.y + row, f"{value.label:<3}", self._value_ink(value, unit))
                    x += 4
                self._value(x, place.y + row, value, unit, 7)

    def _box(self, unit: UnitFigure, place: Place, border: Ink, name: Ink) -> None:
        corners = "╭╮╰╯" if self.braille else "┌┐└┘"
        x, y, right = place.x, place.y, place.x + place.width - 1
        bottom = place.y + place.height - 1
        line = "─" * (place.width - 2)
        self._write(x, y, corners[0] + line + corners[1], border)
        self._write(x, bottom, corners[2] + line + corners[3], border)
        for row in range(y + 1, bottom):
            self._write(x, row, "│" + " " * (place.width - 2) + "│", border)
        self._write(x + 1, y, f" {unit.name} ", name)
        for row, value in ((y, unit.top), (bottom, unit.bottom)):
            if value is None or place.detail is not Detail.FULL:
                continue
            text = f" {value.label} {compact_text(value.value or 0.0, 6)} "
            self._write(right - len(text), row, text, self._value_ink(value, unit))

    def _value(self, x: int, y: int, value: UnitValue, unit: UnitFigure, room: int) -> None:
        known = value.value is not None
        text = compact_text(value.value, room) if value.value is not None else NOT_YET
        self._write(x, y, text, self._value_ink(value, unit) if known else Ink.QUIET)
        if value.is_here:
            sign = HERE if self.braille else "<"
            self._write(x + len(text), y, sign, self._value_ink(value, unit))

    def _value_ink(self, value: UnitValue, unit: UnitFigure) -> Ink:
        return PULSE_INKS.get(unit.pulse, Ink.NUMBER) if value.is_here else value.ink

    # Cells

    def _write(self, x: int, y: int, text: str, ink: Ink) -> None:
        for offset, character in enumerate(text):
            self.cells[x + offset, y] = (character, ink)

    def _lines(self) -> list[InkLine]:
        lines: list[InkLine] = []
        for y in range(self.height):
            pieces: list[tuple[str, Ink]] = []
            for x in range(self.width):
                text, ink = self.cells.get((x, y), (" ", Ink.PLAIN))
                if text in " \u2800":
                    text, ink = " ", pieces[-1][1] if pieces else Ink.PLAIN
                if pieces and pieces[-1][1] == ink:
                    pieces[-1] = (pieces[-1][0] + text, ink)
                else:
                    pieces.append((text, ink))
            lines.append(tuple(pieces))
        return lines


def _draw(net: Net, width: int, height: int, options: Options) -> list[InkLine]:
    figure = simple_network(net.widths, net.outputs, net.weights)
    rows = height - 1 if net.layers and height >= 4 else height
    drawing = draw_network(figure, width, rows, braille=not plain_signs())
    lines = [_cropped(line, width) for line in drawing.lines]
    shown = [place for place, line in enumerate(lines) if line_text(line)]
    lines = lines[shown[0] : shown[-1] + 1] if shown else []
    if rows < height:
        lines.append(_layer_names(net, drawing.layout, width))
    return lines


def _layer_names(net: Net, layout: Layout, width: int) -> InkLine:
    """The name of each layer, centred below its units."""
    row = [" "] * width
    for layer, name in enumerate(net.layers):
        places = [place for (at, _i), place in layout.places.items() if at == layer]
        if not places:
            continue
        start = places[0].x + (places[0].width - len(name)) // 2
        start = max(0, min(start, width - len(name)))
        if (
            start >= 0
            and start + len(name) <= width
            and not "".join(row[max(0, start - 1) : start + len(name) + 1]).strip()
        ):
            row[start : start + len(name)] = name
    return (("".join(row).rstrip(), Ink.QUIET),)


def _cropped(line: InkLine, width: int) -> InkLine:
    found: list[Piece] = []
    used = 0
    for text, ink in line:
        part = text[: width - used]
        if part:
            found.append((part, ink))
        used += len(part)
    return tuple(found)


def _words(net: Net, options: Options) -> str:
    said = [_("Network with layers of {widths} units.").format(
        widths=", ".join(map(str, net.widths))
    )]  # fmt: skip
    names = Names(net.widths)
    for layer, values in enumerate(net.outputs or ()):
        known = [
            f"{names.unit(layer, i)} = {compact_text(value, 7)}"
            for i, value in enumerate(values)
            if value is not None
        ]
        if known:
            title = net.layers[layer] if net.layers else _("Layer {layer}").format(layer=layer + 1)
            said.append(f"{title}: {', '.join(known)}.")
    return " ".join(said)


def _rows(net: Net, width: int) -> int:
    most = max(net.widths)
    return (1 if net.layers else 0) + (4 * most if most <= 4 else min(18, 2 * most))


def _least(net: Net) -> int:
    return VALUE_WIDTH * len(net.widths) + 8 * (len(net.widths) - 1)


FIGURE = FigureKind(Net, _draw, _words, _rows, _least, {"rows": ROWS})
