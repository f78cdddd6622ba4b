"""What the formulas of `classification/logistic` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import choice, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.labs.accuracy_threshold import HOURS, PASSED, accuracy, cross_entropy
from lessons.course.classification.logistic.programs import UNDERFLOW_PROBABILITY
from lessons.judge.values import Choice, Fill, Number, Order, QuestionValues, Sign

SURE, RATHER_SURE = 0.8, 0.7
"""The probabilities that some questions speak of."""


SIDE_WEIGHTS, SIDE_FEATURES, SIDE_BIAS = (2.0, 3.0), (3.0, 1.0), -5.0
"""The sample whose score is asked for."""


RACE_FROM, RACE_RATE = -5.0, 1.0
"""The score from which two losses are followed, and the learning rate."""


def _apart(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Positive numbers that grow, some way apart."""
    return np.cumsum(rng.uniform(0.3, 1.0, size=shape), axis=0)


SCORE, REACH, MOST, FARTHEST = 2.0, 5.0, 5.0, 1.5
"""What is drawn: marked scores, scores at all, losses, weights."""

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
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
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
    "which_side": NOTATION.given(d=2, b=SIDE_BIAS)
    .fixed(r"\mathbf{w}", list(SIDE_WEIGHTS))
    .fixed(r"\mathbf{x}", list(SIDE_FEATURES)),
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


_SAMPLES = ((1, 4), (0, -1), (1, 0), (0, 3))
"""Label and score of the samples of a question, the least loss first."""


def _loss(y: int, z: float) -> float:
    """The cross entropy of one sample from its score."""
    return math.log(1 + math.exp(z)) - y * z


def _signed_loss(t: float, z: float) -> float:
    return math.log1p(math.exp(-t * z))


def _class_0_teaches(z: float) -> bool:
    """Whether the loss of a sample whose label is entered as 0 moves with its score."""
    return _signed_loss(0.0, z) != _signed_loss(0.0, z + 1)


def _slope_where_right() -> float:
    """How the loss of a sample of class 0 moves with its score at −3: central difference."""
    h = 1e-5
    return (_loss(0, -3 + h) - _loss(0, -3 - h)) / (2 * h)


def _slope_of_accuracy() -> int:
    """Look at both points of the question: which option describes the slopes there?"""
    flat = all(accuracy(w + 1e-9, -2.0) == accuracy(w - 1e-9, -2.0) for w in (0.46, 0.48))
    w = 2.0 / float(HOURS[4])
    steps = [abs(accuracy(w + h, -2.0) - accuracy(w - h, -2.0)) / (2 * h) for h in (1e-3, 1e-6)]
    return 1 if flat and steps[1] > 100 * steps[0] > 0 else 0


def _each_class() -> int:
    """How many samples of each class the program with the mistake is run on."""
    from lessons.course.classification.logistic.mistakes import EACH

    return EACH


def _squared_error_slope(z: float, y: float) -> float:
    p = 1 / (1 + math.exp(-z))
    return (p - y) * p * (1 - p)


def _dot(weights: tuple[float, ...]) -> float:
    return sum(w * x for w, x in zip(weights, SIDE_FEATURES, strict=True))


def _updates(slope: Callable[[float, float], float]) -> int:
    """How many updates of the score alone lead to the right side, for the label 1."""
    z, count = RACE_FROM, 0
    while z <= 0:
        z, count = z - RACE_RATE * slope(z, 1.0), count + 1
    return count


NUMBERS: Mapping[str, Callable[[], float]] = {
    "accuracy_at_046": lambda: accuracy(0.46, -2.0),
    "accuracy_at_048": lambda: accuracy(0.48, -2.0),
    "entropy_at_046": lambda: cross_entropy(0.46, -2.0),
    "entropy_at_048": lambda: cross_entropy(0.48, -2.0),
    "entropy_slope_wrong": lambda: 1 / (1 + math.exp(5)) - 1,
    "label_mix_each": _each_class,
    "loss_sure_right": lambda: -math.log(0.99),
    "loss_sure_wrong": lambda: -math.log(0.01),
    "loss_undecided": lambda: -math.log(0.5),
    "race_entropy": lambda: _updates(lambda z, y: 1 / (1 + math.exp(-z)) - y),
    "race_rate": lambda: RACE_RATE,
    "race_squared": lambda: _updates(_squared_error_slope),
    "squared_slope_wrong": lambda: _squared_error_slope(-5.0, 1.0),
    "underflow_probability": lambda: UNDERFLOW_PROBABILITY,
}


def _lab_two_measures() -> int:
    """Which measures change in each of seven small steps of w: both, or one of the two."""
    from lessons.course.classification.logistic.claims import accuracy_waits

    return 1 if accuracy_waits() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "which_side": Number(
        lambda: _dot(SIDE_WEIGHTS) + SIDE_BIAS,
        slips={
            "no-bias": lambda: _dot(SIDE_WEIGHTS),
            "weights-left-out": lambda: sum(SIDE_FEATURES) + SIDE_BIAS,
            "crossed-weights": lambda: _dot(SIDE_WEIGHTS[::-1]) + SIDE_BIAS,
        },
        tolerance=1e-6,
    ),
    "probability_of_label": Number(
        lambda: 1 - SURE,
        slips={
            "other-class": lambda: SURE,
            "both-factors": lambda: SURE * (1 - SURE),
        },
    ),
    "loss_order": Order(
        lambda: tuple(int(i) for i in np.argsort([_loss(y, z) for y, z in _SAMPLES]))
    ),
    "loss_of_class_0": Number(
        lambda: _signed_loss(-1.0, 2.0),
        slips={
            "logistic-label-mix": lambda: _signed_loss(0.0, 2.0),
            "sign": lambda: _signed_loss(1.0, 2.0),
            "log-base-2": lambda: _signed_loss(-1.0, 2.0) / math.log(2),
            "log-base-10": lambda: _signed_loss(-1.0, 2.0) / math.log(10),
            "no-logarithm": lambda: 1 + math.exp(2.0),
            "no-one": lambda: 2.0,
        },
    ),
    "what_class_0_teaches": Choice(
        lambda: 0 if any(map(_class_0_teaches, (-3.0, 0.0, 3.0))) else 1
    ),
    "gradient_by_number": Number(
        lambda: (RATHER_SURE - 1.0) * 2.0,
        slips={
            "sign": lambda: (1.0 - RATHER_SURE) * 2.0,
            "truth-forgotten": lambda: RATHER_SURE * 2.0,
            "extra-slope": lambda: (RATHER_SURE - 1.0) * RATHER_SURE * (1 - RATHER_SURE) * 2.0,
            "no-input": lambda: RATHER_SURE - 1.0,
        },
    ),
    "slope_when_right": Sign(_slope_where_right),
    "slope_of_accuracy": Choice(_slope_of_accuracy),
    "log_odds_number": Number(
        lambda: math.log(SURE / (1 - SURE)),
        slips={
            "odds": lambda: SURE / (1 - SURE),
            "forward": lambda: 1 / (1 + math.exp(-SURE)),
            "log-base-2": lambda: math.log2(SURE / (1 - SURE)),
            "log-base-10": lambda: math.log10(SURE / (1 - SURE)),
            "logarithm-only": lambda: math.log(SURE),
        },
    ),
    "squared_error_factor": Fill(NOTATION),
    "lab_two_measures": Choice(_lab_two_measures),
}
