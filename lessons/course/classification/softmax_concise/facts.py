"""What the formulas of `classification/softmax-concise` speak of."""

from __future__ import annotations

import math

import numpy as np

from engine.formulas import values as v
from engine.formulas.draws import normal, simplex, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value
from engine.formulas.world import World
from lessons.course.classification.fashion_mnist.facts import BATCH, CLASSES, TEST
from lessons.course.classification.softmax_from_scratch.facts import (
    LAST_BATCH,
    PIXELS,
    probabilities_of,
)

REPORTED = 1.47
"""The loss that a training with two softmaxes reports."""


def _count(world: World) -> int:
    return v.whole(world.value(("C", (), None)))


def _label(world: World) -> int:
    """Every class in its turn, from 0."""
    return world.index % _count(world)


def _probability(world: World, j: int) -> Value:
    return probabilities_of(world, "bold o")[j]


def _handed(world: World, k: int) -> Value:
    return world.value(("bold p", (), None))[k]


def _sure(world: World) -> Value:
    """Probabilities of a model that is sure and right."""
    found = np.zeros(_count(world))
    found[_label(world)] = 1.0
    return found


def _more_or_less_sure(world: World) -> Value:
    """Nearly sure and right, and as it comes."""
    drawn = simplex()(world.rng("p"), (_count(world),))
    part = 0.001 if world.index % 2 == 0 else 1.0
    return (1 - part) * _sure(world) + part * drawn


NOTATION = (
    Notation()
    .size("n")
    .drawn("X", rf"n \times {PIXELS}", uniform(0.0, 1.0))
    .drawn("W", rf"{PIXELS} \times {CLASSES}", normal(0.05))
    .defined(r"V = W^\top", rf"{CLASSES} \times {PIXELS}")
    .drawn(r"\mathbf{b}", f"{CLASSES}")
    .drawn(r"\mathbf{1}", "n", lambda rng, shape: np.ones(shape))
    .defined(r"O = XW + \mathbf{1} \mathbf{b}^\top", rf"n \times {CLASSES}")
    .size("d")
    .defined(r"\text{bound} = \frac{1}{\sqrt{d}}", "")
    .size("C")
    .drawn(r"\mathbf{o}", "C", start=0)
    .defined(r"o_j = \mathbf{o}_j", "", over="j")
    .computed(r"\hat y_j", _probability, "", over="j")
    .computed("y", _label, "")
    .defined(r"\ell = -\ln \hat y_y", "")
    .drawn(r"\mathbf{p}", "C", simplex())
    .computed("p_k", _handed, "", over="k")
    .fixed(r"\text{fetches}", math.ceil(TEST / BATCH))
    .fixed(r"n_{\text{last}}", LAST_BATCH)
    .defined(r"\text{times} = \frac{1 / n_{\text{last}}}{1 / n}", "")
    .index("j k", "C", start=0)
)

TWICE = NOTATION.defined(r"\mathbf{o} = \mathbf{p}", "C", start=0)
"""Probabilities that are taken for scores."""

SCOPES = {
    "twice": TWICE,
    "flatten_shape": NOTATION.fixed("n", BATCH),
    "linear_bound": NOTATION.fixed("d", PIXELS),
    "second_softmax": TWICE.fixed("C", CLASSES)
    .computed(r"\mathbf{p}", _sure, "C")
    .index("k", "C", start=0, unlike="y"),
    "softmax_twice_seen": TWICE.fixed("C", CLASSES).computed(
        r"\mathbf{p}", _more_or_less_sure, "C"
    ),
    "last_batch_share": NOTATION.fixed("n", BATCH),
}
