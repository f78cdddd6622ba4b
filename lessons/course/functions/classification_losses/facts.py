"""What the formulas of `functions/classification-losses` speak of.

Here e is Euler's number. The losses are PyTorch's own, so that the definitions that the lesson
writes are compared with them. Classes are counted from 0, samples from 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.activations import Array
from engine.formulas import values as v
from engine.formulas.draws import choice, integer, positive, uniform
from engine.formulas.notation import Notation
from engine.formulas.world import World
from lessons.judge.values import Choice, Fill, Number, QuestionValues

if TYPE_CHECKING:
    import torch


LABELS, GIVEN = (1.0, 0.0, 1.0), (0.1, 0.2, 0.7)
"""Three samples of two classes: labels, and the probabilities that a model gives to class 1."""


SCORES, CLASSES = ((0.5, 0.3, 0.2), (0.3, 0.6, 0.1)), (0, 1)
"""Two samples of three classes: scores and true classes."""


SLOPE_LABEL, SLOPE_GIVEN = 1.0, 0.3
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
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
)


TWICE = (
    CLASSES_OF_ONE.drawn("K", "", integer(3, 8))
    .defined(r"z_j = I\{j = t\}", "", over="j")
    .index("j", "K", start=0, unlike="t")
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
)
"""Softmax gets the surest probabilities for scores."""


MOST = 5.0
"""The largest loss that is drawn."""

NOTATION = (
    BATCH.including(CLASSES_OF_ONE)
    .including(TWO_CLASSES)
    .drawn("y_s", "", choice(0, 1), over="s")
    .drawn(r"\hat y_s", "", uniform(0.1, 0.9), over="s")
    .entrywise(r"\log_2", "log2")
    .entrywise(r"\log_{10}", "log10")
)
r"""Where it is not said otherwise there are two classes."""


SCOPES = {
    "yes": NOTATION.given(y=1),
    "bce_mean": THREE_SAMPLES,
    "bce_slope_number": TWO_CLASSES.fixed("y", SLOPE_LABEL).fixed(
        "z", math.log(SLOPE_GIVEN / (1 - SLOPE_GIVEN))
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


def _bce_of(i: int) -> float:
    """The BCE of one of the three samples."""
    return float(-np.log(GIVEN[i] if LABELS[i] == 1 else 1 - GIVEN[i]))


def _bce_all() -> float:
    """Their mean."""
    return sum(_bce_of(i) for i in range(3)) / 3


def _exchanged() -> float:
    """Their mean, with the labels 0 and 1 exchanged."""
    given = zip(LABELS, GIVEN, strict=True)
    return sum(-math.log(1 - p if label == 1 else p) for label, p in given) / 3


SCORE_ROWS, CLASS_PLACES = np.array(SCORES), np.array(CLASSES)
"""The two samples of three classes."""


def softmax_rows(Z: Array) -> Array:
    """Softmax of each row."""
    e = np.exp(Z)
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _mean_ce(labels: npt.NDArray[np.int64]) -> float:
    """The mean CE of the two samples with the given labels."""
    picked = softmax_rows(SCORE_ROWS)[np.arange(2), labels]
    return float(np.mean(-np.log(picked)))


def _off_by_one() -> int:
    """The option that is right: which mistake leads to the number that is printed."""
    found = (_mean_ce(CLASS_PLACES) * 2, _mean_ce(CLASS_PLACES + 1), _as_probabilities())
    (only,) = (place for place, value in enumerate(found) if abs(value - PRINTED) < 1e-6)
    return only


def _as_probabilities() -> float:
    """The mean loss of the two samples if their scores were probabilities."""
    return -float(np.mean(np.log(SCORE_ROWS[[0, 1], CLASS_PLACES])))


def _probability(i: int) -> float:
    """The probability of the true class of one of the two samples."""
    return float(softmax_rows(SCORE_ROWS)[i, CLASS_PLACES[i]])


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^{−z})."""
    return 1 / (1 + np.exp(-z))


def _both_animals() -> int:
    """The option that can say "both" and "neither": probabilities that need not add up to 1."""
    scores = np.array([3.0, 3.0])
    return 0 if np.all(sigmoid(scores) > 0.9) and not np.all(softmax_rows(scores) > 0.9) else 1


def _saturated(kind: str, z: float) -> float:
    """For y = 1: the probability, the slope by BCE, or the slope by the squared loss."""
    p = float(sigmoid(np.array(z)))
    return {"p": p, "bce": p - 1, "mse": (p - 1) * p * (1 - p)}[kind]


NUMBERS: Mapping[str, Callable[[], float]] = {
    **{f"bce_{i + 1}": partial(_bce_of, i) for i in range(3)},
    "ce_1": lambda: -float(np.log(_probability(0))),
    "ce_2": lambda: -float(np.log(_probability(1))),
    "ce_as_probabilities": _as_probabilities,
    **{f"ce_class_{sample + 1}": partial(float, CLASS_PLACES[sample]) for sample in range(2)},
    "ce_mean": lambda: _mean_ce(CLASS_PLACES),
    **{f"ce_p_{i + 1}": partial(_probability, i) for i in range(2)},
    "ce_printed": lambda: PRINTED,
    **{
        f"ce_score_{sample + 1}_{label}": partial(float, SCORE_ROWS[sample, label])
        for sample in range(2)
        for label in range(3)
    },
    **{
        f"ce_shifted_{place}": partial(float, label)
        for place, label in enumerate(FILE_LABELS, start=1)
    },
    "ce_sum": lambda: 2 * _mean_ce(CLASS_PLACES),
    "file_counts_from": lambda: min(FILE_LABELS),
    **{
        f"sat_{kind}_{-z:.0f}": partial(_saturated, kind, z)
        for kind in ("p", "bce", "mse")
        for z in SATURATED_AT
    },
    **{f"sat_z_{-z:.0f}": partial(float, z) for z in SATURATED_AT},
}


def _lab_ten_times() -> int:
    """The loss at the probability 0.01, in units of that at 0.1: ten, two or nearly one."""
    ratio = math.log(0.01) / math.log(0.1)
    return (10.0, 2.0, 1.0).index(round(ratio, 9))


def _lab_surer() -> int:
    """What surer scores do to softmax taken twice: as the claim of the lesson says, or not."""
    from lessons.course.functions.classification_losses.claims import lab_twice

    return 1 if lab_twice() else 0


QUESTIONS: Mapping[str, QuestionValues] = {
    "bce_mean": Number(
        _bce_all,
        slips={
            "no-mean": lambda: 3 * _bce_all(),
            "labels-ignored": lambda: float(np.mean(-np.log(GIVEN))),
            "label-0-free": lambda: (_bce_of(0) + _bce_of(2)) / 3,
            "labels-exchanged": _exchanged,
            "log-base-2": lambda: _bce_all() / math.log(2),
            "log-base-10": lambda: _bce_all() / math.log(10),
        },
        tolerance=5e-4,
    ),
    "bce_missing_factor": Fill(NOTATION),
    "bce_slope_number": Number(
        lambda: SLOPE_GIVEN - SLOPE_LABEL,
        slips={
            "sign": lambda: SLOPE_LABEL - SLOPE_GIVEN,
            "truth-forgotten": lambda: SLOPE_GIVEN,
            "slope-on-probability": lambda: (
                (SLOPE_GIVEN - SLOPE_LABEL) / (SLOPE_GIVEN * (1 - SLOPE_GIVEN))
            ),
            "extra-derivative": lambda: (
                (SLOPE_GIVEN - SLOPE_LABEL) * SLOPE_GIVEN * (1 - SLOPE_GIVEN)
            ),
        },
    ),
    "ce_off_by_one": Choice(_off_by_one),
    "ce_slope_row": Number(
        lambda: float(
            np.round(np.sum(softmax_rows(SCORE_ROWS)[0] - np.eye(3)[CLASS_PLACES[0]]) / 2, 12) + 0.0
        ),
        slips={
            "truth-forgotten": (lambda: 0.5, lambda: 1.0),
            "one-class": (lambda: (_probability(0) - 1) / 2, lambda: _probability(0) - 1),
        },
    ),
    "double_softmax_floor": Number(
        lambda: float(np.log(np.e + TWICE_CLASSES - 1) - 1),
        slips={
            "no-softmax-twice": lambda: 0.0,
            "uniform": lambda: float(np.log(TWICE_CLASSES)),
            "log-base-2": lambda: math.log2(math.e + TWICE_CLASSES - 1) - 1,
            "log-base-10": lambda: math.log10(math.e + TWICE_CLASSES - 1) - 1,
            "no-one": lambda: math.log(math.e + TWICE_CLASSES - 1),
            "k-for-k-minus-1": lambda: float(np.log(np.e + TWICE_CLASSES) - 1),
        },
    ),
    "which_loss": Choice(_both_animals),
    "lab_ten_times": Choice(_lab_ten_times),
    "lab_surer": Choice(_lab_surer),
}
