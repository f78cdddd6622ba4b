"""A network of any widths with numbers on it: units as boxes, edges in braille.

The hue of an edge says the sign of its weight, and so does the line: solid for positive weights,
dashed for negative ones. Its thickness says the size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.naming import compact_text, number_text
from tui.figures.network_labels import Label, place_labels
from tui.figures.network_layout import Detail, Layout, Place, arrange
from tui.figures.network_lines import Braille, Line
from tui.figures.network_parts import EdgeFigure, NetworkFigure, Pulse, UnitFigure, UnitValue
from tui.math.scripts import indexed
from tui.page.lines import Ink, InkLine

NOT_YET = "·"
"""Stands for a value that is not known yet."""
HERE = "◂"
"""Points at the value that is being computed."""
_ROWS = {Detail.HUGE: (2, 2), Detail.LARGE: (2, 1)}
"""The row of the first value in a box, and the rows from one to the next."""
_DIGITS = {Detail.HUGE: 13, Detail.LARGE: 11}
"""The characters that a number in a box may have; compact ones elsewhere."""
PULSE_INKS: Mapping[Pulse, Ink] = {
    Pulse.FORWARD: Ink.FORWARD,
    Pulse.BACKWARD: Ink.BACKWARD,
    Pulse.UPDATE: Ink.FORWARD,
}
"""The hue of each pulse: computed values forward, deltas backward."""


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """The lines of a drawn network, and the places of its parts."""

    lines: list[InkLine]
    layout: Layout
    labels: tuple[Label, ...]


def draw_network(
    figure: NetworkFigure,
    width: int,
    height: int,
    *,
    braille: bool = True,
    largest: Detail = Detail.FULL,
) -> NetworkDrawing:
    """Draw a network within `width` × `height` cells, with as much on it as there is room for.

    Without `braille`, signs that every font has take the place of braille and round corners.
    Units are drawn no larger than `largest`.
    """
    return _Painter(figure, (max(1, width), max(1, height)), braille, largest).paint()


class _Painter:
    def __init__(
        self, figure: NetworkFigure, size: tuple[int, int], braille: bool, largest: Detail
    ) -> None:
        self.figure, self.braille = figure, braille
        self.width, self.height = width, height = size
        rows = tuple(tuple(len(unit.values) for unit in units) for units in figure.layers)
        self.layout = arrange(rows, width, height, largest)
        self.detail = min((place.detail for place in self.layout.places.values()), default=largest)
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
        labels: list[Label] = []
        for layer in range(len(self.figure.layers) - 1):
            found = [
                (line, *self._label(self.figure.edges[edge]))
                for edge, line in lines.items()
                if edge[0] == layer
            ]
            labels += place_labels(found)
        for label in labels:
            # Dots that touch a number read as a part of it.
            text = label.text if label.text[0] == " " else f" {label.text} "
            self._write(label.x - (text != label.text), label.y, text, label.ink)
        for edge, line in lines.items():
            self._arrow(self.figure.edges[edge].pulse, line)
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
            # Dots that touch a name without a box read as a part of it.
            x1=target.x * 2 - (3 if target.detail is Detail.LINE else 1),
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
        name = self._name(edge.name)
        texts: tuple[str, ...] = (f" {name} {value} ", f"{name} {value}", value)
        if self.detail is Detail.HUGE:
            texts = (f" {name} {number_text(edge.value)} ", *texts)
        return texts, self._edge_ink(edge)

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
            self._write(place.x, place.y, self._name(unit.name), name)
            self._value(place.x + len(unit.name) + 1, place.y, shown, unit, max(6, room))
        else:
            self._box(unit, place, border, name)
            values = unit.values if place.detail <= Detail.FULL else (shown,)
            first, step = _ROWS.get(place.detail, (1, 1))
            for row, value in enumerate(values):
                x, y = place.x + 2 + (place.detail is Detail.HUGE), place.y + first + row * step
                if place.detail <= Detail.FULL and len(values) > 1:
                    self._write(x, y, f"{value.label:<3}", self._value_ink(value, unit))
                    x += 4 + (place.detail is Detail.HUGE)
                self._value(x, y, value, unit, _DIGITS.get(place.detail, 7))

    def _box(self, unit: UnitFigure, place: Place, border: Ink, name: Ink) -> None:
        corners = "╭╮╰╯" if self.braille else "┌┐└┘"
        x, y, right = place.x, place.y, place.x + place.width - 1
        bottom = place.y + place.height - 1
        line = "─" * (place.width - 2)
        self._write(x, y, corners[0] + line + corners[1], border)
        self._write(x, bottom, corners[2] + line + corners[3], border)
        for row in range(y + 1, bottom):
            self._write(x, row, "│" + " " * (place.width - 2) + "│", border)
        self._write(x + 1, y, f" {self._name(unit.name)} ", name)
        for row, value in ((y, unit.top), (bottom, unit.bottom)):
            if value is None or place.detail > Detail.FULL:
                continue
            shown = _fitted(value.value or 0.0, _DIGITS.get(place.detail, 6))
            text = f" {value.label} {shown} "
            self._write(right - len(text), row, text, self._value_ink(value, unit))

    def _name(self, name: str) -> str:
        """As formulas write it, where the terminal has small digits; as wide as without them."""
        return indexed(name) if self.braille else name

    def _value(self, x: int, y: int, value: UnitValue, unit: UnitFigure, room: int) -> None:
        known = value.value is not None
        text = _fitted(value.value, room) if value.value is not None else NOT_YET
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


def _fitted(value: float, room: int) -> str:
    """The number as formulas have it, with nine digits, where it fits, else with fewer."""
    exact = number_text(value)
    return exact if len(exact) <= room else compact_text(value, room)
