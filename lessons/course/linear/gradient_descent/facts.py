"""What the formulas of `linear/gradient-descent` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.labs.descent import SAMPLES, Run, surface
from lessons.course.linear.gradient_descent.draws import (
    MEANS,
    SIZES,
    SMALL_RATE,
    SQUARED_GRADIENT,
    SQUARED_MOVE,
    about_the_limits,
    batch,
    best,
    best_weight,
    direction,
    losses,
    of_epoch,
    piece,
    steep,
    with_length,
    with_move,
)
from lessons.judge.values import Choice, Number, QuestionValues

GOAL, FIRST, FIRST_RATE = 5.0, 1.0, 0.1
"""The lowest place of a parabola, and the start and the rate of a first step towards it."""


CURVATURE = 4.0


STEEP, FLAT, VALLEY_RATE = 1.0, 0.01, 1.0
"""The two curvatures of a valley, and a rate."""


RATES = {"slow": 0.01, "good": 0.5, "one": 1.0, "zigzag": 1.5, "large": 2.1}
"""ηλ of each row of the table."""


TABLE_STEPS, TABLE_START = 10, 1.0


LAB_RATES = {"small": 0.02, "right": 0.5, "wide": 2.4, "large": 2.6}
"""What the learner sets in the lab."""


LAB_BATCH = 4


TRIED = {f"gd_try_{place}": 10.0 ** (place - 4) for place in range(1, 5)}


USUAL_BATCHES = (32, 256)


EPOCH, EPOCH_BATCH = 1000, 8


MEAN_BATCH, MEAN_GRADIENT, MEAN_RATE = 8, 0.6, 0.2
"""A batch, the gradient of its mean loss, and the rate."""


REST_SAMPLES, REST_BATCH = 100, 32


ASKED_BATCH, LAST_BATCH, LAST_SUM, LAST_RATE = 10, 4, 3.0, 0.2
"""The size that was asked for, that of the last batch, the sum of its gradients, and the rate."""


PREDICTIONS = (1.0, 2.0, 3.0)


SHOWN_LOSS, SHOWN_SAMPLES, SHOWN_BATCH = 0.77, 60_000, 256


DRAWN_REACH, DRAWN_STEPS, DRAWN_RATE = 1.25, 12, 1.7
DRAWN_FROM, DRAWN_FLATNESS = (-1.0, 1.0), 10.0
"""The path in the valley that is drawn, whose flat direction is less flat than that of the text."""

NOTATION = (
    Notation()
    .size("k", low=2)
    .size("b", low=2)
    .size("d", low=2)
    .defined("n = k b", "")
    .drawn("X", r"n \times d")
    .drawn(r"\mathbf{y}", "n")
    .defined("y_i = \\mathbf{y}_i", "", over="i")
    .drawn(r"\mathbf{w}", "d")
    .drawn(r"\mathbf{w}_0", "d", over="t")
    .defined(
        r"\mathbf{w}_t = \mathbf{w}_{t-1} - \frac{\eta}{n} X^\top (X \mathbf{w}_{t-1} - "
        r"\mathbf{y})",
        "d",
        over="t",
    )
    .computed(r"\mathbf{w}^*", best, "d")
    .drawn("t", make=integer(2, 4))
    .drawn(r"\eta", make=uniform(0.2, 1.5))
    .defined(r"\hat y_i = X_{i,:} \mathbf{w}", "", over="i")
    .defined(r"\ell_i = \frac12 (X_{i,:} \mathbf{w} - \mathbf{y}_i)^2", "", over="i")
    .defined(r"L = \frac{1}{2n} (X \mathbf{w} - \mathbf{y})^\top (X \mathbf{w} - \mathbf{y})", "")
    .defined(r"L(\mathbf{w}) = \frac{1}{2n} \| X \mathbf{w} - \mathbf{y} \|^2", "")
    .with_gradient(r"\mathbf{w}")
    .defined(r"\mathbf{r} = X \mathbf{w} - \mathbf{y}", "n")
    .defined(r"\mathbf{g} = \frac1n X^\top \mathbf{r}", "d")
    .defined(r"\mathbf{g}_i = (\hat y_i - y_i) (X_{i,:})^\top", "d", over="i")
    .defined(r"H = \frac1n X^\top X", r"d \times d")
    .computed(r"\lambda", lambda world: direction(world)[0], "")
    .computed(r"\mathbf{v}", lambda world: direction(world)[1], "d")
    .drawn(r"\lambda_1")
    .drawn(r"\lambda_2")
    .computed("B_m", piece, over="m")
    .computed("B", batch)
    .drawn(r"\mathbf{x}", "n", normal(0.8))
    .defined(r"x_i = \mathbf{x}_i", "", over="i")
    .drawn("w")
    .drawn("w_t", over="t")
    .drawn("w^*")
    .index("i", "n")
    .index("m", "k")
)


ONE_WEIGHT = (
    NOTATION.size("n")
    .drawn("w_0", over="t")
    .defined(r"w_t = w_{t-1} - \eta L'(w_{t-1})", "", over="t")
    .computed("w^*", best_weight, "")
    .defined(r"\hat y_i = w x_i", "", over="i")
    .defined(r"\ell_i = \frac12 (w x_i - y_i)^2", "", over="i")
    .defined(r"L(w) = \frac{1}{2n} \sum_{i=1}^{n} (w x_i - y_i)^2", "")
    .defined(r"L = L(w)", "")
    .defined(r"\lambda = \frac1n \| \mathbf{x} \|^2", "")
    .drawn(r"\eta", make=uniform(0.1, 0.4))
    .with_gradient("w")
)
"""One feature and no bias."""


def _of_batch(samples: int, total: float, rate: float) -> Notation:
    """A batch whose losses are linear in w, with slopes that add up to `total`."""

    def slopes(world: World) -> Value:
        found = world.rng("slopes").normal(size=(samples, 1))
        return found - found.mean() + total / samples

    return (
        ONE_WEIGHT.fixed("n", samples)
        .computed("B", lambda _: tuple(range(1, samples + 1)))
        .computed("c", slopes, "n")
        .defined(r"\ell_i = c_i w", "", over="i")
        .fixed(r"\eta", rate)
    )


SCOPES = {
    "one_weight": ONE_WEIGHT,
    "gd_change/numbers": NOTATION.size("n"),
    "gd_step": ONE_WEIGHT.defined(rf"L(w) = \frac12 (w - {GOAL:g})^2", "")
    .defined(f"w_0 = {FIRST:g}", "", over="t")
    .fixed(r"\eta", FIRST_RATE),
    "gd_small_step": NOTATION.size("n")
    .fixed(r"\eta", SMALL_RATE)
    .computed(r"\mathbf{g}", with_length, "d")
    .computed("X", with_move, r"n \times d"),
    "convergence": ONE_WEIGHT.computed(r"\eta", about_the_limits),
    "gd_limit": ONE_WEIGHT.fixed(r"\lambda", CURVATURE).fixed(r"\eta", 2 / CURVATURE),
    "gd_valley": NOTATION.fixed(r"\lambda_1", STEEP)
    .fixed(r"\lambda_2", FLAT)
    .fixed(r"\eta", VALLEY_RATE),
    "lab": NOTATION.computed(r"\lambda", steep).fixed(r"\eta", LAB_RATES["large"]),
    "gd_updates": NOTATION.fixed("n", EPOCH).fixed("b", EPOCH_BATCH).defined("k = n / b", ""),
    "gd_once": NOTATION.size("n", low=3),
    "gd_divide": _of_batch(MEAN_BATCH, MEAN_BATCH * MEAN_GRADIENT, MEAN_RATE),
    "rest": NOTATION.fixed("n", REST_SAMPLES).fixed("b", REST_BATCH),
    "gd_last": _of_batch(LAST_BATCH, LAST_SUM, LAST_RATE).fixed("b", ASKED_BATCH),
    "gd_epoch_loss": NOTATION.fixed("n", sum(SIZES))
    .fixed("k", len(SIZES))
    .computed("B_m", of_epoch, over="m")
    .computed(r"\mathbf{l}", losses, "n")
    .defined(r"\ell_i = \mathbf{l}_i", "", over="i")
    .defined(r"L = \frac1n \sum_{i=1}^{n} \ell_i", ""),
    "gd_broadcast": NOTATION.fixed("n", len(PREDICTIONS))
    .fixed(r"\hat{\mathbf{y}}", PREDICTIONS)
    .fixed(r"\mathbf{y}", PREDICTIONS)
    .defined(r"\hat y_i = \hat{\mathbf{y}}_i", "", over="i")
    .index("j", "n"),
}


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


def _lab_calmer() -> int:
    """What calms the path of the lab: both, as the claim of the lesson says, or not."""
    from lessons.course.linear.gradient_descent.claims import calmer

    return 0 if calmer() else 1


QUESTIONS: Mapping[str, QuestionValues] = {
    "gd_step": Number(
        lambda: FIRST - FIRST_RATE * (FIRST - GOAL),
        slips={
            "sign": lambda: FIRST + FIRST_RATE * (FIRST - GOAL),
            "no-rate": lambda: FIRST - (FIRST - GOAL),
            "loss-for-slope": lambda: FIRST - FIRST_RATE * (FIRST - GOAL) ** 2 / 2,
        },
        before=lambda: FIRST,
    ),
    "gd_small_step": Number(
        lambda: -SMALL_RATE * SQUARED_GRADIENT + SMALL_RATE**2 / 2 * SQUARED_MOVE,
        slips={
            "first-order-only": lambda: -SMALL_RATE * SQUARED_GRADIENT,
            "no-half": lambda: -SMALL_RATE * SQUARED_GRADIENT + SMALL_RATE**2 * SQUARED_MOVE,
            "both-down": lambda: -SMALL_RATE * SQUARED_GRADIENT - SMALL_RATE**2 / 2 * SQUARED_MOVE,
            "rate-not-squared": lambda: -SMALL_RATE * (SQUARED_GRADIENT - SQUARED_MOVE / 2),
        },
    ),
    "gd_limit": Number(
        lambda: 2 / CURVATURE,
        slips={
            "one-step-rate": lambda: 1 / CURVATURE,
            "upside-down": lambda: CURVATURE / 2,
            "multiply": lambda: 2 * CURVATURE,
        },
    ),
    "gd_valley": Number(
        lambda: 1 - VALLEY_RATE * FLAT,
        slips={
            "steep-direction": lambda: 1 - VALLEY_RATE * STEEP,
            "how-much-goes": lambda: VALLEY_RATE * FLAT,
            "no-change": lambda: 1.0,
            "sign": lambda: 1 + VALLEY_RATE * FLAT,
        },
        tolerance=1e-3,
        digits=2,
    ),
    "gd_lab_rate": Choice(_lab_rate),
    "gd_updates": Number(
        lambda: float(-(-EPOCH // EPOCH_BATCH)),
        slips={
            "batch-size": lambda: float(EPOCH_BATCH),
            "full-batch": lambda: 1.0,
            "per-sample": lambda: float(EPOCH),
            "multiply": lambda: float(EPOCH * EPOCH_BATCH),
        },
        tolerance=0,
    ),
    "gd_noise": Number(
        _noise,
        slips={
            "variance-for-spread": lambda: 1 / 4,
            "grows": lambda: 4.0,
            "upside-down": lambda: 1 / _noise(),
        },
        tolerance=1e-2,
    ),
    "gd_divide": Number(
        lambda: MEAN_RATE * MEAN_GRADIENT,
        slips={
            "divide-twice": lambda: MEAN_RATE * MEAN_GRADIENT / MEAN_BATCH,
            "sum-for-mean": lambda: MEAN_RATE * MEAN_GRADIENT * MEAN_BATCH,
            "no-rate": lambda: MEAN_GRADIENT,
        },
    ),
    "gd_last": Number(
        lambda: LAST_RATE * LAST_SUM / LAST_BATCH,
        slips={
            "last-batch": lambda: LAST_RATE * LAST_SUM / ASKED_BATCH,
            "not-divided": lambda: LAST_RATE * LAST_SUM,
            "no-rate": lambda: LAST_SUM / LAST_BATCH,
        },
    ),
    "gd_epoch_loss": Number(
        lambda: float(np.average(MEANS, weights=SIZES)),
        slips={
            "mean-of-means": lambda: sum(MEANS) / sum(SIZES),
            "last-batch": lambda: sum(MEANS) / len(MEANS),
            "divided-by-batches": lambda: float(np.dot(MEANS, SIZES)) / len(MEANS),
            "not-divided": lambda: float(np.dot(MEANS, SIZES)),
            "sum-of-means": lambda: sum(MEANS),
        },
    ),
    "gd_broadcast": Number(
        _broadcast,
        slips={
            "broadcast-n-by-n": lambda: 0.0,
            "sum-for-mean": lambda: len(PREDICTIONS) ** 2 * _broadcast(),
            "divided-by-rows": lambda: len(PREDICTIONS) * _broadcast(),
        },
    ),
    "lab_calmer": Choice(_lab_calmer),
}
