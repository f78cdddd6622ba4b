"""The largest curvature of the loss, in the directions that an optimiser moves in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from engine.training.inside import Inside
    from engine.training.loop import TrainingRun

CURVATURE_SAMPLES = 256
"""How many samples it is measured on; each iteration costs about two passes back and forth."""
FIRST_ITERATIONS, ITERATIONS = 6, 2
"""Of the power iteration. It begins with the gradient, and later with the direction found last."""


class Curvature:
    """Remembers the direction found last, so that the next measurement is cheap."""

    def __init__(self, run: TrainingRun, inside: Inside) -> None:
        self._run = run
        self._inside = inside
        self._direction: list[Tensor] | None = None

    def measure(self) -> tuple[float | None, float]:
        """The largest curvature, and the largest product with the rate at which steps shrink.

        Power iteration on products of the Hessian with a direction (Pearlmutter, 1994). RMSProp and
        Adam divide every gradient by its usual size, so their curvature is that of the loss in the
        numbers so scaled (Cohen et al., 2022).
        """
        import torch

        seen = self._inside.forward(min(CURVATURE_SAMPLES, self._inside.samples))
        flat = [parameter for layer in seen.layers for parameter in layer]
        grads = torch.autograd.grad(seen.loss, flat, create_graph=True)
        scale, limit = self._scale(flat)
        if self._direction is None:
            vector = [grad.detach() for grad in grads]
            iterations = FIRST_ITERATIONS
        else:
            vector, iterations = self._direction, ITERATIONS
        found = 0.0
        for _again in range(iterations):
            length = _length(vector)
            if not (math.isfinite(length) and length > 0):
                self._direction = None
                return None, limit
            vector = [part / length for part in vector]
            scaled = [v / s for v, s in zip(vector, scale, strict=True)] if scale else vector
            inner = sum((g * v).sum() for g, v in zip(grads, scaled, strict=True))
            assert isinstance(inner, torch.Tensor)
            products = torch.autograd.grad(inner, flat, retain_graph=True)
            if scale:
                products = tuple(p / s for p, s in zip(products, scale, strict=True))
            found = float(sum((v * p).sum() for v, p in zip(vector, products, strict=True)))
            vector = [product.detach() for product in products]
        self._direction = vector
        return (found if math.isfinite(found) else None), limit

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


def _length(vector: list[Tensor]) -> float:
    return math.sqrt(sum(float(part.square().sum()) for part in vector))
