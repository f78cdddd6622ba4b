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
    NumberCheck,
    NumberQuestion,
    Option,
    ShapeQuestion,
    ShapeSlip,
    Slip,
)
from lessons.checks.classification.softmax_concise import (
    accuracy_beside_that_loss,
    counted_images,
    fetches,
    flattened,
    huge_score,
    loss_of,
    second_softmax,
    share_of_an_image,
    starting_deviation,
    why_not_equal,
)
from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES, TEST
from lessons.course.classification.softmax_concise.facts import NOTATION, REPORTED
from lessons.course.classification.softmax_from_scratch.facts import LAST_BATCH, PIXELS

_AGAIN = r"\hat y_y = \frac{\exp(p_y)}{\sum_k \exp(p_k)}"
_SURE = (1.0, *[0.0] * (CLASSES - 1))

BOOK = CheckBook(
    "classification",
    numbers={
        "lowest_loss": NumberCheck(lambda: loss_of(list(_SURE), 0)),
        "reported_loss": NumberCheck(lambda: REPORTED),
        "taken_for_probability": NumberCheck(lambda: math.exp(-REPORTED)),
        "guessing_accuracy": NumberCheck(lambda: 1 / CLASSES),
        "init_deviation": NumberCheck(starting_deviation),
        "counted_images": NumberCheck(counted_images),
        "counted_batches": NumberCheck(lambda: math.ceil(counted_images() / BATCH)),
        "huge_score": NumberCheck(huge_score),
        "last_test_batch": NumberCheck(lambda: TEST % BATCH),
        "double_bits": NumberCheck(lambda: np.finfo(np.float64).bits),
        "single_bits": NumberCheck(lambda: np.finfo(np.float32).bits),
        "rounding": NumberCheck(lambda: float(np.finfo(np.float64).eps) / 2),
    },
    predicts={
        "flatten_shape": ShapeQuestion(
            shape=flattened,
            explanation=r"$X : 256 \times 784$: a row for each image, of "
            r"$1 \cdot 28 \cdot 28 = 784$ numbers.",
            slips=(
                ShapeSlip(
                    "axis-dropped",
                    lambda: (BATCH * PIXELS,),
                    "That is `torch.flatten(X)`, which joins all axes. The layer keeps the first: "
                    "images must stay apart.",
                    line=r"X : 256 \cdot 1 \cdot 28 \cdot 28",
                    right=r"X : 256 \times (1 \cdot 28 \cdot 28)",
                ),
                ShapeSlip(
                    "transposed",
                    lambda: (PIXELS, BATCH),
                    "Batches are rows: one row an image.",
                    line=r"X : 784 \times n",
                    right=r"X : n \times 784",
                ),
            ),
            hints=Hints(
                idea="the axis that counts the images stays; the others become one.",
                formula="(images, channels · rows · columns)",
                numbers=r"$X : 256 \times (1 \cdot 28 \cdot 28)$",
            ),
        ),
        "linear_bound": NumberQuestion(
            answer=lambda: 1 / math.sqrt(PIXELS),
            explanation="$\\text{bound} = 1/\\sqrt{784} = 1/28$. The recipe's standard deviation "
            "of "
            "[0.01](number:init_deviation) is "
            "smaller still, and for one layer either start will do.",
            slips=(
                Slip(
                    "no-root",
                    lambda: 1 / PIXELS,
                    "The root is missing: with $d = 784$ inputs it is "
                    "$\\text{bound} = 1/\\sqrt{784}$.",
                    line=r"\text{bound} = 1 / d",
                    right=r"\text{bound} = 1 / \sqrt{d}",
                ),
                Slip(
                    "outputs-counted",
                    lambda: 1 / math.sqrt(CLASSES),
                    "That is the number of outputs, [10](number:fashion_classes). What counts is "
                    "how many numbers a unit adds up.",
                    line=r"\text{bound} = 1 / \sqrt{10}",
                    right=r"\text{bound} = 1 / \sqrt{784}",
                ),
                Slip(
                    "upside-down",
                    lambda: math.sqrt(PIXELS),
                    "That is $\\sqrt{d}$. The bound is 1 over it.",
                    line=r"\text{bound} = \sqrt{d}",
                    right=r"\text{bound} = 1 / \sqrt{d}",
                ),
            ),
            hints=Hints(
                idea="the more inputs, the smaller the bound.",
                formula=r"$\text{bound} = 1 / \sqrt{d}$",
                numbers=r"$\text{bound} = 1 / \sqrt{784}$",
            ),
        ),
        "fetches": NumberQuestion(
            answer=lambda: fetches(TEST, BATCH),
            explanation="One fetch a batch: [39](number:fetches/last-batch) whole ones and the "
            "last with "
            "[16](number:last_test_batch) images. Sample by sample it would be "
            "[10 000](number:fetches/samples-counted).",
            tolerance=0,
            slips=(
                Slip(
                    "samples-counted",
                    lambda: float(TEST),
                    "That is how a plain `DataLoader` works: a fetch a sample. This one indexes "
                    "the tensor once a batch.",
                    line=r"\text{fetches} = 10\,000",
                    right=r"\text{fetches} = \lceil 10\,000 / 256 \rceil",
                ),
                Slip(
                    "last-batch",
                    lambda: float(TEST // BATCH),
                    "The last, smaller batch is fetched as well.",
                    line=r"\text{fetches} = \lfloor 10\,000 / 256 \rfloor",
                    right=r"\text{fetches} = \lceil 10\,000 / 256 \rceil",
                ),
            ),
            hints=Hints(
                idea="the sampler hands out the numbers of a whole batch at a time.",
                formula="images / batch size, rounded up.",
                numbers=r"$\text{fetches} = \lceil 10\,000 / 256 \rceil$",
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
            notation=NOTATION,
        ),
        "second_softmax": NumberQuestion(
            answer=lambda: second_softmax(_SURE),
            explanation="$\\hat y_y = e / (e + 9)$. The loss of this perfect model is the negative "
            "logarithm "
            "of it, [1.4612](number:lowest_loss). No training gets below that, and near it the "
            "gradients are small: what is learned is learned slowly.",
            slips=(
                Slip(
                    "probabilities-as-logits",
                    lambda: 1.0,
                    "That is $p_y$, after *one* softmax. This loss takes each $p_k$ for a score "
                    "and "
                    "applies softmax again.",
                    line=r"\hat y_y = p_y",
                    right=_AGAIN,
                ),
                Slip(
                    "k-for-k-minus-1",
                    lambda: math.e / (math.e + CLASSES),
                    "There are ten classes in all: one has the probability 1, nine have 0.",
                    line=r"\hat y_y = \frac{e}{e + 10}",
                    right=r"\hat y_y = \frac{e}{e + 9}",
                ),
                Slip(
                    "uniform",
                    lambda: second_softmax((1 / CLASSES,) * CLASSES),
                    "That is for a model that only guesses: ten equal numbers. This one is sure.",
                    line=r"\hat y_y = \frac{\exp(0.1)}{10 \exp(0.1)}",
                    right=r"\hat y_y = \frac{\exp(1)}{\exp(1) + 9 \exp(0)}",
                ),
            ),
            hints=Hints(
                idea="put the ten probabilities into softmax as if they were scores.",
                formula=f"${_AGAIN}$",
                numbers=r"$\hat y_y = \exp(1) / (\exp(1) + 9 \exp(0))$",
            ),
        ),
        "softmax_twice_seen": ChoiceQuestion(
            options=(
                Option(
                    "Near [0.1](number:guessing_accuracy): the loss is far above 0, so it learned "
                    "nothing.",
                    "With ten classes [1.47](number:reported_loss) is close to the lowest loss "
                    "that this program can "
                    "show. It learned.",
                    slip="probabilities-as-logits",
                    line=r"\ell \ge 0",
                    right_line=r"\ell \ge \ln(e + 9) - 1",
                ),
                Option(
                    "About [0.23](number:taken_for_probability), which is "
                    r"$e^{-\num{reported_loss}{1.47}}$.",
                    "That would be the probability of the right class if this loss were a plain "
                    "cross entropy. It is one of probabilities taken for scores.",
                ),
                Option(
                    "It may be perfect.",
                    "Softmax keeps the order of the scores, twice or once. Only the loss gives it "
                    "away: it stands still above [1.4612](number:lowest_loss) while the accuracy "
                    "is fine.",
                    right=True,
                ),
            ),
            proof=accuracy_beside_that_loss,
        ),
        "last_batch_share": NumberQuestion(
            answer=lambda: share_of_an_image(LAST_BATCH) / share_of_an_image(BATCH),
            explanation="$\\text{times} = 256 / 96$. Both programs divide by as many images as "
            "there are, so the "
            "step of a small batch is no shorter, and each of its images counts for more.",
            slips=(
                Slip(
                    "last-batch",
                    lambda: 1.0,
                    "That would be so if both batches were divided by the same number. The mean "
                    "of the last one is divided by [96](number:last_fashion_batch).",
                    line=r"\text{times} = \frac{1 / 256}{1 / 256}",
                    right=r"\text{times} = \frac{1 / 96}{1 / 256}",
                ),
                Slip(
                    "upside-down",
                    lambda: LAST_BATCH / BATCH,
                    "It is the other way round: an image among [96](number:last_fashion_batch) has "
                    "a "
                    "larger share of the mean than one among [256](number:fashion_batch).",
                    line=r"\text{times} = \frac{1 / n}{1 / n_{\text{last}}}",
                    right=r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}",
                ),
            ),
            hints=Hints(
                idea="which share of a mean over $n$ images does one image have?",
                formula=r"$\text{times} = \frac{1 / n_{\text{last}}}{1 / n}$",
                numbers=r"$\text{times} = \frac{1 / 96}{1 / 256}$",
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
                    "by other functions. The same products add up to the same number, but for the "
                    "last "
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
