"""What the formulas of `classification/softmax-from-scratch` speak of."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas.draws import integer, normal, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from engine.recipes.catalog import find_recipe
from lessons.course.classification.fashion_mnist.facts import (
    BATCH,
    CLASSES,
    HEIGHT,
    TRAIN,
    WIDTH,
)

PIXELS = HEIGHT * WIDTH
LAST_BATCH = (TRAIN - 1) % BATCH + 1
"""How many images are left for the last batch."""
ACCURACY = (0.82, 0.84)
"""Between which numbers the test accuracy of a training comes, as trainings showed."""
PRINTED = 500
"""The loss that a program with the mistake printed, about."""
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
