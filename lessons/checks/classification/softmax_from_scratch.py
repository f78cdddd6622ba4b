"""The checks of the chapter on classification."""

from __future__ import annotations

import math

import numpy as np

from lessons.checks.base import (
    CheckBook,
    ChoiceQuestion,
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


BOOK = CheckBook(
    "classification",
    numbers={"guessing": NumberCheck(lambda: 96 * math.log(10))},
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
                ),
                Slip(
                    "one-class",
                    lambda: 785.0,
                    "That is one class. Each of the ten has weights and a bias of its own.",
                ),
            ),
            hint="Each class has one weight a pixel, and one bias.",
        ),
        "whole_matrix": ChoiceQuestion(
            options=(
                Option(
                    "The loss was small enough.",
                    "It was not. A model that only guesses has a loss of $96 \\ln 10 =$ "
                    "[221](number:guessing) on "
                    "96 images, far below 500.",
                    slip="whole-matrix-softmax",
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
                ),
                Slip(
                    "last-batch",
                    lambda: 256 * math.log(256),
                    "That would be a whole batch of 256. The last one of an epoch holds 96.",
                ),
            ),
            hint="A probability that is 96 times too small raises $-\\ln$ of it by $\\ln 96$.",
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
                ),
                Slip(
                    "no-logarithm",
                    lambda: 0.1,
                    "That is the probability. The loss is its negative logarithm.",
                ),
            ),
            hint="Each class has the probability 1/10. Take $-\\ln$ of it.",
        ),
        "last_fashion_batch": NumberQuestion(
            answer=lambda: 60_000 % 256,
            explanation="234 whole batches hold 59 904 images, and 96 are left.",
            tolerance=0,
            slips=(
                Slip(
                    "last-batch",
                    lambda: 256.0,
                    "256 does not divide 60 000. Take away 234 whole batches.",
                ),
                Slip("batch-count", lambda: 234.0, "That is how many whole batches there are."),
            ),
            hint="Take away as many whole batches of 256 as there are.",
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
