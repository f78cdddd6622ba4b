"""A question of `linear/from-scratch` that is answered by an order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from types import SimpleNamespace

from lessons.checks.base import CheckBook, OrderQuestion


def _predict(v: SimpleNamespace) -> None:
    v.y_hat = v.X @ v.w


def _add_losses(v: SimpleNamespace) -> None:
    v.loss = ((v.y_hat - v.y) ** 2 / 2).sum()


def _gradients(v: SimpleNamespace) -> None:
    v.loss.backward()


def _move(v: SimpleNamespace) -> None:
    v.w.data -= 0.1 * v.w.grad / len(v.y)


def _empty(v: SimpleNamespace) -> None:
    v.w.grad.zero_()


_STEPS: tuple[Callable[[SimpleNamespace], None], ...] = (
    _predict, _add_losses, _gradients, _move, _empty,
)  # fmt: skip


def _only_order_that_learns() -> tuple[int, ...]:
    """Run the steps in every order; the one that moves as it should and leaves no gradient."""
    import torch

    X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5]], dtype=torch.float64)
    y = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    start = torch.tensor([0.3, -0.2], dtype=torch.float64)
    wanted = start - 0.1 * X.T @ (X @ start - y) / len(y)
    found = []
    for order in permutations(range(len(_STEPS))):
        w = start.clone().requires_grad_()
        w.grad = torch.zeros_like(w)
        v = SimpleNamespace(X=X, y=y, w=w)
        try:
            for place in order:
                _STEPS[place](v)
        except AttributeError:
            # A step asked for what no step before it had computed.
            continue
        if torch.allclose(w.detach(), wanted) and not w.grad.any():
            found.append(order)
    (only,) = found
    return only


BOOK = CheckBook(
    "linear",
    predicts={
        "update_steps": OrderQuestion(
            items=(
                "Predict the batch with the parameters as they are.",
                "Compute the loss of each sample, and add the losses up.",
                "Let `backward()` add the slopes of this sum to the gradients.",
                "Move the parameters against their gradients, divided by the batch size.",
                "Set the gradients back to zero.",
            ),
            feedback=(
                "the predictions need the samples and the parameters only, so they come first.",
                "a loss compares a prediction with its label, and there are no predictions yet.",
                "`backward()` starts from the sum of the losses, and it is not there yet.",
                "until `backward()` has run the gradients are zero, and nothing would move.",
                "the gradients are needed until the parameters have moved, and are emptied then.",
            ),
            proof=_only_order_that_learns,
            explanation="Forward, loss, gradients, update. `sgd` empties the gradients at once, "
            "because `backward()` adds to what it finds.",
        ),
    },
)
