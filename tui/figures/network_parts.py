"""What a drawn network shows: its units, their numbers, its edges, and what moves through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from engine.naming import Names
from tui.page.lines import Ink


class Pulse(StrEnum):
    """What moves through a part of the network now."""

    NONE = "none"
    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"


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
