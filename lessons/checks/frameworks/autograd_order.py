"""The five parts of a training step in `frameworks/autograd`, put in order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace

import numpy as np

from lessons.checks.base import Array, CheckBook, OrderQuestion

ROUNDS = 3
RATE = 0.01


def _forward(v: SimpleNamespace) -> None:
    v.y_pred = v.x.mm(v.w1).clamp(min=0).mm(v.w2)


def _loss(v: SimpleNamespace) -> None:
    v.loss = (v.y_pred - v.y).pow(2).sum()


def _backward(v: SimpleNamespace) -> None:
    v.loss.backward()


def _move(v: SimpleNamespace) -> None:
    import torch

    with torch.no_grad():
        for w in (v.w1, v.w2):
            w -= RATE * w.grad


def _zero(v: SimpleNamespace) -> None:
    for w in (v.w1, v.w2):
        w.grad.zero_()


_PARTS: tuple[Callable[[SimpleNamespace], None], ...] = (_forward, _loss, _backward, _move, _zero)


def _start() -> tuple[Array, Array, Array, Array]:
    """x, y, w1, w2 of a small network, float64."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 2))
    return x, y, rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


def _after(order: tuple[int, ...]) -> Array | None:
    """w1 after three rounds in this order; None where a part needs what is not there."""
    import torch

    x, y, w1, w2 = (torch.tensor(numbers) for numbers in _start())
    v = SimpleNamespace(x=x, y=y, w1=w1.requires_grad_(), w2=w2.requires_grad_())
    try:
        for _ in range(ROUNDS):
            for place in order:
                _PARTS[place](v)
    except (AttributeError, TypeError, RuntimeError):
        return None
    return np.asarray(v.w1.detach().numpy())


def _by_hand() -> Array:
    """w1 after three rounds with the gradients written out."""
    x, y, w1, w2 = _start()
    for _ in range(ROUNDS):
        h = x @ w1
        into_y = 2 * (np.maximum(h, 0) @ w2 - y)
        grad_w1, grad_w2 = x.T @ ((into_y @ w2.T) * (h > 0)), np.maximum(h, 0).T @ into_y
        w1, w2 = w1 - RATE * grad_w1, w2 - RATE * grad_w2
    return w1


def _only_order() -> tuple[int, ...]:
    """The only order that trains as the gradients by hand do."""
    wanted = _by_hand()
    found = []
    for order in permutations(range(len(_PARTS))):
        moved = _after(order)
        if moved is not None and np.allclose(moved, wanted, rtol=1e-9):
            found.append(order)
    (only,) = found
    return only


BOOK = CheckBook(
    "frameworks",
    predicts={
        "autograd_order": OrderQuestion(
            items=(
                "`y_pred = x.mm(w1).clamp(min=0).mm(w2)`",
                "`loss = (y_pred - y).pow(2).sum()`",
                "`loss.backward()`",
                "in `no_grad`: `w -= lr * w.grad`, for both",
                "`w.grad.zero_()`, for both",
            ),
            feedback=(
                "everything else needs the outputs, so they are computed first.",
                "the loss is taken from the outputs, and comes right after them.",
                "`backward()` goes back from the loss, before anything moves.",
                "a weight moves by its gradient, as long as that is there.",
                "before the first `backward()` there is no `grad` to zero, and zeroed before the "
                "update it moves nothing.",
            ),
            proof=_only_order,
            explanation="Zeroing last prepares the next round. `zero_grad()` of an optimiser may "
            "stand before `backward()` instead, because it does not mind where there is no "
            "`grad` yet.",
        ),
    },
)
