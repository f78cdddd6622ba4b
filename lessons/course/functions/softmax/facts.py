"""What the formulas of `functions/softmax` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.activations import Array
from engine.formulas import values as v
from engine.formulas.draws import positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.judge.values import Choice, Number, QuestionValues, Shape

SAMPLES = ((-1.0, 2.0, -3.0, 4.0), (-2.0, 3.0, -3.0, 9.0))
"""The two samples of the lesson: a score for each of four classes."""


BATCH, CLASSES = 32, 10
"""The batch whose sums are asked for."""


SCALE = 2.0
"""What all scores are multiplied by in a question."""


VOCABULARY = 50_000
"""Words to choose from in a large model."""


TEMPERATURES = {"low": 0.5, "one": 1.0, "high": 10.0}
"""The temperatures that are compared."""


SOFT = ((0.55, 0.30, 0.15), (0.10, 0.60, 0.30), (0.40, 0.35, 0.25), (0.05, 0.15, 0.80))
TRUE = (1, 3, 1, 3)
"""Soft predictions for four samples, and their true classes, counted from 1."""


def _softmax(world: World) -> Value:
    """PyTorch's own softmax of the scores."""
    import torch

    return torch.softmax(v.tensor(world.value(("z", (), None))), dim=0)


def hard(sample: int) -> int:
    """The hard prediction for a sample, counted from 1."""
    return int(np.argmax(SOFT[sample])) + 1


def _is_right(sample: int) -> float:
    """1 where the hard prediction for a sample is right, else 0."""
    return float(hard(sample) == TRUE[sample])


def _of_the_true() -> Array:
    """The probability that each soft prediction gives to the true class."""
    return np.array([row[true - 1] for row, true in zip(SOFT, TRUE, strict=True)])


NOTATION = (
    Notation()
    .size("n")
    .size("K")
    .drawn("z", r"K \times 1", uniform(-1.5, 1.5))
    .computed("p", _softmax, r"K \times 1")
    .defined(r"S = \sum_k \exp(z_k)", "")
    .drawn("Z", r"n \times K", uniform(-1.5, 1.5))
    .defined(r"S_s = \sum_k \exp(Z_{sk})", "", over="s")
    .drawn("c", "", uniform(0.3, 1.5))
    .drawn("T", "", positive())
    .computed(r"\delta_{ij}", lambda world, i, j: float(i == j), "", over="i j")
    .defined(r"J = \frac{\partial p}{\partial z}", r"K \times K")
    .drawn("y", r"K \times 1")
    .defined(r"L = \sum_k y_k p_k^2", "")
    .defined(r"g_i = \frac{\partial L}{\partial p_i}", "", over="i")
    .entrywise(r"\sigma", "sigmoid")
    .computed("h_s", lambda world, s: _is_right((s - 1) % len(TRUE)), "", over="s")
    .computed("q_s", lambda world, s: _of_the_true()[(s - 1) % len(TRUE)], "", over="s")
    .index("i j k", "K")
    .index("s", "n")
)
"""Scores of one sample and of a batch; p is PyTorch's softmax, L some loss of p."""


FOUR = NOTATION.fixed("K", 4)


FIRST = FOUR.fixed("z", list(SAMPLES[0]), r"K \times 1")


_BATCH = NOTATION.fixed("n", BATCH).fixed("K", CLASSES)


SCOPES = {
    "first_sample": FIRST,
    "softmax_sums": _BATCH.defined(
        r"S = \begin{bmatrix} S_1 \\ \vdots \\ S_n \end{bmatrix}", r"n \times 1"
    ),
    "softmax_other": NOTATION.index("j", "K", unlike="i"),
    "softmax_cross": FIRST.given(i=2, j=4),
    "softmax_jacobian_matrix": FOUR,
    "softmax_backward_sum": FIRST.defined("L = p_4", "").given(j=2),
    "hard_accuracy": NOTATION.fixed("n", len(TRUE)),
    "softmax_two": NOTATION.fixed("K", 2),
}


def softmax(z: Array) -> Array:
    """p_i = e^{z_i} / Σ_k e^{z_k}, as it is written."""
    return np.asarray(np.exp(z) / np.sum(np.exp(z)))


def _share(sample: int, index: int) -> float:
    """The probability of one class of one of the two samples."""
    return float(softmax(np.array(SAMPLES[sample]))[index])


def _sums(axis: int | None, keep: bool = True) -> tuple[int, ...]:
    """The shape of the sums of the batch."""
    return np.shape(np.sum(np.zeros((BATCH, CLASSES)), axis=axis, keepdims=keep))


def _scaled() -> int:
    """The option that is right when all scores are multiplied: the largest probability grows."""
    z = np.array(SAMPLES[0])
    before, after = softmax(z), softmax(SCALE * z)
    if np.allclose(before, after):
        return 0
    return 1 if after.max() > before.max() else 2


_LOSS_SLOPES = (0.0, 0.0, 0.0, 1.0)
"""How the loss p_4 moves with each probability."""


def _bracket(index: int) -> float:
    """g_j − Σ g_i p_i for the first sample."""
    p = softmax(np.array(SAMPLES[0]))
    return float(_LOSS_SLOPES[index] - np.dot(_LOSS_SLOPES, p))


def _plottable() -> int:
    """The option whose gradient is not 0: that of one probability, not of a sum."""
    p = softmax(np.array(SAMPLES[0]))
    jacobian = np.diag(p) - np.outer(p, p)
    sums, ones = np.abs(jacobian.sum(axis=0)).max(), np.abs(jacobian[1]).max()
    return 2 if ones > 1e3 * sums else 0


def _warmed(temperature: float, index: int) -> float:
    """The probability of one class of the first sample at a temperature."""
    return float(softmax(np.array(SAMPLES[0]) / temperature)[index])


def _accuracy() -> float:
    """The share of hard predictions that are right."""
    return float(np.mean([_is_right(sample) for sample in range(len(TRUE))]))


NUMBERS: Mapping[str, Callable[[], float]] = {
    **{
        f"score_{label}{index + 1}": partial(float, SAMPLES[sample][index])
        for sample, label in enumerate("ab")
        for index in range(4)
    },
    "score_scale": lambda: SCALE,
    **{
        f"softmax_{label}{index + 1}": partial(_share, sample, index)
        for sample, label in enumerate("ab")
        for index in range(4)
    },
    **{f"temperature_{label}": partial(float, T) for label, T in TEMPERATURES.items()},
    **{
        f"{label}_a{index + 1}": partial(_warmed, TEMPERATURES[label], index)
        for label in ("low", "high")
        for index in range(4)
    },
    **{
        f"soft_{sample}_{label}": partial(float, share)
        for sample, row in enumerate(SOFT, start=1)
        for label, share in enumerate(row, start=1)
    },
    **{f"true_{sample}": partial(float, true) for sample, true in enumerate(TRUE, start=1)},
    **{f"hard_{sample + 1}": partial(hard, sample) for sample in range(len(SOFT))},
    "vocabulary": lambda: float(VOCABULARY),
}


def _lab_raise_one() -> int:
    """The ratio of two other probabilities before and after one score grows: same, less, more."""
    before, after = (np.exp(np.array([2.0, 1.0, raised])) for raised in (0.0, 1.0))
    ratios = [float(row[0] / row.sum() / (row[1] / row.sum())) for row in (before, after)]
    if np.isclose(ratios[0], ratios[1]):
        return 0
    return 1 if ratios[1] < ratios[0] else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "softmax_ratio": Number(
        lambda: _share(0, 3) / _share(0, 0),
        slips={
            "scores-divided": lambda: SAMPLES[0][3] / SAMPLES[0][0],
            "upside-down": lambda: _share(0, 0) / _share(0, 3),
            "difference-itself": lambda: SAMPLES[0][3] - SAMPLES[0][0],
            "minus-lost": lambda: float(np.exp(SAMPLES[0][3] + SAMPLES[0][0])),
            "other-base": (
                lambda: 2 ** (SAMPLES[0][3] - SAMPLES[0][0]),
                lambda: 10 ** (SAMPLES[0][3] - SAMPLES[0][0]),
            ),
        },
        tolerance=5e-3,
    ),
    "softmax_sums": Shape(
        lambda: _sums(1),
        slips={
            "whole-matrix-softmax": lambda: _sums(None, keep=False),
            "sum-per-class": lambda: _sums(0),
            "axis-dropped": lambda: _sums(1, keep=False),
        },
    ),
    "softmax_scaled": Choice(_scaled),
    "softmax_cross": Number(
        lambda: -_share(0, 1) * _share(0, 3),
        slips={
            "own-for-other": lambda: _share(0, 1) * (1 - _share(0, 1)),
            "sign": lambda: _share(0, 1) * _share(0, 3),
            "mixed-rules": lambda: _share(0, 1) * (1 - _share(0, 3)),
        },
        tolerance=5e-3,
    ),
    "softmax_plot": Choice(_plottable),
    "hard_accuracy": Number(
        _accuracy,
        slips={
            "soft-mean": lambda: float(_of_the_true().mean()),
            "half-needed": lambda: float((_of_the_true() > 0.5).mean()),
            "errors-counted": lambda: 1 - _accuracy(),
            "count-for-share": lambda: _accuracy() * len(TRUE),
        },
    ),
    "softmax_backward_sum": Number(
        lambda: _bracket(1),
        slips={
            "sum-forgotten": lambda: _LOSS_SLOPES[1],
            "plain-sum": lambda: _LOSS_SLOPES[1] - sum(_LOSS_SLOPES),
            "other-class": lambda: _bracket(3),
            "whole-slope": lambda: _share(0, 1) * _bracket(1),
        },
    ),
    "lab_raise_one": Choice(_lab_raise_one),
}
