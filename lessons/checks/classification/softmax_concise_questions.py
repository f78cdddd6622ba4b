"""The questions of `classification/softmax-concise`."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.checks.classification.softmax_concise import (
    accuracy_beside_that_loss,
    draw_scores,
    fetches,
    flattened,
    loss_of,
    loss_on_scores,
    why_not_equal,
    with_blank,
)

_LOSS = r"\ell = \ln \sum_k \exp(p_k) - p_y"

BOOK = CheckBook(
    "classification",
    predicts={
        "flatten_shape": ShapeQuestion(
            shape=flattened,
            explanation="256 rows, one an image, of 1 · 28 · 28 = 784 numbers.",
            slips=(
                ShapeSlip(
                    "axis-dropped",
                    lambda: (256 * 784,),
                    "That is `torch.flatten(X)`, which joins all axes. The layer keeps the first: "
                    "images must stay apart.",
                    line=r"256 \cdot 1 \cdot 28 \cdot 28",
                    right=r"256 \times (1 \cdot 28 \cdot 28)",
                ),
                ShapeSlip(
                    "transposed",
                    lambda: (784, 256),
                    "Batches are rows: one row an image.",
                    line=r"784 \times n",
                    right=r"n \times 784",
                ),
            ),
            hints=Hints(
                idea="the axis that counts the images stays; the others become one.",
                formula="(images, channels · rows · columns)",
                numbers="(256, 1 · 28 · 28)",
            ),
        ),
        "linear_bound": NumberQuestion(
            answer=lambda: 1 / math.sqrt(784),
            explanation="$1/\\sqrt{784} = 1/28$. The recipe's standard deviation of 0.01 is "
            "smaller still, and for one layer either start will do.",
            slips=(
                Slip(
                    "no-root",
                    lambda: 1 / 784,
                    "The root is missing: with 784 inputs the bound is $1/\\sqrt{784}$.",
                    line=r"1 / d",
                    right=r"1 / \sqrt{d}",
                ),
                Slip(
                    "outputs-counted",
                    lambda: 1 / math.sqrt(10),
                    "10 is the number of outputs. What counts is how many numbers a unit adds up.",
                    line=r"1 / \sqrt{10}",
                    right=r"1 / \sqrt{784}",
                ),
                Slip(
                    "upside-down",
                    lambda: math.sqrt(784),
                    "That is $\\sqrt{d}$. The bound is 1 over it.",
                    line=r"\sqrt{d}",
                    right=r"1 / \sqrt{d}",
                ),
            ),
            hints=Hints(
                idea="the more inputs, the smaller the bound.",
                formula="$1 / \\sqrt{d}$",
                numbers="$1 / \\sqrt{784}$",
            ),
        ),
        "fetches": NumberQuestion(
            answer=lambda: fetches(60_000, 256),
            explanation="One fetch a batch: 234 whole ones and the last with 96 images. Sample by "
            "sample it would be 60 000.",
            tolerance=0,
            slips=(
                Slip(
                    "samples-counted",
                    lambda: 60_000.0,
                    "That is how a plain `DataLoader` works: a fetch a sample. This one indexes "
                    "the tensor once a batch.",
                    line=r"60\,000",
                    right=r"\lceil 60\,000 / 256 \rceil",
                ),
                Slip(
                    "last-batch",
                    lambda: float(60_000 // 256),
                    "The last, smaller batch is fetched as well.",
                    line=r"\lfloor 60\,000 / 256 \rfloor",
                    right=r"\lceil 60\,000 / 256 \rceil",
                ),
            ),
            hints=Hints(
                idea="the sampler hands out the numbers of a whole batch at a time.",
                formula="images / batch size, rounded up.",
                numbers="60 000 / 256, rounded up.",
            ),
        ),
        "fill_score_loss": FillQuestion(
            formula=r"\ell = \square - o_y",
            left=loss_on_scores,
            factors=(
                Factor(
                    r"\sum_k \exp(o_k)",
                    lambda d: with_blank(float(np.exp(d.o).sum()), d),
                    "The logarithm is missing: this is what softmax divides by.",
                    slip="no-logarithm",
                ),
                Factor(
                    r"\ln \sum_k \exp(o_k)",
                    lambda d: with_blank(float(np.log(np.exp(d.o).sum())), d),
                    "It is close to the largest score. So the loss says how far the right score "
                    "lies below the best one.",
                ),
                Factor(
                    r"\max_k o_k",
                    lambda d: with_blank(float(d.o.max()), d),
                    "Nearly: the logarithm of the sum is a little more than the largest score. "
                    "With the maximum alone the loss would be 0 as soon as the right score is "
                    "the largest.",
                    slip="maximum-only",
                ),
                Factor(
                    r"\sum_k o_k",
                    lambda d: with_blank(float(d.o.sum()), d),
                    "$\\ln$ and $\\exp$ do not cancel across a sum.",
                    slip="sum-of-scores",
                ),
            ),
            draw=draw_scores,
        ),
        "lowest_loss": NumberQuestion(
            answer=lambda: loss_of([1.0] + [0.0] * 9, 0),
            explanation="$\\ln(e + 9) - 1 =$ [1.4612](number:lowest_loss). No training gets below "
            "it, and near it the gradients are small: what is learned is learned slowly.",
            slips=(
                Slip(
                    "probabilities-as-logits",
                    lambda: 0.0,
                    "That is $-\\ln 1$: the loss with *one* softmax. This loss takes $p$ for "
                    "scores and applies softmax again.",
                    line=r"\ell = -\ln p_y",
                    right=_LOSS,
                ),
                Slip(
                    "k-for-k-minus-1",
                    lambda: math.log(math.e + 10) - 1,
                    "There are ten classes in all: one with $p = 1$ and nine with $p = 0$.",
                    line=r"\ln(e + 10) - 1",
                    right=r"\ln(e + 9) - 1",
                ),
                Slip(
                    "uniform",
                    lambda: loss_of([0.1] * 10, 0),
                    "That is $\\ln 10$, for a model that only guesses. This one is sure.",
                    line=r"\ln 10",
                    right=r"\ln(e + 9) - 1",
                ),
            ),
            hints=Hints(
                idea="put the ten probabilities into the formula as if they were scores.",
                formula=f"${_LOSS}$",
                numbers="$\\ln(\\exp(1) + 9 \\exp(0)) - 1$",
            ),
        ),
        "softmax_twice_seen": ChoiceQuestion(
            options=(
                Option(
                    "Near 0.1: the loss is far above 0, so it learned nothing.",
                    "With ten classes 1.47 is close to the lowest loss that this program can "
                    "show. It learned.",
                    slip="probabilities-as-logits",
                    line=r"\ell \ge 0",
                    right_line=r"\ell \ge \ln(e + 9) - 1",
                ),
                Option(
                    "About 0.23, which is $e^{-1.47}$.",
                    "That would be the probability of the right class if this loss were a plain "
                    "cross entropy. It is one of probabilities taken for scores.",
                ),
                Option(
                    "It may be perfect.",
                    "Softmax keeps the order of the scores, twice or once. Only the loss gives it "
                    "away: it stands still above 1.4612 while the accuracy is fine.",
                    right=True,
                ),
            ),
            proof=accuracy_beside_that_loss,
        ),
        "sum_reduction": NumberQuestion(
            answer=lambda: 0.1 * 256,
            explanation="The gradient of the sum is 256 times that of the mean, and nobody divides "
            "it. Such a training swings wildly.",
            slips=(
                Slip(
                    "sum-for-mean",
                    lambda: 0.1,
                    "`SGD` takes the gradient as it is. That of a sum over 256 images is larger.",
                    line=r"\eta",
                    right=r"256 \, \eta",
                ),
                Slip(
                    "divide-twice",
                    lambda: 0.1 / 256,
                    "That would be a division too many; here there is one too few.",
                    line=r"\eta / 256",
                    right=r"256 \, \eta",
                ),
            ),
            hints=Hints(
                idea="how many times the mean is the sum over the batch?",
                formula="$n \\eta$",
                numbers="256 · 0.1",
            ),
        ),
        "why_not_equal": ChoiceQuestion(
            options=(
                Option(
                    "The concise version has a small mistake.",
                    "A mistake would show as a difference that is far larger, and that grows. "
                    "Plant one in the lab and compare.",
                ),
                Option(
                    "Sums are added up in another order, and each order rounds its own way.",
                    "$V$ lies in memory the other way round than $W$, and the gradients are found "
                    "by other functions. 256 products add up to the same number, but for the last "
                    "digit.",
                    right=True,
                ),
                Option(
                    "The batches are not the same.",
                    "In lockstep both get the same batches. Other batches would make differences "
                    "of the size of a whole update.",
                ),
            ),
            proof=why_not_equal,
        ),
    },
)
