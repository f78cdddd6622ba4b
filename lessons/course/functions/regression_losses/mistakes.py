"""The faulty and the repaired programs of `functions/regression-losses`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.functions.regression_losses.facts import (
    HUBER_AGREES,
    HUBER_JUMPS,
    HUBER_OUTSIDE,
)
from lessons.course.parts import Array
from lessons.judge.evidence import (
    Curve,
    Evidence,
    Fact,
    Measure,
    MistakeValues,
    Program,
    numbers,
)


def faulty_huber(error: Array, delta: float) -> Array:
    """The Huber loss: a parabola inside, straight outside."""
    size = np.abs(error)
    parabola = 0.5 * size**2 / delta
    line = delta * (size - 0.5 * delta)
    return np.where(size <= delta, parabola, line)


def huber(error: Array, delta: float) -> Array:
    """The Huber loss: a parabola inside, straight outside."""
    size = np.abs(error)
    parabola = 0.5 * size**2
    line = delta * (size - 0.5 * delta)
    return np.where(size <= delta, parabola, line)


def _huber(run: Program) -> Evidence:
    import torch

    delta = HUBER_JUMPS
    error = np.linspace(-4.0, 4.0, 81)
    values = run(error, delta)
    right = torch.nn.functional.huber_loss(
        torch.tensor(error), torch.zeros(81), reduction="none", delta=delta
    ).numpy()
    just = run(np.array([1.0, delta - 1e-6, delta + 1e-6, HUBER_OUTSIDE]), delta)
    facts = (
        Fact("at the error 1", numbers(just[:1])),
        Fact(f"just inside {delta:g}, just outside", numbers(just[1:3], 4)),
        Fact(f"at the error {HUBER_OUTSIDE:g}", numbers(just[3:])),
        Fact(f"with δ = {HUBER_AGREES:g}, farthest", numbers([_huber_gap(run)], 2)),
    )
    measure = Measure(
        "farthest from PyTorch's huber_loss", float(np.abs(values - right).max()), 1e-9
    )
    curve = Curve(tuple(error), tuple(float(value) for value in values), "error", "loss")
    return Evidence(measure, facts, curve)


def _huber_gap(run: Program) -> float:
    """How far the program is from PyTorch's Huber loss where both parts fit."""
    import torch

    error = np.linspace(-4.0, 4.0, 81)
    right = torch.nn.functional.huber_loss(
        torch.tensor(error), torch.zeros(81), reduction="none", delta=HUBER_AGREES
    )
    return float(np.abs(run(error, HUBER_AGREES) - right.numpy()).max())


MISTAKES: Mapping[str, MistakeValues] = {
    "smoothl1-is-huber": MistakeValues("huber", _huber),
}
