"""The network of the playground: forward and backward by hand, in float64.

All parameters lie in one flat array, so that an optimiser and a history need not know the layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.activations import activation
from engine.playground.features import Array
from engine.playground.settings import EQUAL, RANDOM, Settings

SAME = 0.5
"""Every first weight of `start=equal`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which part of the flat array is which weight."""

    widths: tuple[int, ...]
    """Units from the features to the one output."""

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return sum(ins * outs + outs for ins, outs in pairwise(self.widths))

    def layers(self, flat: Array) -> list[tuple[Array, Array]]:
        """(weights (out, in), biases (out,)) of every layer, as views of `flat`."""
        found, at = [], 0
        for ins, outs in pairwise(self.widths):
            end = at + ins * outs
            found.append((flat[at:end].reshape(outs, ins), flat[end : end + outs]))
            at = end + outs
        return found

    def places(self, layer: int, unit: int) -> tuple[list[int], int]:
        """Where the weights of a unit and its bias lie; layer 0 is the first that has weights."""
        pairs = [*pairwise(self.widths)]
        at = sum(ins * outs + outs for ins, outs in pairs[:layer])
        ins, outs = pairs[layer]
        return [*range(at + unit * ins, at + (unit + 1) * ins)], at + ins * outs + unit

    def is_weight(self) -> Array:
        """1 for a weight, 0 for a bias: penalties spare biases."""
        mask = np.ones(self.count)
        for _weights, biases in self.layers(mask):
            biases[:] = 0
        return mask


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """What the units gave on the way forward; each array (n, units)."""

    inputs: Array
    z: tuple[Array, ...]
    a: tuple[Array, ...]
    """After the activation; of the last layer the same as `z`."""

    @property
    def output(self) -> Array:
        """(n,): the logit of class 1, or the number predicted."""
        return self.z[-1][:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """A loss and its gradient."""

    loss: float
    """With penalties."""
    gradient: Array
    """Of the flat parameters."""
    deltas: tuple[Array, ...]
    """∂(mean loss)/∂z of every layer: (n, units)."""


class Model:
    """A network of a shape; holds no parameters."""

    def __init__(self, settings: Settings, is_regression: bool) -> None:
        self.settings = settings
        self.is_regression = is_regression
        self.shape = Shape((len(settings.features), *settings.layers, 1))
        self._f = activation(settings.activation)
        self._mask = self.shape.is_weight()
        self._product = np.matmul if settings.start == RANDOM else _product

    def first(self) -> Array:
        """The first parameters: biases 0, and the weights that `start` asks for.

        Random weights are drawn by the seed and have the spread 1/√inputs. Coordinates spread by
        about ½, so the first weights are twice as large.
        """
        seeds = np.random.SeedSequence([self.settings.seed, 3])
        random = np.random.Generator(np.random.PCG64(seeds))
        flat = np.zeros(self.shape.count)
        if self.settings.start != RANDOM:
            return SAME * self._mask if self.settings.start == EQUAL else flat
        gain = 1.4 if self._f.has_kink else 1.0
        for number, (weights, _biases) in enumerate(self.shape.layers(flat)):
            spread = (1 if number else 2) * gain / np.sqrt(weights.shape[1])
            weights[:] = random.normal(0, spread, weights.shape)
        return flat

    def forward(self, flat: Array, inputs: Array) -> Passed:
        """Everything from the features (n, k) to the output."""
        layers = self.shape.layers(flat)
        zs, outs, out = [], [], inputs
        for number, (weights, biases) in enumerate(layers, 1):
            z = self._product(out, weights.T) + biases
            out = z if number == len(layers) else self._f.value(z)
            zs.append(z)
            outs.append(out)
        return Passed(inputs, tuple(zs), tuple(outs))

    def losses(self, output: Array, y: Array) -> Array:
        """The loss of each sample: ½(o − y)², or the cross-entropy of the probability σ(o)."""
        if self.is_regression:
            return np.asarray((output - y) ** 2 / 2)
        return np.asarray(np.maximum(output, 0) - output * y + np.log1p(np.exp(-np.abs(output))))

    def penalty(self, flat: Array) -> float:
        """What large weights cost: l1 · Σ|w| + l2/2 · Σw²."""
        weights = flat * self._mask
        both = self.settings.l1 * np.abs(weights).sum() + self.settings.l2 / 2 * (weights**2).sum()
        return float(both)

    def loss(self, flat: Array, inputs: Array, y: Array) -> float:
        """The mean loss with penalties."""
        output = self.forward(flat, inputs).output
        return float(self.losses(output, y).mean()) + self.penalty(flat)

    def backward(self, flat: Array, inputs: Array, y: Array) -> Backward:
        """The loss and its gradient, by the formulas of the lessons."""
        passed = self.forward(flat, inputs)
        layers, count = self.shape.layers(flat), len(y)
        gradient = np.empty_like(flat)
        views = self.shape.layers(gradient)
        predicted = passed.output if self.is_regression else sigmoid(passed.output)
        delta = ((predicted - y) / count)[:, None]
        deltas = [delta]
        for number in range(len(layers) - 1, -1, -1):
            below = passed.a[number - 1] if number else inputs
            weights, biases = views[number]
            weights[:] = self._product(delta.T, below)
            biases[:] = delta.sum(axis=0)
            if number:
                slope = self._f.derivative(passed.z[number - 1])
                delta = self._product(delta, layers[number][0]) * slope
                deltas.insert(0, delta)
        l1, l2 = self.settings.l1, self.settings.l2
        if l1 or l2:
            gradient += self._mask * (l1 * np.sign(flat) + l2 * flat)
        loss = float(self.losses(passed.output, y).mean()) + self.penalty(flat)
        return Backward(loss, gradient, tuple(deltas))

    def slopes(self, z: Sequence[Array]) -> list[Array]:
        """f′(z) of every hidden layer."""
        return [self._f.derivative(each) for each in z[:-1]]

    def shown(self, output: Array) -> Array:
        """The output from −1 to 1: 2p − 1 of a class, the number itself in a regression."""
        return output if self.is_regression else 2 * sigmoid(output) - 1


def _product(left: Array, right: Array) -> Array:
    """left @ right, so that equal columns or rows give equal numbers, to the last bit.

    BLAS may add up the numbers of neighbouring units in another order. Units that should stay alike
    would then drift apart.
    """
    return np.asarray((left[:, :, None] * right[None, :, :]).sum(axis=1))


def sigmoid(z: Array) -> Array:
    """1/(1 + e⁻ᶻ) without overflow."""
    decay = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, decay) / (1.0 + decay))
