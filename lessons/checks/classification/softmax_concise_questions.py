"""The questions of `classification/softmax-concise`."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas.notation import Notation
from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Factor,
    FillQuestion,
    Hints,
    NumberCheck,
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
    second_softmax,
    share_of_an_image,
    why_not_equal,
    with_blank,
)

_AGAIN = r"\frac{\exp(p_y)}{\sum_k \exp(p_k)}"
_SURE = (1.0, *[0.0] * 9)

BOOK = CheckBook(
    "classification",
    numbers={"lowest_loss": NumberCheck(lambda: loss_of(list(_SURE), 0))},
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
            answer=lambda: fetches(10_000, 256),
            explanation="One fetch a batch: 39 whole ones and the last with 16 images. Sample by "
            "sample it would be 10 000.",
            tolerance=0,
            slips=(
                Slip(
                    "samples-counted",
                    lambda: 10_000.0,
                    "That is how a plain `DataLoader` works: a fetch a sample. This one indexes "
                    "the tensor once a batch.",
                    line=r"10\,000",
                    right=r"\lceil 10\,000 / 256 \rceil",
                ),
                Slip(
                    "last-batch",
                    lambda: float(10_000 // 256),
                    "The last, smaller batch is fetched as well.",
                    line=r"\lfloor 10\,000 / 256 \rfloor",
                    right=r"\lceil 10\,000 / 256 \rceil",
                ),
            ),
            hints=Hints(
                idea="the sampler hands out the numbers of a whole batch at a time.",
                formula="images / batch size, rounded up.",
                numbers="10 000 / 256, rounded up.",
            ),
        ),
        "fill_score_loss": FillQuestion(
            formula=r"\ell = \square - o_y",
            factors=(
                Factor(
                    r"\sum_k \exp(o_k)",
                    "The logarithm is missing: this is what softmax divides by.",
                    slip="no-logarithm",
                ),
                Factor(
                    r"\ln \sum_k \exp(o_k)",
                    "It is close to the largest score. So the loss says how far the right score "
                    "lies below the best one.",
                ),
                Factor(
                    r"\max_k o_k",
                    "Nearly: the logarithm of the sum is a little more than the largest score. "
                    "With the maximum alone the loss would be 0 as soon as the right score is "
                    "the largest.",
                    slip="maximum-only",
                ),
                Factor(
                    r"\sum_k o_k",
                    "$\\ln$ and $\\exp$ do not cancel across a sum.",
                    slip="sum-of-scores",
                ),
            ),
            notation=Notation(),
        ),
        "second_softmax": NumberQuestion(
            answer=lambda: second_softmax(_SURE),
            explanation="$e / (e + 9)$. The loss of this perfect model is the negative logarithm "
            "of it, [1.4612](number:lowest_loss). No training gets below that, and near it the "
            "gradients are small: what is learned is learned slowly.",
            slips=(
                Slip(
                    "probabilities-as-logits",
                    lambda: 1.0,
                    "That is $p_y$, after *one* softmax. This loss takes $p$ for scores and "
                    "applies softmax again.",
                    line="p_y",
                    right=_AGAIN,
                ),
                Slip(
                    "k-for-k-minus-1",
                    lambda: math.e / (math.e + 10),
                    "There are ten classes in all: one with $p = 1$ and nine with $p = 0$.",
                    line=r"\frac{e}{e + 10}",
                    right=r"\frac{e}{e + 9}",
                ),
                Slip(
                    "uniform",
                    lambda: second_softmax((0.1,) * 10),
                    "That is for a model that only guesses: ten equal numbers. This one is sure.",
                    line=r"\frac{\exp(0.1)}{10 \exp(0.1)}",
                    right=r"\frac{\exp(1)}{\exp(1) + 9 \exp(0)}",
                ),
            ),
            hints=Hints(
                idea="put the ten probabilities into softmax as if they were scores.",
                formula=f"${_AGAIN}$",
                numbers=r"$\exp(1) / (\exp(1) + 9 \exp(0))$",
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
        "last_batch_share": NumberQuestion(
            answer=lambda: share_of_an_image(96) / share_of_an_image(256),
            explanation="$256 / 96$. Both programs divide by as many images as there are, so the "
            "step of a small batch is no shorter, and each of its images counts for more.",
            slips=(
                Slip(
                    "last-batch",
                    lambda: 1.0,
                    "That would be so if both batches were divided by the same number. The mean "
                    "of the last one is divided by 96.",
                    line=r"\frac{\eta}{n} \nabla \ell, \quad n = 256",
                    right=r"\frac{\eta}{n} \nabla \ell, \quad n = 96",
                ),
                Slip(
                    "upside-down",
                    lambda: 96 / 256,
                    "It is the other way round: an image among 96 has a larger share of the mean "
                    "than one among 256.",
                    line=r"\frac{1}{256} \Big/ \frac{1}{96}",
                    right=r"\frac{1}{96} \Big/ \frac{1}{256}",
                ),
            ),
            hints=Hints(
                idea="which share of a mean over $n$ images does one image have?",
                formula=r"$\frac{\eta}{n} \nabla \ell$",
                numbers="(1 / 96) / (1 / 256)",
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
