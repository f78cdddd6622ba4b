"""The largest curvature of the loss, in the directions that an optimiser moves in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.inside import Inside
    from engine.training.loop import TrainingRun

CURVATURE_SAMPLES = 192
"""How many samples it is measured on; each product costs about two passes back and forth."""
FIRST_ITERATIONS, ITERATIONS = 6, 3
"""Products with the Hessian: first of the gradient, later of it and the direction found last.
Three find 75 to 100 percent of the largest curvature, mostly over 90."""

NOTHING = 1e-6
"""What is left of a direction outside those known, as a share of it, where only rounding is left.
"""


class Curvature:
    """Remembers the direction found last, so that the next measurement is cheap."""

    def __init__(self, run: TrainingRun, inside: Inside) -> None:
        self._run = run
        self._inside = inside
        self._direction: list[Tensor] | None = None

    def measure(self) -> tuple[float | None, float]:
        """The largest curvature, and the largest product with the rate at which steps shrink.

        Lanczos' method on products of the Hessian with a direction (Pearlmutter, 1994): the largest
        curvature within the directions that they span. A power iteration would need far more of
        them, and near a saddle it finds none: there, as steep a way leads down as up. RMSProp and
        Adam divide every gradient by its usual size, so their curvature is that of the loss in the
        numbers so scaled (Cohen et al., 2022).
        """
        import torch

        seen = self._inside.forward(min(CURVATURE_SAMPLES, self._inside.samples))
        flat = [parameter for layer in seen.layers for parameter in layer]
        grads = torch.autograd.grad(seen.loss, flat, create_graph=True)
        scale, limit = self._scale(flat)
        vector, iterations = [grad.detach() for grad in grads], FIRST_ITERATIONS
        if scale:
            vector = [v / s for v, s in zip(vector, scale, strict=True)]
        if self._direction is not None:
            pairs = zip(_normed(vector), _normed(self._direction), strict=True)
            vector, iterations = [one + other for one, other in pairs], ITERATIONS

        def product(vector: Sequence[Tensor]) -> list[Tensor]:
            scaled = [v / s for v, s in zip(vector, scale, strict=True)] if scale else vector
            # The gradient of Σ (g * v).sum(), without computing that sum.
            found = torch.autograd.grad(grads, flat, scaled, retain_graph=True)
            return [p / s for p, s in zip(found, scale, strict=True)] if scale else list(found)

        found, self._direction = _largest(product, vector, iterations)
        return found, limit

    def _scale(self, flat: Sequence[Tensor]) -> tuple[list[Tensor], float]:
        """√ of what the optimiser divides gradients by, and the limit of rate times curvature."""
        run = self._run
        optimiser = str(run.settings.get("optimizer", "sgd"))
        if optimiser == "momentum":
            return [], 2 * (1 + 0.9)
        if optimiser == "sgd":
            return [], 2.0
        if optimiser not in ("rmsprop", "adam"):  # of a rule of one's own, no limit is known
            return [], math.inf
        # With a running mean of gradients, 2 · (1 + 0.9) / (1 − 0.9).
        limit = 38.0 if optimiser == "adam" else 2.0
        state = run.task.optimiser_state()
        squares = [
            value
            for name in run.task.parameters
            for key, value in state.tensors.items()
            if key in (f"square/{name}", f"exp_avg_sq/{name}", f"square_avg/{name}")
        ]
        if len(squares) != len(flat) or run.step == 0:
            return [], math.inf
        # A version with nn.Linear may be looked into with its weights transposed.
        squares = [s if s.shape == p.shape else s.t() for s, p in zip(squares, flat, strict=True)]
        correction = 1 - 0.999**run.step if optimiser == "adam" else 1.0
        return [((s / correction).sqrt() + 1e-8).sqrt() for s in squares], limit


def _largest(
    product: Callable[[Sequence[Tensor]], list[Tensor]], start: list[Tensor], iterations: int
) -> tuple[float | None, list[Tensor] | None]:
    """The largest curvature in the span of `start` and its products, and where to go on from.

    Both are None where a number is not finite, or `start` has no length.
    """
    basis: list[list[Tensor]] = []
    products: list[list[Tensor]] = []
    vector, whole = start, _length(start)
    for _again in range(iterations):
        for one in basis * 2:  # twice, since rounding leaves something of them
            part = _dot(one, vector)
            vector = [v - part * o for v, o in zip(vector, one, strict=True)]
        length = _length(vector)
        if not math.isfinite(length):
            return None, None
        if length <= NOTHING * whole or not length:
            break
        basis.append([part / length for part in vector])
        vector = product(basis[-1])
        products.append(vector)
        whole = _length(vector)
    if not basis:
        return None, None
    table = np.array([[_dot(one, two) for two in products] for one in basis])
    if not np.isfinite(table).all():
        return None, None
    values, mixes = np.linalg.eigh((table + table.T) / 2)
    mix, largest = mixes[:, -1].tolist(), float(values[-1])
    # One more product, of known ones; moved so that the steepest way up is what grows most.
    shift = float(np.abs(values).max())
    further = [
        sum(m * (two + shift * one) for m, one, two in zip(mix, ones, twos, strict=True))
        for ones, twos in zip(zip(*basis, strict=True), zip(*products, strict=True), strict=True)
    ]
    return largest, further


def _dot(one: Sequence[Tensor], other: Sequence[Tensor]) -> float:
    return sum(float((a * b).sum()) for a, b in zip(one, other, strict=True))


def _normed(vector: Sequence[Tensor]) -> list[Tensor]:
    length = _length(vector)
    return [part / length if length > 0 else part for part in vector]


def _length(vector: Sequence[Tensor]) -> float:
    return math.sqrt(sum(float(part.square().sum()) for part in vector))
