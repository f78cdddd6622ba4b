"""Back-propagation of a small network as an ordered list of named operations.

`engine.trace_writer.write_trace` writes one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from engine.activations import Array
from engine.naming import Names
from engine.network import BackwardPass, DenseNetwork, ForwardPass

Unit: TypeAlias = tuple[int, int]
"""(layer, index in the layer), both from 0; layer 0 is the input."""
Edge: TypeAlias = tuple[int, int, int]
"""(l, i, j): the weight `W[l][i, j]`, from unit j of layer l into unit i of layer l + 1."""


class Phase(StrEnum):
    """The four parts of one round."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the right side of a formula, with the number that stands in its place."""

    text: str
    """A symbol, or what stands between symbols: ` + `, `½·(`."""
    number: str
    """The number of a symbol, in brackets where the formula needs them; else the same text."""
    is_symbol: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the computation."""

    phase: Phase
    symbol: str
    """What is computed: `z_h1`, `δ_o1`, `∂E/∂w5`, `w5⁺`."""
    formula: str
    """As plain text, the symbol first: `z_h1 = w1·x1 + w2·x2 + b_h1`."""
    latex: str
    """The same formula in LaTeX, for the maths renderer."""
    substitution: str
    """The formula with numbers in place of names, the symbol first."""
    value: float
    depends_on: tuple[str, ...]
    """Symbols of earlier operations, inputs, weights, biases or targets."""
    unit: Unit | None
    """The unit that this number belongs to; None for the whole loss and for weights."""
    edges: tuple[Edge, ...] = ()
    """The weights that this operation uses, or whose gradient or new value it is."""
    parts: tuple[Part, ...] = ()
    """The right side of the formula piece by piece: side by side, the texts are the formula, and
    the numbers are the substitution."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One whole round: forward, loss, backward and update of one sample."""

    network: DenseNetwork
    x: Array
    target: Array
    lr: float
    names: Names
    forward: ForwardPass
    backward: BackwardPass
    loss_per_output: Array
    updated: DenseNetwork
    operations: tuple[Operation, ...]
    givens: dict[str, float]
    """Inputs, weights, biases, targets and η by their symbols."""

    @property
    def loss(self) -> float:
        """E, the sum over the outputs."""
        return float(self.loss_per_output.sum())

    def values(self) -> dict[str, float]:
        """Every number of the round by its symbol, the givens first."""
        return self.givens | {operation.symbol: operation.value for operation in self.operations}

    def with_operations(self, operations: tuple[Operation, ...]) -> Trace:
        """The same round with these operations."""
        return replace(self, operations=operations)
