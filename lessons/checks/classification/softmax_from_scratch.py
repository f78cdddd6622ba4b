"""The checks of the chapter on classification."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
    Hints,
    NumberCheck,
    NumberQuestion,
    Option,
    Slip,
)


def _order_survives_one_divisor() -> int:
    """Divide rows by one common sum: the largest entry of each row stays the largest."""
    scores = np.random.default_rng(0).normal(size=(256, 10))
    by_rows = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    by_batch = np.exp(scores) / np.exp(scores).sum()
    same = bool((by_rows.argmax(axis=1) == by_batch.argmax(axis=1)).all())
    return 1 if same else 0


def _where_confusions_stand() -> int:
    """Let the recipe itself count one mistake, and look where it stands."""
    import torch

    from engine.recipes.softmax import confusion_matrix

    matrix = confusion_matrix(torch.tensor([6, 4]), torch.tensor([4, 4]), 10)
    mistakes = (matrix - torch.diag(matrix.diag())).nonzero().tolist()
    return 0 if mistakes == [[6, 4]] else 1


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(60_000)[start : start + 256]) for start in range(0, 60_000, 256)]


def _last_batch() -> int:
    """How many of the 60 000 images are left for the last batch."""
    return _batch_sizes()[-1]


def _weight_of_a_last_image() -> float:
    """How many times as much an image of the last batch counts in the mean of the batch means."""
    sizes = _batch_sizes()
    return (1 / len(sizes) / sizes[-1]) / (1 / len(sizes) / sizes[0])


BOOK = CheckBook(
    "classification",
    numbers={
        "last_fashion_batch": NumberCheck(_last_batch),
        "guessing": NumberCheck(lambda: 96 * math.log(10)),
    },
    predicts={
        "parameter_count": NumberQuestion(
            answer=lambda: 784 * 10 + 10,
            explanation="784 × 10 weights and 10 biases.",
            tolerance=0,
            slips=(
                Slip(
                    "no-bias",
                    lambda: 7840.0,
                    "These are the weights. Each class has a bias as well.",
                    line="O = XW",
                    right=r"O = XW + \mathbf{b}",
                ),
                Slip(
                    "one-class",
                    lambda: 785.0,
                    "That is one class. Each of the ten has weights and a bias of its own.",
                    line=r"W \in \mathbb{R}^{784 \times 1}, \quad b \in \mathbb{R}",
                    right=r"W \in \mathbb{R}^{784 \times 10}, \quad \mathbf{b} \in \mathbb{R}^{10}",
                ),
            ),
            hints=Hints(
                idea="each class has a weight for every pixel, and one number besides.",
                formula=r"the entries of $W$, which is $784 \times 10$, and those of $\mathbf{b}$.",
                numbers="784 · 10 + 10",
            ),
        ),
        "whole_matrix": ChoiceQuestion(
            options=(
                Option(
                    "The loss was small enough.",
                    "It was not. A model that only guesses has a loss of $96 \\ln 10 =$ "
                    "[221](number:guessing) on "
                    "96 images, far below 500.",
                    slip="whole-matrix-softmax",
                    line=(
                        r"\hat y_j^{(i)} = \frac{\exp(o_j^{(i)})}{\sum_{s} \sum_{k} "
                        r"\exp(o_k^{(s)})}"
                    ),
                    right_line=r"\hat y_j^{(i)} = \frac{\exp(o_j^{(i)})}{\sum_{k} \exp(o_k^{(i)})}",
                ),
                Option(
                    "Dividing a whole row by one number keeps its order.",
                    "The largest entry of a row stays the largest, whatever the row is divided "
                    "by, so the predictions stay the same. The loss gives it away.",
                    right=True,
                ),
                Option(
                    "Softmax does not matter for the training.",
                    "It does: the gradient of the loss depends on what the scores are divided by.",
                ),
            ),
            proof=_order_survives_one_divisor,
        ),
        "whole_matrix_loss": NumberQuestion(
            answer=lambda: 96 * math.log(96),
            explanation="$96 \\ln 96 =$ [438](number:whole_matrix_loss). What is left of the "
            "500 is about 0.6 for each image: "
            "an ordinary loss. The model had learned; only its loss was told wrongly.",
            tolerance=5e-3,
            slips=(
                Slip(
                    "one-image",
                    lambda: math.log(96),
                    "That is for one image. The printed loss is a sum over 96 of them.",
                    line=r"\sum_{i=1}^{n} \ell^{(i)} + \ln n",
                    right=r"\sum_{i=1}^{n} \left( \ell^{(i)} + \ln n \right)",
                ),
                Slip(
                    "last-batch",
                    lambda: 256 * math.log(256),
                    "That would be a whole batch of 256. The last one of an epoch holds 96.",
                    line="n = 256",
                    right=r"n = 60000 - 234 \cdot 256",
                ),
            ),
            hints=Hints(
                idea=(
                    "the loss of each image rises by the same amount, and the printed loss adds "
                    "them up."
                ),
                formula=(
                    r"$-\ln \frac{\hat y_y}{n} = -\ln \hat y_y + \ln n$, for each of the $n$ "
                    r"images."
                ),
                numbers="96 · ln 96",
            ),
        ),
        "start_loss": NumberQuestion(
            answer=lambda: math.log(10),
            explanation="Each class has probability 0.1, and $-\\ln 0.1 = \\ln 10$. A first loss "
            "far from this means that something is wrong before training begins.",
            slips=(
                Slip(
                    "log-base-10",
                    lambda: 1.0,
                    "That is the logarithm to the base 10. The loss takes the natural one, ln.",
                    line=r"\ell = -\log_{10} \hat y_y",
                    right=r"\ell = -\ln \hat y_y",
                ),
                Slip(
                    "no-logarithm",
                    lambda: 0.1,
                    "That is the probability. The loss is its negative logarithm.",
                    line=r"\ell = \hat y_y",
                    right=r"\ell = -\ln \hat y_y",
                ),
            ),
            hints=Hints(
                idea="ten classes, all equally likely: what is the probability of the right one?",
                formula=r"$\ell = -\ln \hat y_y$",
                numbers="−ln(1/10)",
            ),
        ),
        "last_image_weight": NumberQuestion(
            answer=_weight_of_a_last_image,
            explanation="In a mean of means each batch counts once, whatever it holds. Its images "
            "share that part: 256 of them, or only [96](number:last_fashion_batch).",
            slips=(
                Slip(
                    "last-batch",
                    lambda: 1.0,
                    "So it is in the mean over all images. In the mean of the batch means each "
                    "*batch* counts once, and the last one has fewer images to share that.",
                    line=r"\frac{1}{N} : \frac{1}{N}",
                    right=r"\frac{1}{n_{\text{last}}} : \frac{1}{n}",
                ),
                Slip(
                    "upside-down",
                    lambda: 1 / _weight_of_a_last_image(),
                    "That is how much an image of another batch counts beside one of the last. "
                    "Turn the fraction round.",
                    line=r"\frac{1}{n} : \frac{1}{n_{\text{last}}}",
                    right=r"\frac{1}{n_{\text{last}}} : \frac{1}{n}",
                ),
            ),
            hints=Hints(
                idea="every batch counts once, and its images share that evenly.",
                formula=r"$\frac{1}{n_{\text{last}}} : \frac{1}{n} = n / n_{\text{last}}$",
                numbers="256 / [96](number:last_fashion_batch)",
            ),
        ),
        "most_confused": ChoiceQuestion(
            options=(
                Option(
                    "Large numbers off the diagonal, where their rows and columns cross.",
                    "A row is what the image shows, a column what it was taken for. The diagonal "
                    "counts what is right; everything beside it is a confusion.",
                    right=True,
                ),
                Option(
                    "Large numbers on the diagonal.",
                    "The diagonal counts what the model got right.",
                ),
                Option(
                    "An empty row.",
                    "Every class has as many test images as the others, so no row is empty.",
                ),
            ),
            proof=_where_confusions_stand,
        ),
    },
)
