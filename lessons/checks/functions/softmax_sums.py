"""The question of `functions/softmax` that is answered by a shape."""

from __future__ import annotations

import numpy as np

from lessons.checks.base import CheckBook, Hints, ShapeQuestion, ShapeSlip
from lessons.course.functions.softmax.facts import BATCH, CLASSES


def _sums(axis: int | None, keep: bool = True) -> tuple[int, ...]:
    """The shape of the sums of the batch."""
    return np.shape(np.sum(np.zeros((BATCH, CLASSES)), axis=axis, keepdims=keep))


_SUMS = r"S = \begin{bmatrix} \sum_k \exp(Z_{1k}) \\ \vdots \\ \sum_k \exp(Z_{nk}) \end{bmatrix}"

SOFTMAX_SUMS = ShapeQuestion(
    shape=lambda: _sums(1),
    explanation="One sum for each sample, kept as a column, so that each row of exponentials is "
    "divided by its own. In PyTorch: `Z.exp().sum(dim=1, keepdim=True)`.",
    slips=(
        ShapeSlip(
            "whole-matrix-softmax",
            lambda: _sums(None, keep=False),
            "That is one sum for the whole batch. Then all $n = 32$ rows together would add up to "
            "1, "
            "and not each of them.",
            line=r"S = \sum_s \sum_k \exp(Z_{sk})",
            right=_SUMS,
        ),
        ShapeSlip(
            "sum-per-class",
            lambda: _sums(0),
            "That is a sum for each class, over all samples. A sample's probabilities must not "
            "depend on the others: add up along its row.",
            line=r"S = \begin{bmatrix} \sum_s \exp(Z_{s1}) & \dots & \sum_s \exp(Z_{sK}) "
            r"\end{bmatrix}",
            right=_SUMS,
        ),
        ShapeSlip(
            "axis-dropped",
            lambda: _sums(1, keep=False),
            "There are $n = 32$ sums, but they do not stand as a column. A row of $n = 32$ numbers "
            "cannot divide rows of $K = 10$: keep the second axis.",
            line=r"S = \begin{bmatrix} S_1 & \dots & S_n \end{bmatrix}",
            right=r"S = \begin{bmatrix} S_1 \\ \vdots \\ S_n \end{bmatrix}",
        ),
    ),
    hints=Hints(
        idea="how many sums are there, and what does one of them divide?",
        formula=r"$S_s = \sum_k \exp(Z_{sk})$, one number for each row $s$.",
        numbers="$n = 32$ rows, with one number in each.",
    ),
)

BOOK = CheckBook("functions", predicts={"softmax_sums": SOFTMAX_SUMS})
