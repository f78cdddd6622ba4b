r"""What the formulas of `functions/classification-losses` speak of.

Here e is Euler's number. The losses are PyTorch's own, so that the definitions that the lesson
writes are compared with them. Classes are counted from 0, samples from 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from engine.formulas import values as v
from engine.formulas.draws import choice, integer, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.world import World

if TYPE_CHECKING:
    import torch

LABELS, GIVEN = (1.0, 0.0, 1.0), (0.1, 0.2, 0.7)
"""Three samples of two classes: labels, and the probabilities that a model gives to class 1."""
SCORES, CLASSES = ((0.5, 0.3, 0.2), (0.3, 0.6, 0.1)), (0, 1)
"""Two samples of three classes: scores and true classes."""
SURE_LABEL, SURE_GIVEN = 0.0, 0.9
"""The sample whose slope a question asks for."""
PRINTED = 1.246559
"""What a faulty program prints for the two samples."""
FILE_LABELS = (1, 2)
"""The true classes of the two samples, in a file that counts them from 1."""
SATURATED_AT = (-1.0, -5.0, -10.0)
"""The scores at which two slopes are compared, for a sample of class 1."""
TWICE_CLASSES = 10
"""The number of classes where softmax is applied twice."""


def _bce(world: World) -> torch.Tensor:
    """Binary cross entropy of one sample, by torch."""
    from torch.nn import functional

    y_hat, y = (v.tensor(world.value((key, (), None))) for key in ("hat y", "y"))
    return functional.binary_cross_entropy(y_hat, y)


def _ce(scores: list[torch.Tensor], true: int) -> torch.Tensor:
    """Cross entropy of one sample, by torch."""
    import torch
    from torch.nn import functional

    return functional.cross_entropy(torch.stack(scores), torch.tensor(true))


def _softmax(scores: list[torch.Tensor], place: int) -> torch.Tensor:
    """One probability of softmax, by torch."""
    import torch

    return torch.stack(scores).softmax(dim=0)[place]


def _size(world: World, key: str) -> int:
    return v.whole(world.value((key, (), None)))


def _one(world: World) -> list[torch.Tensor]:
    """The scores of one sample."""
    return [v.tensor(world.value(("z", (j,), None))) for j in range(_size(world, "K"))]


def _row(world: World, sample: int) -> list[torch.Tensor]:
    """The scores of one sample of several."""
    return [v.tensor(world.value(("Z", (sample, j), None))) for j in range(_size(world, "K"))]


def _class(world: World, sample: int) -> int:
    """The true class of one sample of several."""
    return v.whole(world.value(("t", (sample,), None)))


TWO_CLASSES = (
    Notation()
    .drawn("z", "")
    .computed("y", lambda world: world.index % 2, "")
    .defined(r"\hat y = \sigma(z)", "")
    .entrywise(r"\sigma", "sigmoid")
    .computed(r"\ell", _bce, "")
    .drawn("u", "", positive())
)

CLASSES_OF_ONE = (
    Notation()
    .size("K")
    .index("j k", "K", start=0)
    .index("t", "K", start=0)
    .drawn("z_j", "", over="j")
    .computed("p_j", lambda world, j: _softmax(_one(world), j), "", over="j")
    .computed(r"\ell", lambda world: _ce(_one(world), _size(world, "t")), "")
)
"""One sample."""

BATCH = (
    Notation()
    .size("K")
    .size("n")
    .index("i s", "n")
    .index("j k", "K", start=0)
    .drawn("Z_{ij}", "", over="i j")
    .computed("t_i", lambda world, i: int(world.rng("t", i).integers(_size(world, "K"))), over="i")
    .computed("P_{ij}", lambda world, i, j: _softmax(_row(world, i), j), "", over="i j")
    .defined(r"Y_{ij} = I\{j = t_i\}", "", over="i j")
    .computed(r"\ell_s", lambda world, s: _ce(_row(world, s), _class(world, s)), "", over="s")
    .defined(r"L = \frac1n \sum_{s=1}^{n} \ell_s", "")
)
"""Several samples."""

TWO_SAMPLES = (
    BATCH.given(n=len(CLASSES), K=len(SCORES[0]), t=CLASSES[0])
    .computed("Z_{ij}", lambda world, i, j: SCORES[i - 1][j], "", over="i j")
    .computed("t_i", lambda world, i: CLASSES[i - 1], over="i")
)
r"""The two samples; t is the true class of the first one."""

THREE_SAMPLES = (
    Notation()
    .fixed("n", len(LABELS))
    .index("s", "n")
    .fixed("y", LABELS)
    .fixed(r"\hat y", GIVEN)
    .defined(r"\ell_s = -y_s \ln \hat y_s - (1 - y_s) \ln(1 - \hat y_s)", "", over="s")
    .defined(r"L = \frac1n \sum_{s=1}^{n} \ell_s", "")
)

TWICE = (
    CLASSES_OF_ONE.drawn("K", "", integer(3, 8))
    .defined(r"z_j = I\{j = t\}", "", over="j")
    .index("j", "K", start=0, unlike="t")
)
"""Softmax gets the surest probabilities for scores."""

NOTATION = (
    BATCH.including(CLASSES_OF_ONE)
    .including(TWO_CLASSES)
    .drawn("y_s", "", choice(0, 1), over="s")
    .drawn(r"\hat y_s", "", uniform(0.1, 0.9), over="s")
)
r"""Where it is not said otherwise there are two classes."""

SCOPES = {
    "yes": NOTATION.given(y=1),
    "bce_mean": THREE_SAMPLES,
    "bce_slope_number": TWO_CLASSES.fixed("y", SURE_LABEL).fixed(
        "z", math.log(SURE_GIVEN / (1 - SURE_GIVEN))
    ),
    "classes": CLASSES_OF_ONE,
    "two": TWO_SAMPLES,
    "ce_off_by_one": TWO_SAMPLES,
    "ce_slope_row": TWO_SAMPLES,
    "batch": BATCH,
    "off-by-one-labels": TWO_SAMPLES,
    "probabilities-as-logits": TWICE.fixed("K", TWICE_CLASSES),
    "double_softmax": TWICE,
    "double_softmax_floor": TWICE.fixed("K", TWICE_CLASSES),
}
