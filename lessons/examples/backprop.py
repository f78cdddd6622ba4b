"""Short programs of the chapter on backpropagation."""

from __future__ import annotations

import warnings

import numpy as np
import torch
from torch import nn


def _short(values: torch.Tensor) -> list[object]:
    """The numbers of a tensor, rounded for reading."""
    found: list[object] = values.detach().double().numpy().round(6).tolist()
    return found


def forward_both_ways() -> None:
    """Print one layer by the formula beside nn.Linear."""
    # Column i holds the weights into unit i.
    W = torch.tensor([[0.15, 0.25], [0.20, 0.30]])
    b = torch.tensor([0.35, 0.35])
    # Two samples, one a row.
    X = torch.tensor([[0.05, 0.10], [1.00, 0.00]])

    linear = nn.Linear(2, 2)
    with torch.no_grad():
        linear.weight.copy_(W.T)  # one row per receiving unit
        linear.bias.copy_(b)

    print("X @ W + b:", _short(X @ W + b))
    print("nn.Linear:", _short(linear(X)))
    print("its weight:", _short(linear.weight))


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


def keep_the_gradient() -> None:
    """Print the gradients of fc2, without and with retain_grad."""
    for keep in (False, True):
        x = torch.tensor(1.0)
        w = torch.tensor(0.0, requires_grad=True)
        b = torch.tensor(0.0, requires_grad=True)
        fc1 = 1 / (torch.exp(-1 * x * w + b) + 1)
        if keep:
            fc1.retain_grad()
        fc2 = 2 * fc1 + 1
        fc2.backward()

        print("retain_grad:", keep)
        print("  fc1:", fc1.item(), " fc2:", fc2.item())
        print("  fc1 is a leaf:", fc1.is_leaf)
        with warnings.catch_warnings():
            # PyTorch warns that it kept nothing: here that is the point.
            warnings.simplefilter("ignore")
            print("  fc1.grad:", fc1.grad)
        print("  w.grad:", w.grad, " b.grad:", b.grad)


def trace_both_ways() -> None:
    """Print the gradient of tr(AXBX) by autograd and by the formula."""
    generator = torch.Generator().manual_seed(0)
    X = torch.arange(12.0).view(3, 4).requires_grad_()
    A, B = torch.rand(2, 4, 3, generator=generator)

    torch.trace(A @ X @ B @ X).backward()
    with torch.no_grad():
        formula = A.T @ X.T @ B.T + B.T @ X.T @ A.T

    assert X.grad is not None
    print("autograd:")
    for row in _short(X.grad):
        print(" ", row)
    print("formula:")
    for row in _short(formula):
        print(" ", row)
    print("largest difference:", (X.grad - formula).abs().max().item())


def five_steps() -> None:
    """Train the worked network and print the loss now and then."""
    x, y = np.array([0.05, 0.10]), np.array([0.01, 0.99])
    W1 = np.array([[0.15, 0.25], [0.20, 0.30]])
    W2 = np.array([[0.40, 0.50], [0.45, 0.55]])
    b1, b2, lr = 0.35, 0.60, 0.5

    for update in range(10_001):
        # 1. Forward.
        a2 = 1 / (1 + np.exp(-(W1.T @ x + b1)))
        a3 = 1 / (1 + np.exp(-(W2.T @ a2 + b2)))
        # 2. Loss.
        loss = 0.5 * np.sum((a3 - y) ** 2)
        if update in (0, 1, 10, 100, 1000, 10_000):
            print(f"after {update:>6} updates: {loss:.9f}")
        # 3. Gradients, all of them from the old weights.
        delta3 = (a3 - y) * a3 * (1 - a3)
        delta2 = (W2 @ delta3) * a2 * (1 - a2)
        dW1, dW2 = np.outer(x, delta2), np.outer(a2, delta3)
        # 4. Update; the biases stay as they are.
        W1 -= lr * dW1
        W2 -= lr * dW2
