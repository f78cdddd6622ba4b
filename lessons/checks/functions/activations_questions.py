"""The questions of `functions/activations`."""

from __future__ import annotations

import numpy as np

from engine.activations import LeakyRelu, activation
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberQuestion,
    Option,
    Question,
    Slip,
)
from lessons.checks.functions.activations_numbers import slope_at, value_at
from lessons.course.functions.activations.facts import (
    DEAD_BIAS,
    DEAD_INPUTS,
    DEAD_RATE,
    DEAD_TARGET,
    DEAD_WEIGHT,
    LEAKY_ALPHA,
    LEAKY_INPUT,
    PLACES,
    SIGMOID_LAYERS,
    SIGMOID_OUTPUT,
)


def _relu_central(h: float = 1e-3) -> float:
    """(f(h) − f(−h)) / 2h for ReLU."""
    return (max(0.0, h) - max(0.0, -h)) / (2 * h)


def _dead_bias_step() -> float:
    """The update of the bias of the dead unit: against its gradient, times the rate."""
    z = DEAD_WEIGHT * np.array(DEAD_INPUTS) + DEAD_BIAS
    relu = activation("relu")
    return float(-DEAD_RATE * np.mean((relu.value(z) - DEAD_TARGET) * relu.derivative(z)))


def _leaky_value() -> float:
    """Leaky ReLU of the input of the question."""
    return float(LeakyRelu(LEAKY_ALPHA).value(np.array(LEAKY_INPUT)))


def _mask_differs() -> int:
    """The option that is right: the masks z < 0 and z ≤ 0 differ where z is exactly 0."""
    z = np.array([-1e-300, 0.0, 1e-300])
    differs = (z < 0) != (z <= 0)
    return 2 if differs.tolist() == [False, True, False] else 0


def _fastest() -> int:
    """The option with the largest slope at the place of the question."""
    return int(np.argmax([slope_at(name, PLACES["5"]) for name in ("sigmoid", "tanh", "relu")]))


PREDICTS: dict[str, Question] = {
    "slope_from_output": NumberQuestion(
        answer=lambda: SIGMOID_OUTPUT * (1 - SIGMOID_OUTPUT),
        explanation="$\\sigma'(z) = \\sigma(z)(1 - \\sigma(z))$, and $\\sigma(z)$ is the output: "
        "$a \\, (1 - a) = 0.6 \\cdot 0.4$.",
        slips=(
            Slip(
                "sigmoid-of-activation",
                lambda: slope_at("sigmoid", SIGMOID_OUTPUT),
                "You took the sigmoid of $a$. But $a = 0.6$ is the output already: put it in for "
                "$\\sigma(z)$ as it is.",
                line=r"\sigma'(z) = \sigma(a) \, (1 - \sigma(a))",
                right=r"\sigma'(z) = a \, (1 - a)",
            ),
            Slip(
                "half-formula",
                lambda: 1 - SIGMOID_OUTPUT,
                "That is $1 - \\sigma(z)$. Multiply it by $\\sigma(z)$ as well.",
                line=r"\sigma'(z) = 1 - \sigma(z)",
                right=r"\sigma'(z) = \sigma(z) \, (1 - \sigma(z))",
            ),
            Slip(
                "tanh-slope",
                lambda: 1 - SIGMOID_OUTPUT**2,
                "That is the rule for tanh. For the sigmoid take $\\sigma(z)(1 - \\sigma(z))$.",
                line=r"\sigma'(z) = 1 - (\sigma(z))^2",
                right=r"\sigma'(z) = \sigma(z) \, (1 - \sigma(z))",
            ),
        ),
        hints=Hints(
            idea="the slope of the sigmoid can be had from its output alone; $z$ is not needed.",
            formula=r"$\sigma'(z) = \sigma(z) \, (1 - \sigma(z))$",
            numbers=r"$\sigma'(z) = 0.6 \cdot (1 - 0.6)$",
        ),
    ),
    "ten_sigmoids": NumberQuestion(
        answer=lambda: slope_at("sigmoid", 0.0) ** SIGMOID_LAYERS,
        explanation="A quarter, ten times over: $\\left( \\frac14 \\right)^{10} \\approx "
        "10^{-6}$. With weights near 1, the "
        "first layers of such a network learn a million times slower than the last. This is called "
        "the **vanishing gradient**.",
        slips=(
            Slip(
                "value-for-slope",
                lambda: value_at("sigmoid", 0.0) ** SIGMOID_LAYERS,
                "You multiplied outputs. The deltas meet the slopes: "
                "[0.25](number:sigmoid_slope_0) each.",
                line=r"\left( \sigma(0) \right)^{10}",
                right=r"\left( \sigma'(0) \right)^{10}",
            ),
            Slip(
                "sum-for-product",
                lambda: SIGMOID_LAYERS * slope_at("sigmoid", 0.0),
                "The slopes of a chain are multiplied, not added.",
                line=r"10 \, \sigma'(0)",
                right=r"\left( \sigma'(0) \right)^{10}",
            ),
        ),
        tolerance=5e-2,
        hints=Hints(
            idea="each layer multiplies what comes back by its own slope: ten equal factors.",
            formula=r"$\left( \sigma'(0) \right)^{10}$",
            numbers=(
                "[0.2500](number:sigmoid_slope_0) to the power of [10](number:sigmoid_layers); "
                "one digit and the exponent "
                "are enough, as in 2e-5."
            ),
        ),
    ),
    "relu_central": NumberQuestion(
        answer=_relu_central,
        explanation="$\\frac{h - 0}{2h} = \\frac12$ for every $h$: the mean of both sides. This "
        "is why a "
        "gradient check fails at a kink although nothing is wrong.",
        slips=(
            Slip(
                "one-side-right",
                lambda: 1.0,
                "That is the slope to the right. Divide by $2h$.",
                line=r"\frac{f(h) - f(0)}{h}",
                right=r"\frac{f(h) - f(-h)}{2h}",
            ),
            Slip(
                "one-side-left",
                lambda: 0.0,
                "That is the slope to the left, and what PyTorch returns. Put in "
                "$f(h) = h$ and $f(-h) = 0$.",
                line=r"\frac{f(0) - f(-h)}{h}",
                right=r"\frac{f(h) - f(-h)}{2h}",
            ),
        ),
        hints=Hints(
            idea="central differences look at both sides: one step to the right, one to the left.",
            formula=r"$\frac{\max(0, h) - \max(0, -h)}{2h}$",
            numbers=r"$\frac{f(h) - f(-h)}{2h} = \frac{h - 0}{2h}$",
        ),
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
                line=r"f'(z) = \begin{cases} 0 & z < 0 \\ 1 & z \ge 0 \end{cases}",
                right_line=r"f'(z) = \begin{cases} 0 & z \le 0 \\ 1 & z > 0 \end{cases}",
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
        explanation="$\\eta = 100$ times 0 is 0. No learning rate wakes a dead unit; only other "
        "inputs or "
        "other weights do.",
        tolerance=0,
        slips=(
            Slip(
                "no-derivative",
                lambda: DEAD_RATE * DEAD_TARGET,
                "The error of each sample is $a - 1 = -1$, but it is multiplied by the slope of "
                "ReLU at $z$. What is the slope where $z$ is negative?",
                line=r"-\eta \, (a - 1)",
                right=r"-\eta \, (a - 1) \, f'(z)",
            ),
            Slip(
                "no-derivative",
                lambda: -DEAD_RATE * DEAD_TARGET,
                "The error of each sample is multiplied by the slope of ReLU at $z$. What is the "
                "slope where $z$ is negative?",
                line=r"\eta \, (a - 1)",
                right=r"-\eta \, (a - 1) \, f'(z)",
            ),
        ),
        hints=Hints(
            idea="what reaches the bias is multiplied by the slope of ReLU at $z$.",
            formula=(
                r"for each sample the slope on the bias is $(a - 1) \, f'(z)$; the step is "
                r"$-\eta$ times their mean."
            ),
            numbers=r"$-\eta \, (a - 1) \, f'(z) = -100 \cdot (0 - 1) \cdot f'(z)$, and "
            r"$f'(z) = 0$ for every sample.",
        ),
    ),
    "leaky_negative": NumberQuestion(
        answer=_leaky_value,
        explanation="$z$ is negative, so it is multiplied by $\\alpha$: $f(z) = 0.1 \\cdot (-3)$.",
        slips=(
            Slip(
                "relu",
                lambda: 0.0,
                "That is ReLU. The leaky one multiplies by $\\alpha$.",
                line=r"f(z) = \max(0, z)",
                right=r"f(z) = \max(\alpha z, z)",
            ),
            Slip(
                "slope-for-value",
                lambda: LEAKY_ALPHA,
                "That is the slope $f'(z)$. The question asks for the value $\\alpha z$.",
                line=r"f(z) = \alpha",
                right=r"f(z) = \alpha z",
            ),
            Slip(
                "identity",
                lambda: LEAKY_INPUT,
                "Negative inputs are multiplied by $\\alpha$ first.",
                line="f(z) = z",
                right=r"f(z) = \alpha z",
            ),
        ),
        hints=Hints(
            idea="on which side of 0 does $z = -3$ lie, and which line is drawn there?",
            formula=r"$f(z) = \alpha z$ for negative $z$.",
            numbers=r"$\alpha z = 0.1 \cdot (-3)$",
        ),
    ),
    "softplus_zero": NumberQuestion(
        answer=lambda: float(np.log(1 + np.exp(0.0))),
        explanation="$\\ln(1 + e^0) = \\ln 2$. Nowhere is softplus further from ReLU.",
        slips=(
            Slip(
                "exp-of-zero",
                lambda: 0.0,
                "$e^0 = 1$, not 0: $f(0) = \\ln(1 + 1)$ remains.",
                line=r"f(0) = \ln(1 + 0)",
                right=r"f(0) = \ln(1 + e^0)",
            ),
            Slip(
                "slope-for-value",
                lambda: 0.5,
                "That is the slope at 0. Compute $\\ln(1 + e^0)$.",
                line=r"f(z) = \frac{e^z}{1 + e^z}",
                right=r"f(z) = \ln(1 + e^z)",
            ),
            Slip(
                "log-base-10",
                lambda: float(np.log10(2)),
                "That is the logarithm to base 10. Take the natural one.",
                line=r"f(z) = \log_{10}(1 + e^z)",
                right=r"f(z) = \ln(1 + e^z)",
            ),
        ),
        hints=Hints(
            idea="work from the inside out: first the power, then the sum, then the logarithm.",
            formula=r"$f(z) = \ln(1 + e^z)$",
            numbers=r"$f(0) = \ln(1 + 1)$",
        ),
    ),
    "which_saturates": ChoiceQuestion(
        options=(
            Option(
                "Sigmoid",
                "Its slope there is [0.0066](number:sigmoid_slope_5): the unit is saturated, and "
                "hardly "
                "any blame gets through. Look for a slope that stays large.",
            ),
            Option(
                "Tanh",
                "Its slope there is [0.0002](number:tanh_slope_5): it saturates even earlier than "
                "the "
                "sigmoid. Look for a slope that stays large.",
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

BOOK = CheckBook("functions", predicts=PREDICTS)
