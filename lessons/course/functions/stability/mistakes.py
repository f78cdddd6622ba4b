"""The faulty and the repaired programs of `functions/stability`, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.functions.stability.facts import TANH_RIGHT_AT, TANH_WRONG_AT
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


def faulty_tanh(z: Array) -> Array:
    """tanh z, for any z."""
    e: Array = np.exp(-2 * z)
    size = (1 - e) / (1 + e)
    return np.where(z < 0, -abs(size), abs(size))


def tanh(z: Array) -> Array:
    """tanh z, for any z."""
    e: Array = np.exp(-2 * np.abs(z))
    size = (1 - e) / (1 + e)
    return np.where(z < 0, -abs(size), abs(size))


def _tanh(run: Program) -> Evidence:
    z = np.linspace(-600.0, 600.0, 121)
    places = (-1.0, TANH_RIGHT_AT, TANH_WRONG_AT, -TANH_WRONG_AT)
    with np.errstate(over="ignore", invalid="ignore"):
        values = run(z)
        shown = [float(run(np.array([at]))[0]) for at in places]
    facts = tuple(
        Fact(f"tanh({numbers([at])})", numbers([value]))
        for at, value in zip(places, shown, strict=True)
    )
    # nan is never below a bound, as it should be.
    measure = Measure("farthest from NumPy's tanh", float(np.abs(values - np.tanh(z)).max()), 1e-12)
    curve = Curve(tuple(z), tuple(float(value) for value in values), "z", "tanh z")
    return Evidence(measure, facts, curve)


MISTAKES: Mapping[str, MistakeValues] = {
    "tanh-overflow": MistakeValues("tanh", _tanh),
}
