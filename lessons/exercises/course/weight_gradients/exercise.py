"""From deltas to gradients: solution, slips, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessons.exercises.exercise import Case, call
from lessons.exercises.gradients import GradientCase, entries

FUNCTIONS = ("gradients",)


def gradients(delta: Any, a: Any) -> Any:
    """The gradients of the mean loss on the weights (out x in) and on the biases (out)."""
    n = len(delta)
    return delta.T @ a / n, delta.sum(axis=0) / n


SLIPS: Mapping[str, Mapping[str, Any]] = {
    "transposed": {"gradients": lambda d, a: (a.T @ d / len(d), d.mean(axis=0))},
    "not-averaged": {"gradients": lambda d, a: (d.T @ a, d.sum(axis=0))},
    "wrong-axis": {"gradients": lambda d, a: (d.T @ a / len(d), d.sum(axis=1) / len(d))},
    "bias-not-averaged": {"gradients": lambda d, a: (d.T @ a / len(d), d.sum(axis=0))},
    "weights-not-averaged": {"gradients": lambda d, a: (d.T @ a, d.mean(axis=0))},
}


FORMS = [
    ("wrong-axis", {"gradients": lambda d, a: (d.T @ a / len(d), d.mean(axis=1))}),
]


_DELTA = np.array([[0.5, -1.0], [0.25, 2.0], [-0.75, 1.5]])
_A = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25]])


def _loss(x: Any) -> Any:
    """A mean loss whose deltas are those given: each sample adds delta times its sums."""
    import torch

    z = torch.tensor(_A) @ x[:4].reshape(2, 2).T + x[4:]
    return (torch.tensor(_DELTA) * z).sum() / len(_A)


GRADIENTS = (
    GradientCase(
        (*entries("dW", 2, 2), *entries("db", 2)),
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
        _loss,
        lambda n: n["gradients"](_DELTA.copy(), _A.copy()),
    ),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Several shapes; in one of them samples and units are as many."""
    yield call("gradients", np.array([[1.0], [3.0]]), np.array([[2.0], [4.0]]))
    for samples, outputs, inputs in ((2, 1, 1), (3, 3, 3), (5, 2, 4)):
        yield call(
            "gradients", rng.normal(size=(samples, outputs)), rng.normal(size=(samples, inputs))
        )
