"""Positions of the units and wires of a small network on a grid of characters.

Layers stand side by side. Every receiving unit has one row for each incoming wire and one for
its bias. A wire leaves its sender, joins the sender's trunk (a vertical line in the gap), and
continues from there in a row of its own, which shows the weight, to the receiver's bracket.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

INPUT_WIDTH = 9
"""`x1 0.1234`."""
UNIT_WIDTH = 15
"""`h1 out 0.59327◂`."""
LABEL_WIDTH = 11
"""`b_h1 0.3456`."""
_SHIFTS = (0, 1, -1, 2, -2, 3, -3)
"""How far a layer may move up or down so that no two wires share a row."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The wires between two layers; `trunks[j]` is the column of sender j."""

    trunks: tuple[int, ...]
    labels: int
    """First column of the weights."""
    bracket: int
    """Column of the receivers' brackets."""


@dataclass(frozen=True, slots=True)
class NetworkLayout:
    """Positions of all parts; rows and columns are counted from 0 at the top left."""

    lefts: tuple[int, ...]
    """First column of each layer's text."""
    tops: tuple[tuple[int, ...], ...]
    """First row of each unit's text, by layer."""
    wires: tuple[tuple[int, ...], ...]
    """Row of the first wire into each unit, by layer; the input layer has none."""
    gaps: tuple[Gap, ...]

    def exit(self, layer: int, i: int) -> int:
        """The row in which the wires of a unit leave it: that of its output."""
        return self.tops[layer][i] + (1 if layer else 0)

    def wire(self, layer: int, i: int, j: int) -> int:
        """The row of the wire from sender `j` into unit `i` of `layer`."""
        return self.wires[layer][i] + j


def text_rows(layer: int, layers: int) -> int:
    """Rows of a unit's text: its value for an input; z, out, δ; for an output also its target."""
    return 1 if layer == 0 else 4 if layer == layers - 1 else 3


@lru_cache(maxsize=64)
def network_layout(widths: tuple[int, ...]) -> NetworkLayout:
    """The layout for a network of these widths, with at most a handful of units per layer."""
    layers = len(widths)
    heights = [
        max(text_rows(layer, layers), widths[layer - 1] + 1 if layer else 1)
        for layer in range(layers)
    ]
    total = max(_extent(units, height) for units, height in zip(widths, heights, strict=True))
    blocks = [_spread(widths[0], total)]
    tops = [blocks[0]]
    wires: list[list[int]] = [[]]
    orders: list[tuple[int, ...]] = []
    for layer in range(1, layers):
        exits = [top + (1 if layer > 1 else 0) for top in tops[layer - 1]]
        centred = (total - _extent(widths[layer], heights[layer])) // 2
        shift, order = _untangled(exits, centred, widths[layer], heights[layer])
        first = [centred + shift + i * (heights[layer] + 1) for i in range(widths[layer])]
        spare = (heights[layer] - text_rows(layer, layers)) // 2
        tops.append([row + spare for row in first])
        wires.append([row + (heights[layer] - len(exits) - 1) // 2 for row in first])
        orders.append(order)
    highest = min(row for rows in (*tops, *wires) for row in rows)
    lefts, gaps = _columns(widths, orders)
    return NetworkLayout(
        lefts,
        tuple(tuple(row - highest for row in rows) for rows in tops),
        tuple(tuple(row - highest for row in rows) for rows in wires),
        gaps,
    )


def _columns(
    widths: tuple[int, ...], orders: list[tuple[int, ...]]
) -> tuple[tuple[int, ...], tuple[Gap, ...]]:
    lefts, gaps = [0], []
    right = INPUT_WIDTH
    for layer, order in enumerate(orders):
        first = right + 1
        labels = first + widths[layer] + 1
        gaps.append(Gap(tuple(first + place for place in order), labels, labels + LABEL_WIDTH))
        lefts.append(labels + LABEL_WIDTH + 2)
        right = lefts[-1] + UNIT_WIDTH
    return tuple(lefts), tuple(gaps)


def _extent(units: int, height: int) -> int:
    """Height of a layer with one row between its units."""
    return units * height + units - 1


def _spread(units: int, total: int) -> list[int]:
    """Rows of one-line units, evenly over `total` rows."""
    return [(2 * i + 1) * total // (2 * units) for i in range(units)]


def _untangled(exits: list[int], top: int, units: int, height: int) -> tuple[int, tuple[int, ...]]:
    """A shift of the receiving layer and an order of trunks in which no wires share a row.

    Of several orders for the smallest shift, the one with the fewest crossings.
    """
    senders = len(exits)
    best: tuple[tuple[int, int, int], int, tuple[int, ...]] | None = None
    for distance, shift in enumerate(_SHIFTS):
        rows = {
            (i, j): top + shift + i * (height + 1) + (height - senders - 1) // 2 + j
            for i in range(units)
            for j in range(senders)
        }
        for order in permutations(range(senders)):
            shared, crossed = _tangles(exits, rows, order)
            found = (shared, distance, crossed)
            if best is None or found < best[0]:
                best = (found, shift, order)
        if best is not None and best[0][0] == 0:
            break
    assert best is not None
    return best[1], best[2]


def _tangles(
    exits: list[int], rows: dict[tuple[int, int], int], order: tuple[int, ...]
) -> tuple[int, int]:
    """How many wires to a trunk share a row with another wire, and how many cross."""
    shared = crossed = 0
    senders = range(len(exits))
    spans = []
    for j in senders:
        own = [exits[j], *(row for (_, k), row in rows.items() if k == j)]
        spans.append((min(own), max(own)))
    for j, ((_, k), row) in product(senders, rows.items()):
        if k != j and row == exits[j] and order[k] < order[j]:
            shared += 1
        if k != j and order[k] < order[j] and spans[j][0] <= row <= spans[j][1]:
            crossed += 1
    for j, k in product(senders, senders):
        if order[k] < order[j] and spans[k][0] <= exits[j] <= spans[k][1]:
            crossed += 1
    return shared, crossed
