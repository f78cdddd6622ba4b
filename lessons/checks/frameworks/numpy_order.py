"""The lines of the way back in `frameworks/numpy`, put in order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from lessons.checks.base import Array, CheckBook, OrderQuestion
from lessons.checks.frameworks.numpy_questions import small


def _error(v: SimpleNamespace) -> None:
    v.grad_y_pred = 2 * (v.y_pred - v.y)


def _through_w2(v: SimpleNamespace) -> None:
    v.grad_h_relu = v.grad_y_pred.dot(v.w2.T)


def _copy(v: SimpleNamespace) -> None:
    v.grad_h = v.grad_h_relu.copy()


def _mask(v: SimpleNamespace) -> None:
    v.grad_h[v.h < 0] = 0


def _to_w1(v: SimpleNamespace) -> None:
    v.grad_w1 = v.x.T.dot(v.grad_h)


def _move(v: SimpleNamespace) -> None:
    v.w1 = v.w1 - 0.01 * v.grad_w1


_LINES: tuple[Callable[[SimpleNamespace], None], ...] = (
    _error, _through_w2, _copy, _mask, _to_w1, _move,
)  # fmt: skip


def _after(order: tuple[int, ...]) -> Array | None:
    """w1 after the lines in this order; None where one needs what is not there yet."""
    net = small()
    v = SimpleNamespace(x=net.X, y=net.T, w1=net.W1, w2=net.W2, h=net.Z, y_pred=net.Y)
    try:
        for place in order:
            _LINES[place](v)
    except AttributeError:
        return None
    return np.asarray(v.w1)


def _only_order() -> tuple[int, ...]:
    """The only order of the lines that runs and moves w1 as the recipe does."""
    from engine.recipes.two_layer_numpy import train_step

    net = small()
    wanted = net.W1.copy()
    train_step(net.X, net.T, wanted, net.W2.copy(), 0.01)
    found = []
    for order in permutations(range(len(_LINES))):
        moved = _after(order)
        if moved is not None and np.allclose(moved, wanted):
            found.append(order)
    (only,) = found
    return only


BOOK = CheckBook(
    "frameworks",
    predicts={
        "numpy_order": OrderQuestion(
            items=(
                "`grad_y_pred = 2 * (y_pred - y)`",
                "`grad_h_relu = grad_y_pred.dot(w2.T)`",
                "`grad_h = grad_h_relu.copy()`",
                "`grad_h[h < 0] = 0`",
                "`grad_w1 = x.T.dot(grad_h)`",
                "`w1 -= lr * grad_w1`",
            ),
            feedback=(
                "the way back begins at the loss, with the outputs.",
                "this line needs the gradient at the outputs, and comes right after it.",
                "the copy is made as soon as there is something to copy.",
                "the mask works on the copy, and must be done before the copy is used.",
                "the gradient of the first weights needs the masked copy.",
                "weights move last, when their gradient is known.",
            ),
            proof=_only_order,
            explanation="Each line needs what the one before it has made. With the mask one line "
            "too late everything still runs, and the gradient is wrong.",
        ),
    },
)
