"""The numbers and questions of `linear/gradient-descent`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from engine.labs.descent import Run, surface
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Question,
    Slip,
)

RATES = {"slow": 0.01, "good": 0.5, "one": 1.0, "zigzag": 1.5, "large": 2.1}
"""ηλ of each row of the table."""
SIZES, MEANS = (4, 4, 2), (0.2, 0.4, 0.9)
"""Three batches: their samples and mean losses."""


def _factor(rate: float) -> float:
    """1 − ηλ, from one step on ½w² that starts at 1."""
    return 1.0 - rate * 1.0


def _after_ten(rate: float) -> float:
    """The distance from 0 after ten steps of gradient descent on ½w² that start at 1."""
    w = 1.0
    for _ in range(10):
        w -= rate * w
    return abs(w)


def _curvature(place: int) -> float:
    return float(np.linalg.eigvalsh(surface().hessian)[place])


def _lab_rate() -> int:
    """The option that is right: which weight runs away from the lowest place at η = 2.6."""
    run = Run("gd", 2.6).stepped(60)
    before, after = run.path[40].w, run.at.w
    grows = [
        abs(there - goal) > abs(here - goal)
        for here, there, goal in zip(before, after, surface().lowest, strict=True)
    ]
    steep = int(np.argmax(np.diag(surface().hessian)))
    turns = np.sign(run.path[-1].w[steep] - surface().lowest[steep]) != np.sign(
        run.path[-2].w[steep] - surface().lowest[steep]
    )
    return 1 if grows[steep] and turns else 0


def _noise() -> float:
    """The spread of the mean of 4 b random numbers over that of the mean of b of them.

    The variance of a mean of independent numbers is that of one, divided by how many they are.
    """
    b, variance = 8, 2.5
    return float(np.sqrt(variance / (4 * b)) / np.sqrt(variance / b))


def _broadcast() -> float:
    """The mean over all nine pairs, as PyTorch and NumPy compute it."""
    y = np.array([1.0, 2.0, 3.0])
    return float(((y[:, None] - y) ** 2).mean())


NUMBERS: dict[str, Callable[[], float]] = {
    **{f"gd_factor_{name}": partial(_factor, rate) for name, rate in RATES.items()},
    **{f"gd_after_{name}": partial(_after_ten, rate) for name, rate in RATES.items()},
    "gd_shown_loss": lambda: 0.77 * -(-60_000 // 256) / 60_000,
    "gd_broadcast_sum": lambda: 9 * _broadcast(),
    "gd_lab_flat": partial(_curvature, 0),
    "gd_lab_steep": partial(_curvature, 1),
    "gd_lab_limit": lambda: surface().largest_rate,
}

PREDICTS: dict[str, Question] = {
    "gd_step": NumberQuestion(
        answer=lambda: 0.0 - 0.1 * (0.0 - 3.0),
        explanation="The slope is $w_0 - 3 = -3$, and $0 - 0.1 \\cdot (-3)$ is "
        "[0.3](number:gd_step): a tenth of the way.",
        slips=(
            Slip(
                "sign",
                lambda: 0.0 + 0.1 * (0.0 - 3.0),
                "You went along the gradient: uphill. Take it away instead.",
                line=r"w_1 = w_0 + \eta \, \frac{d L}{d w}",
                right=r"w_1 = w_0 - \eta \, \frac{d L}{d w}",
            ),
            Slip(
                "no-rate",
                lambda: 0.0 - (0.0 - 3.0),
                "You made the whole step. Multiply the gradient by $\\eta$ first.",
                line=r"w_1 = w_0 - \frac{d L}{d w}",
                right=r"w_1 = w_0 - \eta \, \frac{d L}{d w}",
            ),
        ),
        hints=Hints(
            idea="find the slope at the start, and go a part of it the other way.",
            formula=r"$w_1 = w_0 - \eta \, (w_0 - 3)$",
            numbers="0 − 0.1 · (0 − 3)",
        ),
    ),
    "gd_small_step": NumberQuestion(
        answer=lambda: -0.1 * 4 + 0.1**2 / 2 * 8,
        explanation="$-0.1 \\cdot 4 + \\frac{0.01}{2} \\cdot 8$ is [−0.36](number:gd_small_step): "
        "the middle part wins by far.",
        slips=(
            Slip(
                "first-order-only",
                lambda: -0.1 * 4,
                "That is the middle part alone. The last part takes a little of it back.",
                line=r"- \eta \left\| \mathbf{g} \right\|^2",
                right=r"- \eta \left\| \mathbf{g} \right\|^2 + \frac{\eta^2}{2n} "
                r"\left\| X \mathbf{g} \right\|^2",
            ),
            Slip(
                "no-half",
                lambda: -0.1 * 4 + 0.1**2 * 8,
                "The last part has a half: $\\frac{\\eta^2}{2}$ times 8.",
                line=r"\frac{\eta^2}{n} \left\| X \mathbf{g} \right\|^2",
                right=r"\frac{\eta^2}{2n} \left\| X \mathbf{g} \right\|^2",
            ),
        ),
        hints=Hints(
            idea="one part of the last line makes the loss smaller, the other one larger.",
            formula=r"$- \eta \|\mathbf{g}\|^2$, and $\frac{\eta^2}{2}$ times "
            r"$\frac1n \|X \mathbf{g}\|^2$.",
            numbers="−0.1 · 4 + 0.1² / 2 · 8",
        ),
    ),
    "gd_limit": NumberQuestion(
        answer=lambda: 2 / 4,
        explanation="$2/\\lambda$ is [0.5](number:gd_limit): there the factor is $-1$, and the "
        "path jumps to and fro for ever.",
        slips=(
            Slip(
                "one-step-rate",
                lambda: 1 / 4,
                "With $1/\\lambda$ the factor is 0: the path is there in one step. Twice as "
                "much is still allowed.",
                line=r"1 - \eta \lambda = 0",
                right=r"1 - \eta \lambda = -1",
            ),
            Slip(
                "upside-down",
                lambda: 4 / 2,
                "You turned the fraction over. The more curved, the *smaller* the steps.",
                line=r"\eta = \frac{\lambda}{2}",
                right=r"\eta = \frac{2}{\lambda}",
            ),
        ),
        hints=Hints(
            idea="the distance stays as large as it is where the factor has the size 1.",
            formula=r"$1 - \eta \lambda = -1$",
            numbers="2 / 4",
        ),
    ),
    "gd_valley": NumberQuestion(
        answer=lambda: 1 - 1 * 0.01,
        explanation="The factor is $1 - 1 \\cdot 0.01$: a hundredth of the way. The steep "
        "direction is there after one step, the flat one needs hundreds.",
        tolerance=1e-3,
        slips=(
            Slip(
                "steep-direction",
                lambda: 1 - 1 * 1.0,
                "That is the steep direction, with the curvature 1. Take the other one.",
                line=r"1 - \eta \lambda_1",
                right=r"1 - \eta \lambda_2",
            ),
            Slip(
                "how-much-goes",
                lambda: 1 * 0.01,
                "That is what goes away. The factor is what stays: $1 - \\eta\\lambda$.",
                line=r"\eta \lambda",
                right=r"1 - \eta \lambda",
            ),
        ),
        hints=Hints(
            idea="the flat direction is the one with the smaller curvature.",
            formula=r"$1 - \eta \lambda$",
            numbers="1 − 1 · 0.01",
        ),
    ),
    "gd_lab_rate": ChoiceQuestion(
        options=(
            Option(
                "Come to the lowest place, only more slowly.",
                "In the flat direction it does. In the steep one the factor is below $-1$, and the "
                "distance grows with every step.",
            ),
            Option(
                "Jump to and fro across the valley, farther each time.",
                "In the steep direction the factor is a little below $-1$: the side changes with "
                "every step, and the distance grows by a few per cent.",
                right=True,
            ),
            Option(
                "Run away along the valley, to one side.",
                "Along the valley the surface is flat, and $\\eta$ suits it. It is across the "
                "valley that the step is too large.",
            ),
        ),
        proof=_lab_rate,
    ),
    "gd_updates": NumberQuestion(
        answer=lambda: float(-(-1000 // 10)),
        explanation="1000 / 10 is [100](number:gd_updates): so many batches, one step with each.",
        tolerance=0,
        slips=(
            Slip(
                "batch-size",
                lambda: 10.0,
                "That is how many samples a batch holds. How many batches are there?",
                line=r"k = b",
                right=r"k = \frac{n}{b}",
            ),
            Slip(
                "full-batch",
                lambda: 1.0,
                "One step an epoch is gradient descent on all samples. Here each batch makes one.",
                line=r"k = \frac{n}{n}",
                right=r"k = \frac{n}{b}",
            ),
        ),
        hints=Hints(
            idea="each mini-batch makes one step.",
            formula="$k = n / b$",
            numbers="1000 / 10",
        ),
    ),
    "gd_noise": NumberQuestion(
        answer=_noise,
        explanation="The variance of a mean of $b$ samples is $b$ times smaller than that of one, "
        "and its root counts: $\\sqrt{1/4}$, [0.5](number:gd_noise). Half the noise "
        "costs four times the work.",
        tolerance=1e-2,
        slips=(
            Slip(
                "variance-for-spread",
                lambda: 1 / 4,
                "That is the variance. The noise itself is its root.",
                line=r"\frac{1}{4}",
                right=r"\sqrt{\frac{1}{4}}",
            ),
            Slip(
                "grows",
                lambda: 4.0,
                "A mean of more samples is steadier, not less steady. And the root counts.",
                line=r"\frac{4 b}{b}",
                right=r"\sqrt{\frac{b}{4 b}}",
            ),
        ),
        hints=Hints(
            idea="a mean of more independent samples is steadier, but not in proportion.",
            formula=r"The variance of a mean of $b$ samples is that of one, divided by $b$; the "
            "noise is its root.",
            numbers="√(1 / 4)",
        ),
    ),
    "gd_divide": NumberQuestion(
        answer=lambda: 0.1 * 0.6,
        explanation="The mean has been divided already: $0.1 \\cdot 0.6$, whatever the batch size.",
        slips=(
            Slip(
                "divide-twice",
                lambda: 0.1 * 0.6 / 10,
                "You divided by 10 again. The loss is a mean already; with a second division the "
                "learning rate is really 0.01.",
                line=r"\frac{\eta}{|B|} \cdot \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i "
                r"\right)",
                right=r"\eta \cdot \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i \right)",
            ),
            Slip(
                "sum-for-mean",
                lambda: 0.1 * 0.6 * 10,
                "That is the step with the sum over the batch. The gradient of the mean is meant.",
                line=r"\eta \sum_{i \in B} \nabla \ell_i",
                right=r"\eta \cdot \frac{1}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
        ),
        hints=Hints(
            idea="ask what has been divided by the batch size already.",
            formula=r"$\eta \, \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i \right)$",
            numbers="0.1 · 0.6",
        ),
    ),
    "gd_last": NumberQuestion(
        answer=lambda: 0.1 * 2 / 4,
        explanation="The batch really holds 4 samples: $0.1 \\cdot 2 / 4$.",
        slips=(
            Slip(
                "last-batch",
                lambda: 0.1 * 2 / 10,
                "You divided by the batch size that was asked for. This batch holds 4 samples "
                "only, so its step comes out too small.",
                line=r"\frac{\eta}{b} \sum_{i \in B} \nabla \ell_i",
                right=r"\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
            Slip(
                "not-divided",
                lambda: 0.1 * 2,
                "That is the step with the sum. Divide by the number of samples in this batch.",
                line=r"\eta \sum_{i \in B} \nabla \ell_i",
                right=r"\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
        ),
        hints=Hints(
            idea="divide by the number of samples that the sum was taken over.",
            formula=r"$\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i$",
            numbers="0.1 · 2 / 4",
        ),
    ),
    "gd_epoch_loss": NumberQuestion(
        answer=lambda: float(np.average(MEANS, weights=SIZES)),
        explanation="$(4 \\cdot 0.2 + 4 \\cdot 0.4 + 2 \\cdot 0.9) / 10$: turn each mean into a "
        "sum first, then divide by all samples.",
        slips=(
            Slip(
                "mean-of-means",
                lambda: sum(MEANS) / sum(SIZES),
                "You added the means and divided by the number of *samples*. With 60 000 images in "
                "batches of 256 that shows a loss of 0.77 as [0.0030](number:gd_shown_loss).",
                line=r"\frac1n \sum_{m=1}^{k} \frac{1}{|B_m|} \sum_{i \in B_m} \ell_i",
                right=r"\frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i",
            ),
            Slip(
                "last-batch",
                lambda: sum(MEANS) / len(MEANS),
                "You counted the small last batch as much as the others. It holds 2 samples, they "
                "hold 4.",
                line=r"\frac1k \sum_{m=1}^{k} \frac{1}{|B_m|} \sum_{i \in B_m} \ell_i",
                right=r"\frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i",
            ),
        ),
        hints=Hints(
            idea="a mean over 4 samples counts twice as much as one over 2.",
            formula=r"$\frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i$: each mean times its number "
            "of samples, added up, divided by all samples.",
            numbers="(4 · 0.2 + 4 · 0.4 + 2 · 0.9) / 10",
        ),
    ),
    "gd_broadcast": NumberQuestion(
        answer=_broadcast,
        explanation="The difference is a table of 3 × 3: every prediction meets every truth. Six "
        "of the nine squares are not 0, and they add up to [12](number:gd_broadcast_sum).",
        slips=(
            Slip(
                "broadcast-n-by-n",
                lambda: 0.0,
                "That is what was meant. But a column minus a row is a table of all pairs, and "
                "each prediction is compared with all three truths.",
                line=r"\frac1n \sum_{i=1}^{n} (\hat y_i - y_i)^2",
                right=r"\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2",
            ),
            Slip(
                "sum-for-mean",
                lambda: 9 * _broadcast(),
                "That is the sum of the nine squares. Take their mean.",
                line=r"\sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2",
                right=r"\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2",
            ),
        ),
        hints=Hints(
            idea="write down the shape of the difference first: a column minus a row.",
            formula=r"$\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2$",
            numbers="(0 + 1 + 4 + 1 + 0 + 1 + 4 + 1 + 0) / 9",
        ),
    ),
}

BOOK = CheckBook(
    "linear",
    numbers={name: NumberCheck(value) for name, value in NUMBERS.items()},
    predicts=PREDICTS,
)
