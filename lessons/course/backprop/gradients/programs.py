"""The programs that `backprop/gradients` shows and runs."""

from __future__ import annotations

import torch


def _short(values: torch.Tensor) -> list[object]:
    """The numbers of a tensor, rounded for reading."""
    found: list[object] = values.detach().double().numpy().round(6).tolist()
    return found


def gradients_by_formula() -> None:
    """Print the worked network's gradients by formula and by autograd."""
    x, y = torch.tensor([0.05, 0.10]), torch.tensor([0.01, 0.99])
    W1 = torch.tensor([[0.15, 0.25], [0.20, 0.30]], requires_grad=True)
    W2 = torch.tensor([[0.40, 0.50], [0.45, 0.55]], requires_grad=True)
    b1, b2 = torch.tensor(0.35), torch.tensor(0.60)

    a2 = torch.sigmoid(W1.T @ x + b1)
    a3 = torch.sigmoid(W2.T @ a2 + b2)

    # For the sigmoid, the derivative at z is a (1 - a).
    delta3 = (a3 - y) * a3 * (1 - a3)
    delta2 = (W2 @ delta3) * a2 * (1 - a2)
    dW2 = torch.outer(a2, delta3)
    dW1 = torch.outer(x, delta2)

    loss = 0.5 * ((a3 - y) ** 2).sum()
    by_torch = torch.autograd.grad(loss, (W1, W2))
    print("dL/dW1 by formula: ", _short(dW1))
    print("dL/dW1 by autograd:", _short(by_torch[0]))
    print("dL/dW2 by formula: ", _short(dW2))
    print("dL/dW2 by autograd:", _short(by_torch[1]))
