"""A small dense network in float64 NumPy, with every step of back-propagation written out.

For layer l (0 is the input): z^{l+1} = W^l a^l + b^l and a^{l+1} = f(z^{l+1}), where W^l has
one row per receiving unit, as the weight of torch's nn.Linear. Loss E = Σ ½ (a − target)².
Backward (Rumelhart, Hinton and Williams 1986): δ at the output is (a − target) ⊙ f'(z), below it
δ^l = ((W^l)^T δ^{l+1}) ⊙ f'(z^l); ∂E/∂W^l = δ^{l+1} (a^l)^T and ∂E/∂b^l = δ^{l+1}.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.activations import Activation, Array
from engine.errors import UserError
from engine.language import _
from engine.losses import HalfSquaredError

LOSS = HalfSquaredError()
"""The loss of every dense network here."""


class BiasMode(StrEnum):
    """What an update does with the biases."""

    FROZEN = "frozen"
    """One bias per unit; updates leave them as they are. Their gradients are still computed."""
    PER_UNIT = "per-unit"
    """One bias per unit, updated like a weight."""
    SHARED = "shared"
    """One bias per layer, used by all its units; its gradient is the sum of their deltas."""


def _frozen(values: Array) -> Array:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class ForwardPass:
    """What each unit computed."""

    z: tuple[Array, ...]
    """Weighted inputs, one array per layer after the input."""
    a: tuple[Array, ...]
    """Outputs, one array per layer, the input x first: one longer than `z`."""

    @property
    def output(self) -> Array:
        """The outputs of the last layer."""
        return self.a[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """∂E/∂W and ∂E/∂b, each shaped like the parameter it belongs to."""

    W: tuple[Array, ...]
    b: tuple[Array, ...]

    def flat(self) -> Array:
        """All of them as one vector: W and b of the first layer, then of the next."""
        pairs = zip(self.W, self.b, strict=True)
        return np.concatenate([part.ravel() for pair in pairs for part in pair])


@dataclass(frozen=True, slots=True, eq=False)
class BackwardPass:
    """How the loss changes with the input of each unit, and with each parameter."""

    slopes: tuple[Array, ...]
    """f'(z), one array per layer after the input."""
    blames: tuple[Array, ...]
    """∂E/∂a, one array per layer after the input."""
    deltas: tuple[Array, ...]
    """δ = ∂E/∂z, one array per layer after the input."""
    gradients: Gradients


@dataclass(frozen=True, slots=True, eq=False)
class DenseNetwork:
    """Weights, biases and activations of a network of any widths; it never changes in place.

    `W[l]` has shape (S_{l+1}, S_l). `b[l]` has shape (S_{l+1},), or (1,) where the bias mode is
    shared. `activations[l]` belongs to layer l + 1. Raises ValueError where shapes do not fit.
    """

    W: tuple[Array, ...]
    b: tuple[Array, ...]
    activations: tuple[Activation, ...]
    bias_mode: BiasMode = BiasMode.PER_UNIT

    def __post_init__(self) -> None:
        if not len(self.W) == len(self.b) == len(self.activations) > 0:
            raise ValueError("W, b and activations need one entry for each layer after the input")
        object.__setattr__(self, "W", tuple(_frozen(W) for W in self.W))
        object.__setattr__(self, "b", tuple(_frozen(b) for b in self.b))
        widths = self.widths
        for layer, (W, b) in enumerate(zip(self.W, self.b, strict=True)):
            biases = 1 if self.bias_mode is BiasMode.SHARED else W.shape[0]
            if W.ndim != 2 or W.shape[1] != widths[layer] or b.shape != (biases,):
                raise ValueError(f"layer {layer}: W {W.shape} and b {b.shape} do not fit")

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of every layer, the input first."""
        return (self.W[0].shape[1], *(W.shape[0] for W in self.W))

    def forward(self, x: Sequence[float] | Array) -> ForwardPass:
        """Run the input `x` of shape (S_0,) through all layers."""
        a = [_frozen(np.asarray(x, dtype=np.float64))]
        z: list[Array] = []
        with np.errstate(over="ignore", invalid="ignore"):
            for W, b, f in zip(self.W, self.b, self.activations, strict=True):
                z.append(W @ a[-1] + b)
                a.append(f.value(z[-1]))
        return ForwardPass(tuple(z), tuple(a))

    def loss(self, x: Sequence[float] | Array, target: Sequence[float] | Array) -> float:
        """E for the input `x` and the target, shape (S_last,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return LOSS.value(self.forward(x).output, np.asarray(target, dtype=np.float64))

    def backward(self, passed: ForwardPass, target: Sequence[float] | Array) -> BackwardPass:
        """Deltas and gradients after a forward pass, from the last layer to the first."""
        with np.errstate(over="ignore", invalid="ignore"):
            blames = [LOSS.derivative(passed.output, np.asarray(target, dtype=np.float64))]
            slopes = [f.derivative(z) for f, z in zip(self.activations, passed.z, strict=True)]
            deltas = [blames[0] * slopes[-1]]
            for W, slope in zip(self.W[:0:-1], slopes[-2::-1], strict=True):
                blames.insert(0, W.T @ deltas[0])
                deltas.insert(0, blames[0] * slope)
            gradients = self.gradients(passed, deltas)
        return BackwardPass(tuple(slopes), tuple(blames), tuple(deltas), gradients)

    def gradients(self, passed: ForwardPass, deltas: Sequence[Array]) -> Gradients:
        """∂E/∂W = δ a^T and ∂E/∂b = δ, summed over the units of a layer that share one bias."""
        shared = self.bias_mode is BiasMode.SHARED
        return Gradients(
            tuple(np.outer(d, a) for d, a in zip(deltas, passed.a[:-1], strict=True)),
            tuple(np.array([d.sum()]) if shared else d for d in deltas),
        )

    def updated(self, gradients: Gradients, lr: float) -> DenseNetwork:
        """The network after one step of gradient descent; frozen biases stay as they are."""
        with np.errstate(over="ignore", invalid="ignore"):
            W = tuple(W - lr * g for W, g in zip(self.W, gradients.W, strict=True))
            b = self.b
            if self.bias_mode is not BiasMode.FROZEN:
                b = tuple(b - lr * g for b, g in zip(self.b, gradients.b, strict=True))
        return DenseNetwork(W, b, self.activations, self.bias_mode)

    def is_finite(self) -> bool:
        """Whether every parameter is finite."""
        return all(bool(np.isfinite(part).all()) for part in (*self.W, *self.b))


def train(
    network: DenseNetwork,
    x: Sequence[float] | Array,
    target: Sequence[float] | Array,
    lr: float,
    updates: int,
) -> DenseNetwork:
    """The network after `updates` steps, each with all gradients from the old weights.

    Raises UserError, with the number of the update, where a parameter overflows float64.
    """
    for number in range(1, updates + 1):
        passed = network.forward(x)
        network = network.updated(network.backward(passed, target).gradients, lr)
        if not network.is_finite():
            raise UserError(
                _(
                    "Update {number} made a parameter too large for a 64-bit number. The learning "
                    "rate {rate} is too large for this network: try a smaller one."
                ).format(number=number, rate=f"{lr:g}")
            )
    return network
