"""The programs that `linear/from-scratch` shows and runs."""

from __future__ import annotations

import torch

from engine.recipes.linear import synthetic_data
from lessons.course.linear.from_scratch.facts import SQUARE_AT


def look_at_data() -> None:
    """Print three samples, and what the labels would be without noise."""
    generator = torch.Generator().manual_seed(0)
    w, b = torch.tensor([2.0, 3.4]), 4.2
    X, y = synthetic_data(w, b, 1000, generator)
    print("X", tuple(X.shape), " y", tuple(y.shape))
    for features, label in zip(X[:3], y[:3], strict=True):
        x1, x2 = features.tolist()
        exact = 2.0 * x1 + 3.4 * x2 + b
        print(f"x = ({x1:+.4f}, {x2:+.4f})  y = {label:+.4f}  without noise {exact:+.4f}")


def no_grad_or_data() -> None:
    """Print one step of w made in three ways, and what backward() says after a change of w."""

    def square() -> tuple[torch.Tensor, torch.Tensor]:
        w = torch.tensor(SQUARE_AT, requires_grad=True)
        return w, w**2

    for way in ("no_grad", ".data", "plain"):
        w, loss = square()
        loss.backward()
        assert w.grad is not None
        try:
            if way == "no_grad":
                with torch.no_grad():
                    w -= 0.1 * w.grad
            elif way == ".data":
                w.data -= 0.1 * w.grad
            else:
                w -= 0.1 * w.grad
            print(f"{way:<8} w = {w.item():.4f}")
        except RuntimeError as error:
            print(f"{way:<8} {str(error).split('.')[0]}")

    for way in ("no_grad", ".data"):
        w, loss = square()
        if way == "no_grad":
            with torch.no_grad():
                w.fill_(5.0)
        else:
            w.data.fill_(5.0)
        try:
            loss.backward()
            print(f"changed by {way}: slope of w**2 is {w.grad}")
        except RuntimeError:
            print(f"changed by {way}: RuntimeError, w is not what it was in the forward pass")
