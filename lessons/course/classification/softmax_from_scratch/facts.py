"""What the formulas of `classification/softmax-from-scratch` speak of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType

import numpy as np

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.recipes.catalog import find_recipe
from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES, HEIGHT, TRAIN, WIDTH
from lessons.judge.values import Choice, Number, QuestionValues, Shape

PIXELS = HEIGHT * WIDTH


LAST_BATCH = (TRAIN - 1) % BATCH + 1
"""How many images are left for the last batch."""


ACCURACY = (0.82, 0.84)
"""Between which numbers the test accuracy of a training comes, as trainings showed."""


PRINTED = 500
"""The loss that a program with the mistake printed, about."""


LOOP_RATE = 0.1
"""The learning rate of a question on sums and means."""


SETTINGS = {
    parameter.name: parameter.default for parameter in find_recipe("softmax").hyperparameters
}
"""What the training starts with."""


def probabilities_of(world: World, name: str) -> Value:
    """Softmax of the scores of one image, as a column."""
    return world.value((name, (), None)).softmax(dim=0)


def _probability(world: World, j: int) -> Value:
    return probabilities_of(world, "bold o")[j]


def _probability_in_batch(world: World, j: int, i: int) -> Value:
    return world.value(("O", (), None)).softmax(dim=1)[i - 1, j]


NOTATION = (
    Notation()
    .size("n")
    .drawn("X", rf"n \times {PIXELS}", uniform(0.0, 1.0))
    .drawn("W", rf"{PIXELS} \times {CLASSES}", normal(0.05))
    .drawn(r"\mathbf{b}", f"{CLASSES}")
    .drawn(r"\mathbf{1}", "n", lambda rng, shape: np.ones(shape))
    .defined(r"O = XW + \mathbf{1} \mathbf{b}^\top", rf"n \times {CLASSES}")
    .drawn(r"\mathbf{o}", f"{CLASSES}", start=0)
    .defined(r"o_j = \mathbf{o}_j", "", over="j")
    .computed(r"\hat y_j", _probability, "", over="j")
    .computed("y", lambda world: (3 * world.index) % CLASSES, "")
    .defined(r"\ell = -\ln \hat y_y", "")
    .defined(r"o_j^{(i)} = O_{i,j+1}", "", over="j i")
    .computed(r"\hat y_j^{(i)}", _probability_in_batch, "", over="j i")
    .drawn("y^{(i)}", "", integer(0, CLASSES - 1), over="i")
    .defined(r"\ell^{(i)} = -\ln \hat y_{y^{(i)}}^{(i)}", "", over="i")
    .computed(
        r"\boldsymbol{\ell}",
        lambda world: np.array(
            [float(world.value(("ℓ", (), i + 1))) for i in range(int(world.value(("n", (), None))))]
        ),
        "n",
    )
    .fixed("N", TRAIN)
    .fixed(r"n_{\text{last}}", LAST_BATCH)
    .defined(r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}", "")
    .fixed(r"\text{parameters}", PIXELS * CLASSES + CLASSES)
    .fixed(r"\text{rate}", LOOP_RATE * BATCH)
    .index("j k", f"{CLASSES}", start=0)
    .index("i", "n")
    .index("s", "n", unlike="i")
)


LAST = NOTATION.fixed("n", LAST_BATCH).defined(
    r"\text{rise} = \sum_{i=1}^{n} (\ell^{(i)} + \ln n) - \sum_{i=1}^{n} \ell^{(i)}", ""
)
"""The last batch of an epoch; its loss rises where all rows share one sum."""


WHOLE = NOTATION.fixed("n", BATCH)


SCOPES = {
    "whole_matrix": LAST,
    "whole_matrix_loss": LAST,
    "indexed_shape": WHOLE,
    "start_loss": NOTATION.drawn(
        r"\mathbf{o}", f"{CLASSES}", lambda rng, shape: np.zeros(shape), start=0
    ),
    "last_image_weight": WHOLE,
}


RISE = LAST_BATCH * math.log(LAST_BATCH)
"""By how much that loss rises."""


def _order_survives_one_divisor() -> int:
    """Divide rows by one common sum: the largest entry of each row stays the largest."""
    scores = np.random.default_rng(0).normal(size=(256, 10))
    by_rows = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    by_batch = np.exp(scores) / np.exp(scores).sum()
    same = bool((by_rows.argmax(axis=1) == by_batch.argmax(axis=1)).all())
    return 1 if same else 0


def _loss_shape() -> tuple[int, ...]:
    """The shape that the recipe's own loss has for 256 images."""
    import torch

    from engine.recipes.softmax import cross_entropy

    return tuple(cross_entropy(torch.zeros(256, 10), torch.zeros(256, dtype=torch.long)).shape)


def _batch_sizes() -> list[int]:
    """How many images each batch of an epoch holds."""
    return [len(range(TRAIN)[start : start + BATCH]) for start in range(0, TRAIN, BATCH)]


def _weight_of_a_last_image() -> float:
    """How many times as much an image of the last batch counts in the mean of the batch means."""
    sizes = _batch_sizes()
    return (1 / len(sizes) / sizes[-1]) / (1 / len(sizes) / sizes[0])


def _rate_of_the_mean() -> float:
    """The rate with which the mean of a batch moves a weight as far as its sum does."""
    import torch

    generator = torch.Generator().manual_seed(0)
    x = torch.rand(BATCH, generator=generator, dtype=torch.float64)
    w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    slopes = [torch.autograd.grad(loss, w)[0] for loss in ((w * x).sum(), (w * x).mean())]
    return float(LOOP_RATE * slopes[0] / slopes[1])


def _where_confusions_stand() -> int:
    """Let the recipe itself count one mistake, and look where it stands."""
    import torch

    from engine.recipes.softmax import confusion_matrix

    matrix = confusion_matrix(torch.tensor([6, 4]), torch.tensor([4, 4]), 10)
    mistakes = (matrix - torch.diag(matrix.diag())).nonzero().tolist()
    return 0 if mistakes == [[6, 4]] else 1


def _mistakes() -> ModuleType:
    """The module with the mistakes of this chapter, which imports much."""
    return import_module("lessons.course.classification.softmax_from_scratch.mistakes")


def _last_batch() -> int:
    """How many images are left for the last batch."""
    return _batch_sizes()[-1]


NUMBERS: Mapping[str, Callable[[], float]] = {
    "accuracy_high": lambda: ACCURACY[1],
    "accuracy_low": lambda: ACCURACY[0],
    "all_right_predictions": lambda: _mistakes().ALL_RIGHT,
    "fashion_batch": lambda: BATCH,
    "fashion_classes": lambda: CLASSES,
    "fashion_columns": lambda: WIDTH,
    "fashion_pixels": lambda: HEIGHT * WIDTH,
    "fashion_rows": lambda: HEIGHT,
    "fashion_train": lambda: TRAIN,
    "guessing": lambda: LAST_BATCH * math.log(CLASSES),
    "last_fashion_batch": _last_batch,
    "loop_rate_given": lambda: LOOP_RATE,
    "mean_of_means_samples": lambda: _mistakes().IN_ONE_GO,
    "ordinary_loss": lambda: PRINTED / LAST_BATCH - math.log(LAST_BATCH),
    "printed_loss": lambda: PRINTED,
    "softmax_batch": lambda: float(SETTINGS["batch_size"]),
    "softmax_epochs": lambda: float(SETTINGS["epochs"]),
    "softmax_rate": lambda: float(SETTINGS["lr"]),
}


def _train_first_epoch() -> int:
    """The part of the gain in accuracy that the first epoch makes: a tenth, most of it, all."""
    from lessons.course.classification.softmax_from_scratch.claims import share_of_first_epoch

    share = share_of_first_epoch()
    return 0 if share < 0.2 else 1 if 0.5 < share < 0.98 else 2


QUESTIONS: Mapping[str, QuestionValues] = {
    "parameter_count": Number(
        lambda: PIXELS * CLASSES + CLASSES,
        slips={
            "no-bias": lambda: float(PIXELS * CLASSES),
            "one-class": lambda: PIXELS + 1.0,
            "bias-per-pixel": lambda: float(PIXELS * CLASSES + PIXELS),
            "one-bias": lambda: PIXELS * CLASSES + 1.0,
            "images-counted": lambda: float(TRAIN * PIXELS),
        },
        tolerance=0,
    ),
    "whole_matrix": Choice(_order_survives_one_divisor),
    "whole_matrix_loss": Number(
        lambda: LAST_BATCH * math.log(LAST_BATCH),
        slips={
            "one-image": lambda: math.log(LAST_BATCH),
            "last-batch": lambda: BATCH * math.log(BATCH),
            "classes-for-images": lambda: LAST_BATCH * math.log(CLASSES),
            "no-logarithm": lambda: LAST_BATCH * LAST_BATCH,
            "whole-loss": lambda: PRINTED,
        },
        tolerance=5e-3,
    ),
    "indexed_shape": Shape(
        _loss_shape,
        slips={
            "every-pair": lambda: np.zeros((256, 10))[:, np.zeros(256, dtype=int)].shape,
            "all-classes": lambda: np.zeros((256, 10)).shape,
            "one-per-class": lambda: (10,),
            "mean-taken": lambda: (),
        },
    ),
    "start_loss": Number(
        lambda: math.log(CLASSES),
        slips={
            "log-base-10": lambda: 1.0,
            "no-logarithm": lambda: 1 / CLASSES,
            "no-loss-yet": lambda: 0.0,
            "another-count": [lambda: math.log(PIXELS), lambda: math.log(BATCH)],
        },
    ),
    "last_image_weight": Number(
        _weight_of_a_last_image,
        slips={
            "last-batch": lambda: 1.0,
            "upside-down": lambda: 1 / _weight_of_a_last_image(),
            "difference": lambda: BATCH - LAST_BATCH,
            "all-images": lambda: TRAIN / LAST_BATCH,
            "count-of-batches": lambda: len(_batch_sizes()),
        },
    ),
    "loop_rate": Number(
        _rate_of_the_mean,
        slips={
            "no-change": lambda: LOOP_RATE,
            "divide-twice": lambda: LOOP_RATE / BATCH,
            "no-rate": lambda: BATCH,
        },
    ),
    "most_confused": Choice(_where_confusions_stand),
    "train_first_epoch": Choice(_train_first_epoch),
}
