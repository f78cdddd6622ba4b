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


def _softmax(world: World) -> Value:
    """PyTorch's own softmax of the scores."""
    import torch

    return torch.softmax(v.tensor(world.value(("z", (), None))), dim=0)


NOTATION = (
    Notation()
    .size("n")
    .size("K")
    .drawn("z", r"K \times 1", uniform(-1.5, 1.5))
    .computed("p", _softmax, r"K \times 1")
    .defined(r"\mathbf{p} = p", r"K \times 1")
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
    "softmax_backward_sum": FOUR.defined(r"L = \sum_i p_i", ""),
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


def _plottable() -> int:
    """The option whose gradient is not 0: that of one probability, not of a sum."""
    p = softmax(np.array(SAMPLES[0]))
    jacobian = np.diag(p) - np.outer(p, p)
    sums, ones = np.abs(jacobian.sum(axis=0)).max(), np.abs(jacobian[1]).max()
    return 2 if ones > 1e3 * sums else 0


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
    "vocabulary": lambda: float(VOCABULARY),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "softmax_ratio": Number(
        lambda: _share(0, 3) / _share(0, 1),
        slips={
            "scores-divided": lambda: SAMPLES[0][3] / SAMPLES[0][1],
            "upside-down": lambda: _share(0, 1) / _share(0, 3),
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
    "softmax_backward_sum": Number(
        lambda: float(1.0 - np.round(np.sum(softmax(np.array(SAMPLES[0]))), 12)),
        slips={
            "sum-forgotten": lambda: 1.0,
            "plain-sum": lambda: 1.0 - len(SAMPLES[0]),
        },
    ),
}
