"""The worked network, and every other small network that can take its place.

A `Problem` is everything that one round of learning needs: the network, one input with its
target, the learning rate and how the biases are treated.
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
from engine.language import _, plural
from engine.naming import Names
from engine.network import BiasMode, DenseNetwork, train
from engine.trace import Trace
from engine.trace_writer import write_trace

Row: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Row, ...]
_T = TypeVar("_T")

MAX_PARAMETERS = 10_000
"""Every operation is written out: the result must stay readable and fit in memory."""
MOST_UPDATES = 1_000_000
"""Updates before a round: about a minute. Nothing is shown until they have been made."""


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
            functions = plural(
                "{count} activation function",
                "{count} activation functions",
                len(self.activations),
            )
            after = plural("{count} layer after the input", "{count} layers after the input", steps)
            raise UserError(
                _(
                    "The number of activation functions does not match: {functions} for {layers}. "
                    "Give one for all layers, or one for each."
                ).format(functions=functions, layers=after)
            )
        for name in self.activations:
            activation(name)
        _check_row("x", self.x, self.layers[0], _("one per input"))
        _check_row("target", self.target, self.layers[-1], _("one per output"))
        _check_count("W", len(self.W), steps)
        _check_count("b", len(self.b), steps)
        for layer in range(steps):
            self._check_weights(layer)
            is_shared = self.bias_mode is BiasMode.SHARED
            biases = 1 if is_shared else self.layers[layer + 1]
            per = _("one for the whole layer") if is_shared else _("one per unit")
            _check_row(bias_place(layer), self.b[layer], biases, per)
        if not math.isfinite(self.lr) or self.lr < 0:
            raise UserError(
                _("The learning rate {rate} cannot be used. Give 0 or a positive number.").format(
                    rate=f"{self.lr:g}"
                )
            )

    def _check_weights(self, layer: int) -> None:
        rows, columns = self.layers[layer + 1], self.layers[layer]
        matrix = self.W[layer]
        if len(matrix) != rows or any(len(row) != columns for row in matrix):
            raise UserError(
                _(
                    "{name} needs {rows} of {numbers}: one row per unit of the layer, one number "
                    "per unit of the layer before it."
                ).format(
                    name=weight_place(layer),
                    rows=plural("{count} row", "{count} rows", rows),
                    numbers=plural("{count} number", "{count} numbers", columns),
                )
            )
        for row in matrix:
            _check_finite(weight_place(layer), row)

    @property
    def names(self) -> Names:
        """The names of its numbers."""
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
                    _(
                        "With these values, {symbol} is too large for a 64-bit number. Make the "
                        "inputs, the weights, the targets or the learning rate smaller."
                    ).format(symbol=operation.symbol)
                )
        return trace

    def after(self, updates: int) -> Problem:
        """The problem after `updates` updates; raises UserError where they diverge or never end."""
        if updates < 0:
            raise UserError(
                _(
                    "The number of updates cannot be {updates}. Give 0 or a positive whole number."
                ).format(updates=updates)
            )
        if updates > MOST_UPDATES:
            bounds = _("Give a value from {minimum} to {maximum}.")
            raise UserError(
                _("{value} is out of bounds for the setting “{label}”. {bounds}").format(
                    value=updates,
                    label="updates",
                    bounds=bounds.format(minimum=0, maximum=MOST_UPDATES),
                )
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

        When biases become shared, each layer takes the mean of its units' biases. When they are no
        longer shared, each unit takes a copy of the layer's bias.
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
        raise UserError(
            _("This network has no number called {symbol}.").format(symbol=repr(symbol))
        )


def worked_example(bias_mode: BiasMode = BiasMode.PER_UNIT) -> Problem:
    """The 2-2-2 sigmoid network whose rounds are worked out by hand."""
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
    """A network of any widths with short random numbers; the same seed gives the same numbers.

    Weights lie between −1 and 1, biases between −0.5 and 0.5, inputs and targets between 0.05
    and 0.95, all with two decimals. A single activation name applies to all layers.
    """
    check_layers(layers)
    generator = np.random.default_rng(seed)

    def draw(low: float, high: float, rows: int, columns: int) -> Matrix:
        # Adding 0 turns −0.0 into 0.0.
        return matrix_of(generator.uniform(low, high, (rows, columns)).round(2) + 0.0)

    pairs = list(itertools.pairwise(layers))
    W = tuple(draw(-1, 1, fan_out, fan_in) for fan_in, fan_out in pairs)
    shared = bias_mode is BiasMode.SHARED
    b = tuple(draw(-0.5, 0.5, 1, 1 if shared else units)[0] for units in layers[1:])
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
    """One activation name per layer, for `layers` layers; a single name applies to all."""
    return tuple(names) * layers if len(names) == 1 else tuple(names)


def check_layers(layers: Sequence[int]) -> None:
    """Raises UserError where a network of these widths cannot be written out."""
    if len(layers) < 2 or min(layers) < 1:
        raise UserError(
            _(
                "A network needs at least an input and an output layer, each of at least one unit, "
                "as in 2,2,2."
            )
        )
    pairs = itertools.pairwise(layers)
    parameters = sum(fan_in * fan_out + fan_out for fan_in, fan_out in pairs)
    if parameters > MAX_PARAMETERS:
        raise UserError(
            _(
                "A network with layers of {layers} units has {parameters} weights and biases, too "
                "many to write out. The limit is {limit}."
            ).format(layers=",".join(map(str, layers)), parameters=parameters, limit=MAX_PARAMETERS)
        )


def weight_place(layer: int) -> str:
    """How messages name the weights into layer `layer` + 1."""
    return _("W (layer {number})").format(number=layer + 1)


def bias_place(layer: int) -> str:
    """How messages name the biases of layer `layer` + 1."""
    return _("b (layer {number})").format(number=layer + 1)


def row_of(values: Array) -> Row:
    """An array of one dimension as plain numbers."""
    return tuple(float(value) for value in values)


def matrix_of(values: Array) -> Matrix:
    """An array of two dimensions as plain numbers."""
    return tuple(row_of(row) for row in values)


def _check_count(name: str, given: int, steps: int) -> None:
    if given != steps:
        raise UserError(
            _(
                "{name} has {entries}, but this network needs {steps}: one for each layer after "
                "the input."
            ).format(
                name=name, entries=plural("{count} entry", "{count} entries", given), steps=steps
            )
        )


def _check_row(name: str, row: Row, needed: int, per: str) -> None:
    if len(row) != needed:
        raise UserError(
            _("{name} has {numbers}, but this network needs {needed}: {per}.").format(
                name=name,
                numbers=plural("{count} number", "{count} numbers", len(row)),
                needed=needed,
                per=per,
            )
        )
    _check_finite(name, row)


def _check_finite(name: str, row: Row) -> None:
    for value in row:
        if not math.isfinite(value):
            raise UserError(
                _("{name} contains {value}. Give a finite number instead.").format(
                    name=name, value=value
                )
            )


def _mean(row: Row) -> float:
    """The mean; for equal numbers exactly that number, without rounding."""
    return row[0] if len(set(row)) == 1 else math.fsum(row) / len(row)


def _put(items: tuple[_T, ...], i: int, item: _T) -> tuple[_T, ...]:
    return (*items[:i], item, *items[i + 1 :])
