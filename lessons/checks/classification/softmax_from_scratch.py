"""The checks of the chapter on classification."""

from __future__ import annotations

import math
from importlib import import_module
from types import ModuleType

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
from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES, TRAIN
from lessons.course.classification.softmax_from_scratch.facts import (
    ACCURACY,
    LAST_BATCH,
    PIXELS,
    PRINTED,
    SETTINGS,
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


def _mistakes() -> ModuleType:
    """The module with the mistakes of this chapter, which imports much."""
    return import_module("lessons.mistakes.classification")


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(TRAIN)[start : start + BATCH]) for start in range(0, TRAIN, BATCH)]


def _last_batch() -> int:
    """How many images are left for the last batch."""
    return _batch_sizes()[-1]


def _weight_of_a_last_image() -> float:
    """How many times as much an image of the last batch counts in the mean of the batch means."""
    sizes = _batch_sizes()
    return (1 / len(sizes) / sizes[-1]) / (1 / len(sizes) / sizes[0])


BOOK = CheckBook(
    "classification",
    numbers={
        "last_fashion_batch": NumberCheck(_last_batch),
        "guessing": NumberCheck(lambda: LAST_BATCH * math.log(CLASSES)),
        "ordinary_loss": NumberCheck(lambda: PRINTED / LAST_BATCH - math.log(LAST_BATCH)),
        "printed_loss": NumberCheck(lambda: PRINTED),
        "fashion_classes": NumberCheck(lambda: CLASSES),
        "accuracy_low": NumberCheck(lambda: ACCURACY[0]),
        "accuracy_high": NumberCheck(lambda: ACCURACY[1]),
        "softmax_epochs": NumberCheck(lambda: float(SETTINGS["epochs"])),
        "softmax_batch": NumberCheck(lambda: float(SETTINGS["batch_size"])),
        "softmax_rate": NumberCheck(lambda: float(SETTINGS["lr"])),
        "mean_of_means_samples": NumberCheck(lambda: _mistakes().IN_ONE_GO),
        "all_right_predictions": NumberCheck(lambda: _mistakes().ALL_RIGHT),
    },
    predicts={
        "parameter_count": NumberQuestion(
            answer=lambda: PIXELS * CLASSES + CLASSES,
            explanation=r"$\text{parameters} = 784 \cdot 10 + 10$: the weights and the biases.",
            tolerance=0,
            slips=(
                Slip(
                    "no-bias",
                    lambda: float(PIXELS * CLASSES),
                    "These are the weights. Each class has a bias as well.",
                    line=r"\text{parameters} = 784 \cdot 10",
                    right=r"\text{parameters} = 784 \cdot 10 + 10",
                ),
                Slip(
                    "one-class",
                    lambda: PIXELS + 1.0,
                    "That is one class. Each of the ten has weights and a bias of its own.",
                    line=r"\text{parameters} = 784 + 1",
                    right=r"\text{parameters} = 784 \cdot 10 + 10",
                ),
            ),
            hints=Hints(
                idea="each class has a weight for every pixel, and one number besides.",
                formula=r"the entries of $W : 784 \times 10$, and those of $\mathbf{b} : 10$.",
                numbers=r"$\text{parameters} = 784 \cdot 10 + 10$",
            ),
        ),
        "whole_matrix": ChoiceQuestion(
            options=(
                Option(
                    "The loss was small enough.",
                    "It was not. A model that only guesses has a loss of $96 \\ln 10 \\approx$ "
                    "[221](number:guessing) on [96](number:last_fashion_batch) images, far below "
                    "[500](number:printed_loss).",
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
            answer=lambda: LAST_BATCH * math.log(LAST_BATCH),
            explanation="$\\text{rise} = n \\ln n = 96 \\ln 96 \\approx$ "
            "[438](number:whole_matrix_loss). What is left of the "
            "[500](number:printed_loss) is about [0.6](number:ordinary_loss) for each image: "
            "an ordinary loss. The model had learned; only its loss was told wrongly.",
            tolerance=5e-3,
            slips=(
                Slip(
                    "one-image",
                    lambda: math.log(LAST_BATCH),
                    "That is for one image. The printed loss is a sum over "
                    "[96](number:last_fashion_batch) of them.",
                    line=r"\text{rise} = \ln n",
                    right=r"\text{rise} = \sum_{i=1}^{n} \ln n",
                ),
                Slip(
                    "last-batch",
                    lambda: BATCH * math.log(BATCH),
                    "That would be a whole batch of [256](number:fashion_batch). The last one of "
                    "an "
                    "epoch holds $n = 60000 - 234 \\cdot 256 = 96$.",
                    line=r"\text{rise} = 256 \ln 256",
                    right=r"\text{rise} = 96 \ln 96",
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
                numbers=r"$\text{rise} = 96 \ln 96$",
            ),
        ),
        "start_loss": NumberQuestion(
            answer=lambda: math.log(CLASSES),
            explanation="Each class has the probability $\\hat y_j = 0.1$, and "
            "$\\ell = -\\ln 0.1 = \\ln 10$. A first loss "
            "far from this means that something is wrong before training begins.",
            slips=(
                Slip(
                    "log-base-10",
                    lambda: 1.0,
                    "That is the logarithm to the base 10. The loss takes the natural one, ln.",
                    line=r"\ell = -\frac{\ln \hat y_y}{\ln 10}",
                    right=r"\ell = -\ln \hat y_y",
                ),
                Slip(
                    "no-logarithm",
                    lambda: 1 / CLASSES,
                    "That is the probability. The loss is its negative logarithm.",
                    line=r"\ell = \hat y_y",
                    right=r"\ell = -\ln \hat y_y",
                ),
            ),
            hints=Hints(
                idea="ten classes, all equally likely: what is the probability of the right one?",
                formula=r"$\ell = -\ln \hat y_y$",
                numbers=r"$\ell = -\ln (1 / 10)$",
            ),
        ),
        "last_image_weight": NumberQuestion(
            answer=_weight_of_a_last_image,
            explanation="In a mean of means each batch counts once, whatever it holds. Its images "
            "share that part: [256](number:fashion_batch) of them, or only "
            "[96](number:last_fashion_batch).",
            slips=(
                Slip(
                    "last-batch",
                    lambda: 1.0,
                    "So it is in the mean over all images. In the mean of the batch means each "
                    "*batch* counts once, and the last one has fewer images to share that.",
                    line=r"\text{times} = \frac{1 / n}{1 / n}",
                    right=r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}",
                ),
                Slip(
                    "upside-down",
                    lambda: 1 / _weight_of_a_last_image(),
                    "That is how much an image of another batch counts beside one of the last. "
                    "Turn the fraction round.",
                    line=r"\text{times} = \frac{1 / n}{1 / n_{\text{last}}}",
                    right=r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}",
                ),
            ),
            hints=Hints(
                idea="every batch counts once, and its images share that evenly.",
                formula=r"$\text{times} = \frac{1 / n_{\text{last}}}{1 / n} = n / n_{\text{last}}$",
                numbers=r"$\text{times} = 256 / 96$",
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
