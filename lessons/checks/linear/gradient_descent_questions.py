"""The numbers and questions of `linear/gradient-descent`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from engine.labs.descent import SAMPLES, Run, surface
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
from lessons.course.linear.gradient_descent.facts import (
    ASKED_BATCH,
    CURVATURE,
    EPOCH,
    EPOCH_BATCH,
    FIRST_RATE,
    FLAT,
    GOAL,
    LAB_BATCH,
    LAB_RATES,
    LAST_BATCH,
    LAST_RATE,
    LAST_SUM,
    MEAN_BATCH,
    MEAN_GRADIENT,
    MEAN_RATE,
    MEANS,
    PREDICTIONS,
    RATES,
    SHOWN_BATCH,
    SHOWN_LOSS,
    SHOWN_SAMPLES,
    SIZES,
    SMALL_RATE,
    SQUARED_GRADIENT,
    SQUARED_MOVE,
    STEEP,
    TABLE_START,
    TABLE_STEPS,
    TRIED,
    USUAL_BATCHES,
    VALLEY_RATE,
)


def _factor(rate: float) -> float:
    """1 − ηλ, from one step on ½w²."""
    return (TABLE_START - rate * TABLE_START) / TABLE_START


def _after_ten(rate: float) -> float:
    """The distance from 0 after some steps of gradient descent on ½w²."""
    w = TABLE_START
    for _ in range(TABLE_STEPS):
        w -= rate * w
    return abs(w)


def _curvature(place: int) -> float:
    return float(np.linalg.eigvalsh(surface().hessian)[place])


def _lab_rate() -> int:
    """The option that is right: which weight runs away from the lowest place at a large rate."""
    run = Run("gd", LAB_RATES["large"]).stepped(60)
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
    y = np.array(PREDICTIONS)
    return float(((y[:, None] - y) ** 2).mean())


NUMBERS: dict[str, Callable[[], float]] = {
    **{f"gd_factor_{name}": partial(_factor, rate) for name, rate in RATES.items()},
    **{f"gd_after_{name}": partial(_after_ten, rate) for name, rate in RATES.items()},
    **{f"gd_rate_{name}": partial(float, rate) for name, rate in RATES.items()},
    **{f"gd_lab_{name}": partial(float, rate) for name, rate in LAB_RATES.items()},
    **{f"gd_size_{place}": partial(float, size) for place, size in enumerate(SIZES, start=1)},
    **{f"gd_mean_{place}": partial(float, mean) for place, mean in enumerate(MEANS, start=1)},
    **{name: partial(float, rate) for name, rate in TRIED.items()},
    "gd_table_steps": lambda: TABLE_STEPS,
    "gd_table_start": lambda: TABLE_START,
    "gd_lab_batch": lambda: LAB_BATCH,
    "gd_lab_samples": lambda: SAMPLES,
    "gd_usual_small": lambda: USUAL_BATCHES[0],
    "gd_usual_large": lambda: USUAL_BATCHES[1],
    "gd_shown": lambda: len(PREDICTIONS),
    "gd_shown_columns": lambda: np.array(PREDICTIONS)[:, None].shape[1],
    "gd_shown_before": lambda: SHOWN_LOSS,
    "gd_shown_samples": lambda: SHOWN_SAMPLES,
    "gd_shown_batch": lambda: SHOWN_BATCH,
    "gd_shown_loss": lambda: SHOWN_LOSS * -(-SHOWN_SAMPLES // SHOWN_BATCH) / SHOWN_SAMPLES,
    "gd_broadcast_sum": lambda: len(PREDICTIONS) ** 2 * _broadcast(),
    "gd_lab_flat": partial(_curvature, 0),
    "gd_lab_steep": partial(_curvature, 1),
    "gd_lab_limit": lambda: surface().largest_rate,
}

PREDICTS: dict[str, Question] = {
    "gd_step": NumberQuestion(
        answer=lambda: 0.0 - FIRST_RATE * (0.0 - GOAL),
        explanation="The slope is $w_0 - 3 = -3$, and $w_1 = 0 - 0.1 \\cdot (-3) =$ "
        "[0.3](number:gd_step): a tenth of the way.",
        slips=(
            Slip(
                "sign",
                lambda: 0.0 + FIRST_RATE * (0.0 - GOAL),
                "You went along the gradient: uphill. Take it away instead.",
                line=r"w_1 = w_0 + \eta \, L'(w_0)",
                right=r"w_1 = w_0 - \eta \, L'(w_0)",
            ),
            Slip(
                "no-rate",
                lambda: 0.0 - (0.0 - GOAL),
                "You made the whole step. Multiply the gradient by $\\eta$ first.",
                line=r"w_1 = w_0 - L'(w_0)",
                right=r"w_1 = w_0 - \eta \, L'(w_0)",
            ),
        ),
        hints=Hints(
            idea="find the slope at the start, and go a part of it the other way.",
            formula=r"$w_1 = w_0 - \eta \, (w_0 - 3)$",
            numbers=r"$w_1 = 0 - 0.1 \cdot (0 - 3)$",
        ),
    ),
    "gd_small_step": NumberQuestion(
        answer=lambda: -SMALL_RATE * SQUARED_GRADIENT + SMALL_RATE**2 / 2 * SQUARED_MOVE,
        explanation="$-0.1 \\cdot 4 + \\frac{0.1^2}{2} \\cdot 8 =$ [−0.36](number:gd_small_step): "
        "the middle part wins by far.",
        slips=(
            Slip(
                "first-order-only",
                lambda: -SMALL_RATE * SQUARED_GRADIENT,
                "That is the middle part alone. The last part takes a little of it back.",
                line=r"- \eta \left\| \mathbf{g} \right\|^2",
                right=r"- \eta \left\| \mathbf{g} \right\|^2 + \frac{\eta^2}{2n} "
                r"\left\| X \mathbf{g} \right\|^2",
            ),
            Slip(
                "no-half",
                lambda: -SMALL_RATE * SQUARED_GRADIENT + SMALL_RATE**2 * SQUARED_MOVE,
                "The last part has a half: $\\frac{0.1^2}{2} \\cdot 8 = 0.04$.",
                line=r"- \eta \left\| \mathbf{g} \right\|^2 + \frac{\eta^2}{n} "
                r"\left\| X \mathbf{g} \right\|^2",
                right=r"- \eta \left\| \mathbf{g} \right\|^2 + \frac{\eta^2}{2n} "
                r"\left\| X \mathbf{g} \right\|^2",
            ),
        ),
        hints=Hints(
            idea="one part of the last line makes the loss smaller, the other one larger.",
            formula=r"$- \eta \|\mathbf{g}\|^2 + \frac{\eta^2}{2} \cdot "
            r"\frac1n \|X \mathbf{g}\|^2$",
            numbers=r"$- \eta \|\mathbf{g}\|^2 + \frac{\eta^2}{2n} \|X \mathbf{g}\|^2 = "
            r"-0.1 \cdot 4 + \frac{0.1^2}{2} \cdot 8$",
        ),
    ),
    "gd_limit": NumberQuestion(
        answer=lambda: 2 / CURVATURE,
        explanation="$\\frac{2}{\\lambda} =$ [0.5](number:gd_limit): there the factor is "
        "$1 - \\eta \\lambda = -1$, and the path jumps to and fro for ever.",
        slips=(
            Slip(
                "one-step-rate",
                lambda: 1 / CURVATURE,
                "There the factor is $1 - \\frac{1}{\\lambda} \\lambda = 0$: the path is there in "
                "one step. Twice as much is still allowed.",
                line=r"\eta = \frac{1}{\lambda}",
                right=r"\eta = \frac{2}{\lambda}",
            ),
            Slip(
                "upside-down",
                lambda: CURVATURE / 2,
                "You turned the fraction over. The more curved, the *smaller* the steps.",
                line=r"\eta = \frac{\lambda}{2}",
                right=r"\eta = \frac{2}{\lambda}",
            ),
        ),
        hints=Hints(
            idea="the distance stays as large as it is where the factor has the size one.",
            formula=r"$1 - \eta \lambda = -1$",
            numbers=r"$\eta = \frac{2}{4}$",
        ),
    ),
    "gd_valley": NumberQuestion(
        answer=lambda: 1 - VALLEY_RATE * FLAT,
        explanation="$1 - \\eta \\lambda_2 = 1 - 1 \\cdot 0.01$: a hundredth of the way. The steep "
        "direction is there after one step, the flat one needs hundreds.",
        tolerance=1e-3,
        slips=(
            Slip(
                "steep-direction",
                lambda: 1 - VALLEY_RATE * STEEP,
                "That is the steep direction, with $\\lambda_1 = 1$. Take the other one.",
                line=r"1 - \eta \lambda_1",
                right=r"1 - \eta \lambda_2",
            ),
            Slip(
                "how-much-goes",
                lambda: VALLEY_RATE * FLAT,
                "That is what goes away. The factor is what stays.",
                line=r"\eta \lambda_2",
                right=r"1 - \eta \lambda_2",
            ),
        ),
        hints=Hints(
            idea="the flat direction is the one with the smaller curvature.",
            formula=r"$1 - \eta \lambda_2$",
            numbers=r"$1 - \eta \lambda_2 = 1 - 1 \cdot 0.01$",
        ),
    ),
    "gd_lab_rate": ChoiceQuestion(
        options=(
            Option(
                "Come to the lowest place, only more slowly.",
                "In the flat direction it does. In the steep one the factor is "
                "$1 - \\eta \\lambda < -1$, and the distance grows with every step.",
            ),
            Option(
                "Jump to and fro across the valley, farther each time.",
                "In the steep direction the factor is negative, and a little larger than one in "
                "size: the side changes with every step, and the distance grows by a few per "
                "cent.",
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
        answer=lambda: float(-(-EPOCH // EPOCH_BATCH)),
        explanation="$\\frac{1000}{10} =$ [100](number:gd_updates): so many batches, one step with "
        "each.",
        tolerance=0,
        slips=(
            Slip(
                "batch-size",
                lambda: float(EPOCH_BATCH),
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
            formula=r"$k = \frac{n}{b}$",
            numbers=r"$k = \frac{1000}{10}$",
        ),
    ),
    "gd_noise": NumberQuestion(
        answer=_noise,
        explanation="The variance of a mean of $b$ samples is $b$ times smaller than that of one, "
        "and its root counts: $\\sqrt{\\frac14} =$ [0.5](number:gd_noise). Half the noise "
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
            numbers=r"$\sqrt{\frac{b}{4 b}} = \sqrt{\frac14}$",
        ),
    ),
    "gd_divide": NumberQuestion(
        answer=lambda: MEAN_RATE * MEAN_GRADIENT,
        explanation="The mean has been divided already: $0.1 \\cdot 0.6 =$ "
        "[0.06](number:gd_divide), whatever the batch size.",
        slips=(
            Slip(
                "divide-twice",
                lambda: MEAN_RATE * MEAN_GRADIENT / MEAN_BATCH,
                "You divided by $|B| = 10$ again. The loss is a mean already; with a second "
                "division the learning rate is really $\\frac{\\eta}{|B|} = 0.01$.",
                line=r"\frac{\eta}{|B|} \cdot \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i "
                r"\right)",
                right=r"\eta \cdot \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i \right)",
            ),
            Slip(
                "sum-for-mean",
                lambda: MEAN_RATE * MEAN_GRADIENT * MEAN_BATCH,
                "That is the step with the sum over the batch. The gradient of the mean is meant.",
                line=r"\eta \sum_{i \in B} \nabla \ell_i",
                right=r"\eta \cdot \frac{1}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
        ),
        hints=Hints(
            idea="ask what has been divided by the batch size already.",
            formula=r"$\eta \, \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i \right)$",
            numbers=r"$\eta \, \nabla \left( \frac{1}{|B|} \sum_{i \in B} \ell_i \right) = "
            r"0.1 \cdot 0.6$",
        ),
    ),
    "gd_last": NumberQuestion(
        answer=lambda: LAST_RATE * LAST_SUM / LAST_BATCH,
        explanation="The batch really holds $|B| = 4$ samples: $\\frac{0.1}{4} \\cdot 2 =$ "
        "[0.05](number:gd_last).",
        slips=(
            Slip(
                "last-batch",
                lambda: LAST_RATE * LAST_SUM / ASKED_BATCH,
                "You divided by the batch size that was asked for. This batch holds $|B| = 4$ "
                "samples only, so its step comes out too small.",
                line=r"\frac{\eta}{b} \sum_{i \in B} \nabla \ell_i",
                right=r"\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
            Slip(
                "not-divided",
                lambda: LAST_RATE * LAST_SUM,
                "That is the step with the sum. Divide by the number of samples in this batch.",
                line=r"\eta \sum_{i \in B} \nabla \ell_i",
                right=r"\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i",
            ),
        ),
        hints=Hints(
            idea="divide by the number of samples that the sum was taken over.",
            formula=r"$\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i$",
            numbers=r"$\frac{\eta}{|B|} \sum_{i \in B} \nabla \ell_i = \frac{0.1}{4} \cdot 2$",
        ),
    ),
    "gd_epoch_loss": NumberQuestion(
        answer=lambda: float(np.average(MEANS, weights=SIZES)),
        explanation="$\\frac{4 \\cdot 0.2 + 4 \\cdot 0.4 + 2 \\cdot 0.9}{10} =$ "
        "[0.42](number:gd_epoch_loss): turn each mean into a sum first, then divide by all "
        "samples.",
        slips=(
            Slip(
                "mean-of-means",
                lambda: sum(MEANS) / sum(SIZES),
                "You added the means and divided by the number of *samples*. With "
                "[60 000](number:gd_shown_samples) images in batches of "
                "[256](number:gd_shown_batch) that shows a loss of [0.77](number:gd_shown_before) "
                "as [0.0030](number:gd_shown_loss).",
                line=r"L = \frac1n \sum_{m=1}^{k} \frac{1}{|B_m|} \sum_{i \in B_m} \ell_i",
                right=r"L = \frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i",
            ),
            Slip(
                "last-batch",
                lambda: sum(MEANS) / len(MEANS),
                "You counted the small last batch as much as the others. It holds $|B_3| = 2$ "
                "samples, they hold $|B_1| = |B_2| = 4$.",
                line=r"L = \frac1k \sum_{m=1}^{k} \frac{1}{|B_m|} \sum_{i \in B_m} \ell_i",
                right=r"L = \frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i",
            ),
        ),
        hints=Hints(
            idea="a mean over twice as many samples counts twice as much.",
            formula=r"$L = \frac1n \sum_{m=1}^{k} \sum_{i \in B_m} \ell_i$: each mean times its "
            r"number "
            "of samples, added up, divided by all samples.",
            numbers=r"$L = \frac{4 \cdot 0.2 + 4 \cdot 0.4 + 2 \cdot 0.9}{10}$",
        ),
    ),
    "gd_broadcast": NumberQuestion(
        answer=_broadcast,
        explanation="The difference is a table of [3](number:gd_shown) rows and as many columns: "
        "every prediction meets every truth. Six of the nine squares are not zero, and they add up "
        "to [12](number:gd_broadcast_sum).",
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
                lambda: len(PREDICTIONS) ** 2 * _broadcast(),
                "That is the sum of the nine squares. Take their mean.",
                line=r"\sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2",
                right=r"\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2",
            ),
        ),
        hints=Hints(
            idea="write down the shape of the difference first: a column minus a row.",
            formula=r"$\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2$",
            numbers=r"$\frac{1}{n^2} \sum_{i=1}^{n} \sum_{j=1}^{n} (\hat y_i - y_j)^2 = "
            r"\frac{0 + 1 + 4 + 1 + 0 + 1 + 4 + 1 + 0}{9}$",
        ),
    ),
}

BOOK = CheckBook(
    "linear",
    numbers={name: NumberCheck(value) for name, value in NUMBERS.items()},
    predicts=PREDICTS,
)
