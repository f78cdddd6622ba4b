"""What the formulas of `classification/logistic` speak of."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import choice, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.labs.accuracy_threshold import HOURS, PASSED

SURE, RATHER_SURE = 0.8, 0.7
"""The probabilities that some questions speak of."""


def _apart(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Positive numbers that grow, some way apart."""
    return np.cumsum(rng.uniform(0.3, 1.0, size=shape), axis=0)


NOTATION = (
    Notation()
    .size("d", low=2)
    .size("m")
    .drawn(r"\mathbf{x}", "d")
    .defined(r"x_j = \mathbf{x}_j", "", over="j")
    .drawn(r"\mathbf{w}", "d")
    .defined(r"w_j = \mathbf{w}_j", "", over="j")
    .drawn("b")
    .defined(r"z = \mathbf{w}^\top \mathbf{x} + b", "")
    .entrywise(r"\sigma", "sigmoid")
    .defined(r"\hat y = \sigma(z)", "")
    .computed("y", lambda world: world.index % 2, "")
    .defined("t = 2y - 1", "")
    .defined(
        r"P(y \mid \mathbf{x}) = (\sigma(\mathbf{w}^\top \mathbf{x} + b))^{y}"
        r" (1 - \sigma(\mathbf{w}^\top \mathbf{x} + b))^{1 - y}"
    )
    .defined(r"\ell = -y \ln \hat y - (1 - y) \ln (1 - \hat y)", "")
    .drawn("X", r"m \times d")
    .defined(r"\mathbf{x}^{(i)} = (X_{i,:})^\top", "d", over="i")
    .drawn(r"\mathbf{y}", "m", choice(0, 1))
    .defined(r"y^{(i)} = \mathbf{y}_i", "", over="i")
    .drawn(r"\mathbf{1}", "m", lambda rng, shape: np.ones(shape))
    .defined(r"\hat{\mathbf{y}} = \sigma(X \mathbf{w} + b \mathbf{1})", "m")
    .defined(r"z^{(i)} = \mathbf{w}^\top \mathbf{x}^{(i)} + b", "", over="i")
    .defined(r"\hat y^{(i)} = \sigma(z^{(i)})", "", over="i")
    .defined(
        r"\ell^{(i)} = -y^{(i)} \ln \hat y^{(i)} - (1 - y^{(i)}) \ln (1 - \hat y^{(i)})",
        "",
        over="i",
    )
    .defined(r"\mathcal{L} = \prod_{i=1}^{m} P(y^{(i)} \mid \mathbf{x}^{(i)})", "")
    .defined(
        r"L = -\frac1m \left( \mathbf{y}^\top \ln \hat{\mathbf{y}}"
        r" + (\mathbf{1} - \mathbf{y})^\top \ln (\mathbf{1} - \hat{\mathbf{y}}) \right)",
        "",
    )
    .drawn("u", make=positive())
    .drawn("c")
    .index("j", "d")
    .index("i", "m")
)

ONE_FEATURE = (
    NOTATION.drawn(r"\mathbf{x}", "m", _apart)
    .defined(r"x^{(i)} = \mathbf{x}_i", "", over="i")
    .drawn("b", make=uniform(-1.5, -0.7))
    .drawn("w", make=positive())
    .defined(r"x = -\frac{b}{w}", "")
    .defined("z = w x + b", "")
    .defined(r"t^{(i)} = 2 y^{(i)} - 1", "", over="i")
    .defined(r"r_i(w) = I\{t^{(i)} (w x^{(i)} + b) > 0\}", over="i")
    .defined(r"A(w) = \frac1m \sum_{i=1}^{m} r_i(w)")
    .defined(
        r"L(w) = -\frac1m \sum_{i=1}^{m} \left[ y^{(i)} \ln \sigma(w x^{(i)} + b)"
        r" + (1 - y^{(i)}) \ln (1 - \sigma(w x^{(i)} + b)) \right]"
    )
)
"""Samples with one feature; x stands on the threshold."""


def _on_threshold(world: World) -> int:
    """The number of a sample that is neither the first nor the last one."""
    return 2 + world.index % (v.whole(world.value(("m", (), None))) - 2)


def _small_step(world: World) -> float:
    """A quarter of the way from the weight of sample s to that of its nearest neighbour."""
    x = v.detached(world.value(("bold x", (), None))).reshape(-1)
    b = v.number(world.value(("b", (), None)))
    at = _on_threshold(world) - 1
    crossings = -b / x
    return min(abs(float(crossings[at] - crossings[other])) for other in (at - 1, at + 1)) / 4


CROSSING = (
    ONE_FEATURE.computed("s", _on_threshold, "")
    .defined(r"v = -\frac{b}{x^{(s)}}", "")
    .computed(r"\varepsilon", _small_step, "")
    .defined(r"w = v + \frac{\varepsilon}{2}", "")
    .drawn("h", make=uniform(0.6, 1.5))
)
"""Sample s stands on the threshold at the weight v; the weight w lies a little above it, so that
the step h crosses the thresholds of samples, and the step ε crosses none."""

LEARNERS = (
    ONE_FEATURE.fixed("m", len(HOURS))
    .fixed(r"\mathbf{x}", HOURS)
    .fixed(r"\mathbf{y}", PASSED)
    .given(b=-2)
)
"""The eight learners of the lab."""


def _with_probability(probability: float, label: int) -> Notation:
    """A sample with x_1 = 2 to which the model gives a probability."""
    x, w = (2.0, 1.0), (0.3, -0.4)
    bias = math.log(probability / (1 - probability)) - sum(a * b for a, b in zip(x, w, strict=True))
    return (
        NOTATION.given(d=2, b=bias, y=label)
        .fixed(r"\mathbf{x}", list(x))
        .fixed(r"\mathbf{w}", list(w))
    )


SCOPES = {
    "which_side": NOTATION.given(d=2, b=-4)
    .fixed(r"\mathbf{w}", [1, 2])
    .fixed(r"\mathbf{x}", [3, 1]),
    "probability_of_label": _with_probability(SURE, 0),
    "log_odds_number": _with_probability(SURE, 0),
    "gradient_by_number": _with_probability(RATHER_SURE, 1),
    "loss_of_class_0": NOTATION.given(y=0, z=2),
    "class-0": NOTATION.given(y=0),
    "what_class_0_teaches": NOTATION.given(y=0),
    "logistic-label-mix": NOTATION.drawn("m"),
    "slope_when_right": NOTATION.given(y=0, z=-3),
    "learners": LEARNERS,
    "accuracy_slope": CROSSING,
    "slope_of_accuracy": CROSSING,
    "crossing": CROSSING,
    "threshold": ONE_FEATURE,
    "wrong-and-sure": NOTATION.given(y=1, z=-5),
}
