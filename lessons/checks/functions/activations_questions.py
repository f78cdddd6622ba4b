"""The numbers and questions of `functions/activations`."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.activations import Selu, activation
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)

LAMBDA, ALPHA = Selu.scale, Selu.alpha


def _value_at(name: str, z: float) -> float:
    """f(z)."""
    return float(activation(name).value(np.array(z)))


def _slope_at(name: str, z: float) -> float:
    """f′(z)."""
    return float(activation(name).derivative(np.array(z)))


def _moment(name: str, power: int) -> float:
    """The mean of f(z)^power for z of mean 0 and variance 1, normally distributed.

    Gauss-Legendre on each side of the kink; beyond 12 the density is below 1e-31.
    """
    nodes, weights = np.polynomial.legendre.leggauss(200)
    total = 0.0
    for middle in (-6.0, 6.0):
        z = middle + 6.0 * nodes
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        total += float(np.sum(6.0 * weights * density * activation(name).value(z) ** power))
    return total


def _variance(name: str) -> float:
    """The variance of f(z) for the same z."""
    return _moment(name, 2) - _moment(name, 1) ** 2


SLOPES = {
    f"{name}_slope_{label}": NumberCheck(partial(_slope_at, name, z))
    for name in ("sigmoid", "tanh", "relu", "leaky_relu", "selu", "softplus")
    for label, z in (("m5", -5.0), ("0", 0.0), ("h", 0.5), ("2", 2.0), ("5", 5.0), ("10", 10.0))
}
MOMENTS = {
    f"{name}_{kind}": NumberCheck(value)
    for name in ("sigmoid", "tanh", "relu", "selu")
    for kind, value in (
        ("mean", partial(_moment, name, 1)),
        ("variance", partial(_variance, name)),
    )
}
OUTPUTS = {
    f"sigmoid_{z}": NumberCheck(partial(_value_at, "sigmoid", float(z))) for z in (0, 2, 5, 10)
}


# --- questions ----------------------------------------------------------------------------


def _relu_central(h: float = 1e-3) -> float:
    """(f(h) − f(−h)) / 2h for ReLU."""
    return (max(0.0, h) - max(0.0, -h)) / (2 * h)


def _dead_bias_step(rate: float = 100.0) -> float:
    """The update of the bias of the dead unit: the rate times its gradient."""
    x = np.array([0.5, 1.0, 1.5, 2.0])
    z = x - 3.0
    relu = activation("relu")
    return float(rate * np.mean((relu.value(z) - 1) * relu.derivative(z)))


def _mask_differs() -> int:
    """The option that is right: the masks z < 0 and z ≤ 0 differ where z is exactly 0."""
    z = np.array([-1e-300, 0.0, 1e-300])
    differs = (z < 0) != (z <= 0)
    return 2 if differs.tolist() == [False, True, False] else 0


def _fastest() -> int:
    """The option with the largest slope at z = 5."""
    return int(np.argmax([_slope_at(name, 5.0) for name in ("sigmoid", "tanh", "relu")]))


PREDICTS: dict[str, Question] = {
    "slope_from_output": NumberQuestion(
        answer=lambda: 0.6 * (1 - 0.6),
        explanation="$\\sigma'(z) = \\sigma(z)(1 - \\sigma(z))$, and $\\sigma(z)$ is the output: "
        "0.6 · 0.4.",
        slips=(
            Slip(
                "sigmoid-of-activation",
                lambda: _slope_at("sigmoid", 0.6),
                "You took the sigmoid of 0.6. But 0.6 is the output already: put it in for "
                "$\\sigma(z)$ as it is.",
            ),
            Slip(
                "half-formula",
                lambda: 0.4,
                "That is $1 - \\sigma(z)$. Multiply it by $\\sigma(z)$ as well.",
            ),
            Slip(
                "tanh-slope",
                lambda: 1 - 0.6**2,
                "That is the rule for tanh. For the sigmoid take $\\sigma(z)(1 - \\sigma(z))$.",
            ),
        ),
        hint="Put 0.6 in for $\\sigma(z)$ in the last line above.",
    ),
    "ten_sigmoids": NumberQuestion(
        answer=lambda: _slope_at("sigmoid", 0.0) ** 10,
        explanation="A quarter, ten times over: about one millionth. With weights near 1, the "
        "first layers of such a network learn a million times slower than the last. This is called "
        "the **vanishing gradient**.",
        slips=(
            Slip(
                "value-for-slope",
                lambda: _value_at("sigmoid", 0.0) ** 10,
                "You multiplied outputs. The deltas meet the slopes: 0.25 each.",
            ),
            Slip(
                "sum-for-product",
                lambda: 10 * _slope_at("sigmoid", 0.0),
                "The slopes of a chain are multiplied, not added.",
            ),
        ),
        tolerance=5e-2,
        hint="Raise 0.25 to the tenth power; one digit and the exponent are enough, as in 2e-5.",
    ),
    "relu_central": NumberQuestion(
        answer=_relu_central,
        explanation="$(h - 0)/2h$ is one half for every $h$: the mean of both sides. This is why a "
        "gradient check fails at a kink although nothing is wrong.",
        slips=(
            Slip("one-side-right", lambda: 1.0, "That is the slope to the right. Divide by $2h$."),
            Slip(
                "one-side-left",
                lambda: 0.0,
                "That is the slope to the left, and what PyTorch returns. Put in "
                "$f(h) = h$ and $f(-h) = 0$.",
            ),
        ),
        hint="Put in $f(h) = h$ and $f(-h) = 0$.",
    ),
    "relu_mask": ChoiceQuestion(
        options=(
            Option(
                "For every negative $z$.",
                "There both masks give 0. Compare them at one single point.",
            ),
            Option(
                "Never: both are the same.",
                "They differ at one point, and there one lets the gradient pass.",
                slip="relu-at-zero",
            ),
            Option(
                "Only where $z$ is exactly 0.",
                "With random weights that hardly ever happens. It does happen where all weights "
                "or all inputs of a unit are 0: then the two programs train differently.",
                right=True,
            ),
        ),
        proof=_mask_differs,
    ),
    "dead_slope": NumberQuestion(
        answer=_dead_bias_step,
        explanation="100 times 0 is 0. No learning rate wakes a dead unit; only other inputs or "
        "other weights do.",
        tolerance=0,
        slips=(
            Slip(
                "no-derivative",
                lambda: 100.0,
                "The error of each sample is −1, but it is multiplied by the slope of ReLU at "
                "$z$. What is the slope where $z$ is negative?",
            ),
            Slip(
                "no-derivative",
                lambda: -100.0,
                "The error of each sample is multiplied by the slope of ReLU at $z$. What is the "
                "slope where $z$ is negative?",
            ),
        ),
        hint="The update is the learning rate times the gradient. What is the gradient?",
    ),
    "leaky_negative": NumberQuestion(
        answer=lambda: float(np.where(-3.0 > 0, -3.0, 0.1 * -3.0)),
        explanation="−3 is negative, so it is multiplied by $\\alpha$.",
        slips=(
            Slip("relu", lambda: 0.0, "That is ReLU. The leaky one multiplies by $\\alpha$."),
            Slip(
                "slope-for-value",
                lambda: 0.1,
                "That is the slope at −3. The question asks for the value $\\alpha z$.",
            ),
            Slip("identity", lambda: -3.0, "Negative inputs are multiplied by $\\alpha$ first."),
        ),
        hint="Negative inputs are multiplied by $\\alpha$.",
    ),
    "softplus_zero": NumberQuestion(
        answer=lambda: float(np.log(1 + np.exp(0.0))),
        explanation="$\\ln(1 + e^0) = \\ln 2$. Nowhere is softplus further from ReLU.",
        slips=(
            Slip("exp-of-zero", lambda: 0.0, "$e^0$ is 1, not 0: $\\ln(1 + 1)$ remains."),
            Slip(
                "slope-for-value", lambda: 0.5, "That is the slope at 0. Compute $\\ln(1 + e^0)$."
            ),
            Slip(
                "other-logarithm",
                lambda: float(np.log10(2)),
                "That is the logarithm to base 10. Take the natural one.",
            ),
        ),
        hint="Put $e^0 = 1$ into the formula.",
    ),
    "which_saturates": ChoiceQuestion(
        options=(
            Option(
                "Sigmoid",
                "Its slope at 5 is [0.0066](number:sigmoid_slope_5): the unit is saturated, "
                "and hardly any blame gets "
                "through. Look for a slope that stays large.",
            ),
            Option(
                "Tanh",
                "Its slope at 5 is [0.0002](number:tanh_slope_5): it saturates even earlier "
                "than the sigmoid. Look for a "
                "slope that stays large.",
            ),
            Option(
                "ReLU",
                "Its slope is 1 for every positive input, so the whole delta gets through.",
                right=True,
            ),
        ),
        proof=_fastest,
    ),
}

BOOK = CheckBook(
    "functions",
    numbers={
        **SLOPES,
        **MOMENTS,
        **OUTPUTS,
        "selu_lambda": NumberCheck(lambda: LAMBDA),
        "selu_alpha": NumberCheck(lambda: ALPHA),
        "selu_left": NumberCheck(lambda: LAMBDA * ALPHA),
        "selu_floor": NumberCheck(lambda: -LAMBDA * ALPHA),
        "softplus_gap_5": NumberCheck(lambda: _value_at("softplus", 5.0) - 5.0),
    },
    predicts=PREDICTS,
)
