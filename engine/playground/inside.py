"""What diagnoses look at inside a run: units that do not learn, sizes of updates, curvature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.playground.features import Array
from engine.training.insight import Insight, LayerInsight

if TYPE_CHECKING:
    from engine.playground.run import Run

FLAT = 0.1
"""A slope below this share of the steepest is almost flat,"""
MOSTLY = 0.9
"""and a unit is saturated where it is so at this share of the samples."""
ITERATIONS = 8
"""Of the power iteration for the curvature."""
_H = 1e-4
_STEEPEST = {"tanh": 1.0, "sigmoid": 0.25}
"""The largest slope of the functions that saturate."""
_LIMITS = {"sgd": 2.0, "momentum": 2 * 1.9}
"""The largest product of rate and curvature at which steps do not grow."""


def look(run: Run, before: Array | None) -> Insight:
    """The inside of a run now; `before` are the parameters one step ago."""
    model, flat, y = run.model, run.state.flat, run.split.train.y
    with np.errstate(all="ignore"):
        passed = model.forward(flat, run.train_inputs)
        loss = float(model.losses(passed.output, y).mean())
        slopes = model.slopes(passed.z)
        layers = []
        for number, (weights, biases) in enumerate(model.shape.layers(flat)):
            ratio = None
            if before is not None:
                old = model.shape.layers(before)[number][0]
                length = float(np.linalg.norm(old))
                ratio = float(np.linalg.norm(weights - old)) / length if length > 0 else None
            if number == len(slopes):
                layers.append(LayerInsight("output", ratio))
                continue
            slope = np.abs(slopes[number])
            dead = (slope == 0).all(axis=0)
            steepest = _STEEPEST.get(run.settings.activation, 0.0)
            saturated = ((slope < FLAT * steepest).mean(axis=0) >= MOSTLY) & ~dead
            name = "hidden" if len(slopes) == 1 else f"hidden {number + 1}"
            alike = _alike(np.column_stack([weights, biases]))
            layers.append(
                LayerInsight(
                    name, ratio, len(dead), int(dead.sum()), int(saturated.sum()), alike=alike
                )
            )
        limit = _LIMITS.get(run.settings.optimiser)
        curvature = _curvature(run) if limit else None
    return Insight(
        run.state.step, run.state.step / run.steps_per_epoch, loss, run.chance, tuple(layers),
        curvature, run.settings.rate, limit or 2.0,
    )  # fmt: skip


def _alike(units: Array) -> int:
    """How many rows, one for each unit, are there more than once."""
    counts = np.unique(units, axis=0, return_counts=True)[1]
    return int(counts[counts > 1].sum())


def _curvature(run: Run) -> float | None:
    """The largest curvature of the loss: power iteration on differences of gradients."""
    flat, y = run.state.flat, run.split.train.y
    vector = run.model.backward(flat, run.train_inputs, y).gradient
    found = 0.0
    for _again in range(ITERATIONS):
        length = float(np.linalg.norm(vector))
        if not (np.isfinite(length) and length > 0):
            return None
        vector = vector / length
        above = run.model.backward(flat + _H * vector, run.train_inputs, y).gradient
        below = run.model.backward(flat - _H * vector, run.train_inputs, y).gradient
        product = (above - below) / (2 * _H)
        found = float(vector @ product)
        vector = product
    return found if np.isfinite(found) else None
