"""The worked network and every other small network that can be put in its place.

A `Problem` is everything that one round of learning needs: the network, one input with its
target, the learning rate and what happens to the biases.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import numpy as np

from engine.activations import Array, activation
from engine.errors import UserError
from engine.naming import Names
from engine.network import BiasMode, DenseNetwork, train
from engine.trace import Trace
from engine.trace_writer import write_trace

Row: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Row, ...]
_T = TypeVar("_T")

MAX_PARAMETERS = 10_000
"""A network whose every operation is written out must stay readable, and fit in memory."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A network with one sample. Raises UserError where a number or a shape cannot be used.

    `W[l]` has one row per receiving unit, `b[l]` one number per unit, or a single one where
    `bias_mode` is shared.
    """

    layers: tuple[int, ...]
    """Units of every layer, the input first."""
    activations: tuple[str, ...]
    """One name for each layer after the input."""
    x: Row
    target: Row
    W: tuple[Matrix, ...]
    b: tuple[Row, ...]
    lr: float = 0.5
    bias_mode: BiasMode = BiasMode.PER_UNIT

    def __post_init__(self) -> None:
        check_layers(self.layers)
        steps = len(self.layers) - 1
        if len(self.activations) != steps:
            raise UserError(
                f"There are {len(self.activations)} activation functions for {steps} layers after "
                "the input. Give one for all of them, or one for each."
            )
        for name in self.activations:
            activation(name)
        _check_row("x", self.x, self.layers[0], "input")
        _check_row("target", self.target, self.layers[-1], "output")
        _check_count("W", len(self.W), steps)
        _check_count("b", len(self.b), steps)
        for layer in range(steps):
            self._check_weights(layer)
            per_layer = self.bias_mode is BiasMode.SHARED
            units = 1 if per_layer else self.layers[layer + 1]
            what = "bias that the layer shares" if per_layer else "receiving unit"
            _check_row(f"b, layer {layer + 1},", self.b[layer], units, what)
        if not math.isfinite(self.lr) or self.lr < 0:
            raise UserError(
                f"The learning rate {self.lr:g} cannot be used. Give a number from 0 upwards."
            )

    def _check_weights(self, layer: int) -> None:
        rows, columns = self.layers[layer + 1], self.layers[layer]
        matrix = self.W[layer]
        if len(matrix) != rows or any(len(row) != columns for row in matrix):
            raise UserError(
                f"W, layer {layer + 1}, needs {count(rows, 'row')} of {count(columns, 'number')}: "
                "one row per receiving unit, one number per unit before it."
            )
        for row in matrix:
            _check_row(f"W, layer {layer + 1},", row, columns, "unit")

    @property
    def names(self) -> Names:
        """What its numbers are called."""
        return Names(self.layers, self.bias_mode is BiasMode.SHARED)

    def network(self) -> DenseNetwork:
        """The network with the weights and biases as they stand."""
        return DenseNetwork(
            tuple(np.array(matrix, dtype=np.float64) for matrix in self.W),
            tuple(np.array(row, dtype=np.float64) for row in self.b),
            tuple(activation(name) for name in self.activations),
            self.bias_mode,
        )

    def trace(self) -> Trace:
        """One round, operation by operation; raises UserError where a number overflows."""
        trace = write_trace(self.network(), self.x, self.target, self.lr)
        for operation in trace.operations:
            if not math.isfinite(operation.value):
                raise UserError(
                    f"{operation.symbol} is too large for a computer's numbers with these values. "
                    "Make the inputs, the weights, the targets or the learning rate smaller."
                )
        return trace

    def after(self, updates: int) -> Problem:
        """The problem after so many updates; raises UserError where they diverge."""
        if updates < 0:
            raise UserError(
                f"{updates} updates cannot be made. Give a whole number from 0 upwards."
            )
        trained = train(self.network(), self.x, self.target, self.lr, updates)
        return self.with_network(trained)

    def with_network(self, network: DenseNetwork) -> Problem:
        """The same sample and settings with the weights and biases of `network`."""
        return replace(
            self,
            W=tuple(matrix_of(part) for part in network.W),
            b=tuple(row_of(part) for part in network.b),
        )

    def with_bias_mode(self, mode: BiasMode) -> Problem:
        """The same problem in another bias mode.

        Becoming shared, a layer takes the mean of its units' biases; leaving it, every unit
        takes a copy of the one number.
        """
        b = self.b
        if mode is BiasMode.SHARED:
            b = tuple((_mean(row),) for row in b)
        elif self.bias_mode is BiasMode.SHARED:
            b = tuple(row * units for row, units in zip(b, self.layers[1:], strict=True))
        return replace(self, b=b, bias_mode=mode)

    def with_value(self, symbol: str, value: float) -> Problem:
        """The same problem with one number changed; `symbol` is a key of `Trace.givens`."""
        names = self.names
        if symbol == "η":
            return replace(self, lr=value)
        for i in range(self.layers[0]):
            if names.unit(0, i) == symbol:
                return replace(self, x=_put(self.x, i, value))
        for i in range(self.layers[-1]):
            if names.target(i) == symbol:
                return replace(self, target=_put(self.target, i, value))
        for layer, matrix in enumerate(self.W):
            for i, row in enumerate(matrix):
                for j in range(len(row)):
                    if names.weight(layer, i, j) == symbol:
                        changed = _put(matrix, i, _put(row, j, value))
                        return replace(self, W=_put(self.W, layer, changed))
            for i in range(len(self.b[layer])):
                if names.bias(layer, i) == symbol:
                    return replace(self, b=_put(self.b, layer, _put(self.b[layer], i, value)))
        raise UserError(f"This network has no number called {symbol!r}.")


def worked_example(bias_mode: BiasMode = BiasMode.PER_UNIT) -> Problem:
    """The 2-2-2 sigmoid network whose rounds are worked by hand."""
    per_unit = Problem(
        layers=(2, 2, 2),
        activations=("sigmoid", "sigmoid"),
        x=(0.05, 0.10),
        target=(0.01, 0.99),
        W=(((0.15, 0.20), (0.25, 0.30)), ((0.40, 0.45), (0.50, 0.55))),
        b=((0.35, 0.35), (0.60, 0.60)),
    )
    return per_unit.with_bias_mode(bias_mode)


def drawn_problem(
    layers: Sequence[int],
    activations: Sequence[str] = ("sigmoid",),
    bias_mode: BiasMode = BiasMode.PER_UNIT,
    seed: int = 0,
) -> Problem:
    """A network of other widths with short random numbers: the same seed gives the same ones.

    Weights lie between −1 and 1, biases between −0.5 and 0.5, inputs and targets between 0.05
    and 0.95, all with two decimals. One activation name counts for all layers.
    """
    check_layers(layers)
    generator = np.random.default_rng(seed)

    def draw(low: float, high: float, rows: int, columns: int) -> Matrix:
        # Adding 0 turns −0.0 into 0.0.
        return matrix_of(generator.uniform(low, high, (rows, columns)).round(2) + 0.0)

    pairs = list(itertools.pairwise(layers))
    W = tuple(draw(-1, 1, fan_out, fan_in) for fan_in, fan_out in pairs)
    shared = bias_mode is BiasMode.SHARED
    b = tuple(draw(-0.5, 0.5, 1, 1 if shared else fan_out)[0] for _, fan_out in pairs)
    return Problem(
        layers=tuple(layers),
        activations=spread(activations, len(layers) - 1),
        x=draw(0.05, 0.95, 1, layers[0])[0],
        target=draw(0.05, 0.95, 1, layers[-1])[0],
        W=W,
        b=b,
        bias_mode=bias_mode,
    )


def spread(names: Sequence[str], layers: int) -> tuple[str, ...]:
    """One activation name for each of so many layers: a single name counts for all."""
    return tuple(names) * layers if len(names) == 1 else tuple(names)


def check_layers(layers: Sequence[int]) -> None:
    """Raises UserError where no network of these widths can be written out."""
    if len(layers) < 2 or min(layers) < 1:
        raise UserError(
            "A network needs at least an input and an output layer of at least one unit each, "
            "as in 2,2,2."
        )
    pairs = itertools.pairwise(layers)
    parameters = sum(fan_in * fan_out + fan_out for fan_in, fan_out in pairs)
    if parameters > MAX_PARAMETERS:
        raise UserError(
            f"A network of the widths {','.join(map(str, layers))} has {parameters} weights and "
            f"biases, too many to write out. The most is {MAX_PARAMETERS}."
        )


def count(number: int, noun: str) -> str:
    """`1 number`, `2 numbers`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def row_of(values: Array) -> Row:
    """An array of one dimension as plain numbers."""
    return tuple(float(value) for value in values)


def matrix_of(values: Array) -> Matrix:
    """An array of two dimensions as plain numbers."""
    return tuple(row_of(row) for row in values)


def _check_count(name: str, given: int, steps: int) -> None:
    if given != steps:
        raise UserError(
            f"{name} has {count(given, 'layer')}, and these layers need {steps}: one for each "
            "layer after the input."
        )


def _check_row(name: str, row: Row, units: int, what: str) -> None:
    if len(row) != units:
        raise UserError(
            f"{name} has {count(len(row), 'number')}, and this network needs {units}: "
            f"one per {what}."
        )
    for value in row:
        if not math.isfinite(value):
            raise UserError(
                f"{name} holds {value}, which cannot be computed with. Give an ordinary number."
            )


def _mean(row: Row) -> float:
    """The mean; of equal numbers exactly that number, without rounding."""
    return row[0] if len(set(row)) == 1 else math.fsum(row) / len(row)


def _put(items: tuple[_T, ...], i: int, item: _T) -> tuple[_T, ...]:
    return (*items[:i], item, *items[i + 1 :])
