"""Where the names and numbers of weights stand: on their edges, and clear of each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from tui.figures.network_lines import Cell, Line
from tui.page.lines import Ink

Labelled: TypeAlias = tuple[Line, tuple[str, ...], Ink]
"""An edge with the texts that may stand on it, the best first."""
Spot: TypeAlias = tuple[float, Cell]
"""Where a text may stand, and how far that is from the best."""
_SPOTS = tuple(step / 24 for step in range(2, 23))
"""Where along an edge a label may stand."""
_APART = 3
"""Cells between the words of two labels that stand in the same row, or in the next."""
_FEW = 4
"""Of so many texts the best arrangement is found; of more, one that is good."""
_LEFT_OUT = 100.0
"""What it costs not to show a text: more than the worst place for it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text on an edge."""

    x: int
    y: int
    text: str
    ink: Ink


def place_labels(edges: Sequence[Labelled]) -> list[Label]:
    """Labels on the edges between two layers, none at or over another.

    Either every edge gets its label, or only those on which something moves: a few labels among
    many edges without one would not say which edge they belong to.
    """
    # What moves changes with every step, and where labels stand does not.
    lines = tuple(replace(line, is_active=False, ink=Ink.QUIET) for line, _texts, _ink in edges)
    choices = max((len(texts) for _line, texts, _ink in edges), default=0)

    def placed(choice: int, *, moving: bool) -> list[Label]:
        shown = tuple(
            texts[choice] if choice < len(texts) and (line.is_active or not moving) else ""
            for line, texts, _ink in edges
        )
        found = zip(_arranged(lines, shown), shown, edges, strict=True)
        return [Label(*cell, text, ink) for cell, text, (_line, _texts, ink) in found if cell]

    for choice in range(choices):
        labels = placed(choice, moving=False)
        if len(labels) == len(edges):
            return labels
    return max((placed(choice, moving=True) for choice in range(choices)), key=len, default=[])


@lru_cache(maxsize=256)
def _arranged(lines: tuple[Line, ...], texts: tuple[str, ...]) -> tuple[Cell | None, ...]:
    """The first cell of each text on its line; None where it is empty or finds no room."""
    covered = [line.cells() for line in lines]
    labels = [
        _Choices(text.startswith(" "), len(text.strip()), _spots(index, lines, texts, covered))
        for index, text in enumerate(texts)
    ]
    wanted = [index for index, text in enumerate(texts) if text]
    middle = len(wanted) // 2
    orders = (wanted, wanted[::-1], wanted[middle:] + wanted[:middle])
    if len(wanted) <= _FEW:
        found = _best([labels[index] for index in wanted])
        places = dict(zip(wanted, found, strict=True))
    else:
        tries = [
            dict(zip(order, _one_by_one([labels[index] for index in order]), strict=True))
            for order in orders
        ]
        places = max(tries, key=lambda each: sum(cell is not None for cell in each.values()))
    return tuple(places.get(index) for index in range(len(texts)))


class _Choices(NamedTuple):
    """A text, and where it may stand."""

    lead: int
    """The blanks before its words; they are a distance, too."""
    words: int
    """The cells of its words."""
    spots: list[Spot]
    """The best first."""

    def touches(self, cell: Cell, other: _Choices, place: Cell) -> bool:
        """Whether both texts stand so close there that they read as one."""
        if not -1 <= cell[1] - place[1] <= 1:
            return False
        apart = cell[0] + self.lead - place[0] - other.lead
        return -self.words - _APART < apart < other.words + _APART


def _spots(
    index: int, lines: Sequence[Line], texts: Sequence[str], covered: Sequence[set[Cell]]
) -> list[Spot]:
    """Where a text may stand on its line; `covered` are the cells of every line."""
    line, text = lines[index], texts[index]
    if not text:
        return []
    others = [other for other in range(len(lines)) if other != index]
    crossed = set().union(*(covered[other] for other in others))
    named_too = set().union(*(covered[other] for other in others if texts[other]))
    low, high = line.x0 // 2 + 1, line.x1 // 2 - len(text)
    found: dict[Cell, float] = {}
    for share in _SPOTS if low <= high else ():
        middle, y = line.at(share)
        # In the middle of its line if there is room, else still on it.
        x = min(max(middle - len(text) // 2, low), high)
        # Where two lines with texts meet, nobody knows whose text it is.
        if not x <= middle < x + len(text) or (middle, y) in named_too:
            continue
        cost: float = sum((x + offset, y) in crossed for offset in range(len(text)))
        cost += 4 * abs(share - 0.5) + abs(x + len(text) // 2 - middle) / 4
        found[x, y] = min(cost, found.get((x, y), cost))
    return sorted((cost, cell) for cell, cost in found.items())


def _best(labels: Sequence[_Choices]) -> list[Cell | None]:
    """The arrangement in which most texts stand, at the best places."""
    least = [min((cost for cost, _cell in each.spots), default=_LEFT_OUT) for each in labels]
    best: tuple[float, list[Cell | None]] = (math.inf, [])

    def go_on(cost: float, places: list[Cell | None]) -> None:
        nonlocal best
        at = len(places)
        if cost + sum(least[at:]) >= best[0]:
            return
        if at == len(labels):
            best = (cost, places)
            return
        for more, cell in (*labels[at].spots, (_LEFT_OUT, None)):
            if cell is None or _is_free(labels, places, cell):
                go_on(cost + more, [*places, cell])

    go_on(0.0, [])
    return best[1]


def _one_by_one(labels: Sequence[_Choices]) -> list[Cell | None]:
    """Each text at the best place that those before it leave."""
    places: list[Cell | None] = []
    for label in labels:
        free = (cell for _cost, cell in label.spots if _is_free(labels, places, cell))
        places.append(next(free, None))
    return places


def _is_free(labels: Sequence[_Choices], places: Sequence[Cell | None], cell: Cell) -> bool:
    """Whether the next text may stand there, where those before it stand at `places`."""
    label = labels[len(places)]
    return not any(
        place is not None and label.touches(cell, other, place)
        for other, place in zip(labels, places, strict=False)
    )
