"""Questions of chapter 2 that are answered by a sign, a shape, a factor or an order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from engine.formulas.notation import Notation
from lessons.checks.base import (
    Array,
    CheckBook,
    Draw,
    Factor,
    FillQuestion,
    Hints,
    OrderQuestion,
    ShapeQuestion,
    ShapeSlip,
    SignQuestion,
)
from lessons.checks.functions.entropy import entropy
from lessons.checks.nets import sigmoid
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch


# --- softmax ------------------------------------------------------------------------------


def _sums(axis: int | None, keep: bool = True) -> tuple[int, ...]:
    """The shape of the sums of a batch of 32 samples and 10 classes."""
    return np.shape(np.sum(np.zeros((32, 10)), axis=axis, keepdims=keep))


SOFTMAX_SUMS = ShapeQuestion(
    shape=lambda: _sums(1),
    explanation="One sum for each sample, kept as a column, so that each row of exponentials is "
    "divided by its own. In PyTorch: `Z.exp().sum(dim=1, keepdim=True)`.",
    slips=(
        ShapeSlip(
            "whole-matrix-softmax",
            lambda: _sums(None, keep=False),
            "That is one sum for the whole batch. Then all 32 rows together would add up to 1, "
            "and not each of them.",
            line=r"S = \sum_s \sum_k \exp(Z_{sk})",
            right=r"S_s = \sum_k \exp(Z_{sk})",
        ),
        ShapeSlip(
            "sum-per-class",
            lambda: _sums(0),
            "That is a sum for each class, over all samples. A sample's probabilities must not "
            "depend on the others: add up along its row.",
            line=r"S_k = \sum_s \exp(Z_{sk})",
            right=r"S_s = \sum_k \exp(Z_{sk})",
        ),
        ShapeSlip(
            "axis-dropped",
            lambda: _sums(1, keep=False),
            "There are 32 sums, but they do not stand as a column. A row of 32 numbers cannot "
            "divide rows of 10: keep the second axis.",
            line="S : n",
            right=r"S : n \times 1",
        ),
    ),
    hints=Hints(
        idea="how many sums are there, and what does one of them divide?",
        formula=r"$S_s = \sum_k \exp(Z_{sk})$, one number for each row $s$.",
        numbers="32 rows, with one number in each.",
    ),
)


# --- overflow -----------------------------------------------------------------------------


def _largest(v: SimpleNamespace) -> None:
    v.m = v.z.max()


def _subtract(v: SimpleNamespace) -> None:
    v.shifted = v.z - v.m


def _exponentials(v: SimpleNamespace) -> None:
    v.e = np.exp(v.shifted)


def _add_up(v: SimpleNamespace) -> None:
    v.total = v.e.sum()


def _logarithm(v: SimpleNamespace) -> None:
    v.log = np.log(v.total)


def _take_away(v: SimpleNamespace) -> None:
    v.result = v.shifted - v.log


_STEPS: tuple[Callable[[SimpleNamespace], None], ...] = (
    _largest, _subtract, _exponentials, _add_up, _logarithm, _take_away,
)  # fmt: skip


def _only_order_that_runs() -> tuple[int, ...]:
    """Run the steps in every order; the one that finds log-softmax of large scores."""
    z = np.array([1000.0, 1001.0, 1002.0])
    wanted = z - np.logaddexp.reduce(z)
    found = []
    for order in permutations(range(len(_STEPS))):
        v = SimpleNamespace(z=z)
        try:
            for place in order:
                _STEPS[place](v)
        except AttributeError:
            # A step asked for what no step before it had computed.
            continue
        if np.allclose(v.result, wanted, rtol=1e-12):
            found.append(order)
    (only,) = found
    return only


STABLE_ORDER = OrderQuestion(
    items=(
        "Find the largest score of the row.",
        "Take the largest score away from every score.",
        "Take the exponential of each difference.",
        "Add the exponentials up.",
        "Take the logarithm of the sum.",
        "Take the logarithm away from every difference.",
    ),
    feedback=(
        "the largest score is found before anything else can be done with it.",
        "the scores are made smaller before the exponential, which would overflow.",
        "exponentials are taken of the differences, and there must be some first.",
        "the exponentials are added up as soon as they are there.",
        "the logarithm is that of the sum, so the sum comes first.",
        "this is the last step: it needs the logarithm of the sum.",
    ),
    proof=_only_order_that_runs,
    explanation="No other order works: each step needs what the one before it has found. The "
    "exponentials are all between 0 and 1, and the logarithm is that of a number from 1 to $K$.",
)


# --- losses -------------------------------------------------------------------------------


def _slope_of_third_error() -> float:
    """How |ŷ − 2.5| moves with ŷ at ŷ = 2, by central differences."""
    h = 1e-6
    return (abs(2 + h - 2.5) - abs(2 - h - 2.5)) / (2 * h)


SIGN_OF_LOW = SignQuestion(
    value=_slope_of_third_error,
    explanation="The prediction is too low: raising it makes the error smaller. So the loss falls "
    "with $\\hat y_3$, and a step against the slope raises the prediction.",
    feedback="The absolute value is never negative, but its slope may be. Raise the prediction a "
    "little, from 2 towards 2.5: what does $|e_3|$ do?",
    slip="sign",
    line=r"\frac{\partial |e_i|}{\partial \hat y_i} = \operatorname{sign}(y_i - \hat y_i)",
    right_line=r"\frac{\partial |e_i|}{\partial \hat y_i} = \operatorname{sign}(\hat y_i - y_i)",
)


def _one_score(rng: np.random.Generator) -> Draw:
    """A score, its probability and a label."""
    z = rng.uniform(0.3, 2.0, size=4) * rng.choice([-1, 1], size=4)
    return Draw(z=z, p=sigmoid(z), y=rng.integers(0, 2, size=4).astype(np.float64))


def _bce_of_scores(d: SimpleNamespace) -> torch.Tensor:
    import torch
    from torch.nn import functional

    loss = functional.binary_cross_entropy(torch.sigmoid(d.z), d.y, reduction="sum")
    assert isinstance(loss, torch.Tensor)
    return loss


def _on_probability(d: Draw) -> Array:
    """The slope of BCE on the probability."""
    return np.asarray((d.p - d.y) / (d.p * (1 - d.p)))


MISSING_FACTOR = FillQuestion(
    formula=r"\frac{d \ell}{d z} = \frac{\hat y - y}{\hat y \, (1 - \hat y)} \cdot \square",
    factors=(
        Factor(
            r"\sigma(\hat y) \, (1 - \sigma(\hat y))",
            "$\\hat y$ has been through the sigmoid already. Its slope is taken at the score $z$, "
            "or written with $\\hat y$ as it is.",
            slip="sigmoid-of-activation",
        ),
        Factor(
            r"\sigma(z)",
            "That is the value of the sigmoid. The chain rule asks for its slope.",
            slip="value-for-slope",
        ),
        Factor(
            r"\hat y \, (1 - \hat y)",
            "It is the slope of the sigmoid, $\\sigma(z)(1 - \\sigma(z))$, and it stands below "
            "the line already.",
        ),
    ),
    notation=Notation(),
)


# --- entropy ------------------------------------------------------------------------------

_SPREADS = ((0.98, 0.01, 0.01), (0.8, 0.1, 0.1), (0.5, 0.4, 0.1), (0.34, 0.33, 0.33))

ENTROPY_ORDER = OrderQuestion(
    items=tuple(f"$p = ({', '.join(map(str, p))})$" for p in _SPREADS),
    feedback=(
        "one class is nearly certain there, so next to nothing surprises.",
        "one class is rather sure, and more so than in what remains after it.",
        "two classes are likely there and the third is not: only equal chances surprise more.",
        "nothing can be foretold there, so it surprises most of all.",
    ),
    proof=lambda: tuple(int(i) for i in np.argsort([entropy(np.array(p)) for p in _SPREADS])),
    explanation="The more evenly the probabilities are spread, the less can be foretold, and the "
    "greater is the mean surprise.",
)

BOOK = CheckBook(
    "functions",
    predicts={
        "softmax_sums": SOFTMAX_SUMS,
        "stable_order": STABLE_ORDER,
        "sign_of_low": SIGN_OF_LOW,
        "bce_missing_factor": MISSING_FACTOR,
        "entropy_order": ENTROPY_ORDER,
    },
)
