"""The question of `functions/stability` that is answered by an order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from lessons.checks.base import CheckBook, OrderQuestion
from lessons.course.functions.stability.facts import LARGE


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
    z = np.array(LARGE)
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

BOOK = CheckBook("functions", predicts={"stable_order": STABLE_ORDER})
