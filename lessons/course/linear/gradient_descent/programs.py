"""The programs that `linear/gradient-descent` shows and runs."""

from __future__ import annotations

import torch

X = torch.tensor([[1.0, 0.2], [-0.5, 0.4], [0.3, -0.6], [-1.2, 0.1]], dtype=torch.float64)


y = X @ torch.tensor([2.0, 3.4], dtype=torch.float64)


def three_rates() -> None:
    """Print the loss along three paths: a rate that is too small, a good one, one too large."""
    largest = torch.linalg.eigvalsh(X.T @ X / len(y))[-1].item()
    print(f"2/lambda = {2 / largest:.4f}")
    for lr in (0.01, 1.0, 3.5):
        w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.SGD([w], lr=lr)
        print(f"lr {lr:<5}", end="")
        for step in range(41):
            loss = ((X @ w - y) ** 2).mean() / 2
            if step % 10 == 0:
                print(f" {loss.item():12.4e}", end="")
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        print()


def same_step() -> None:
    """Print one step three ways: a sum divided, a mean, and a mean divided once more."""
    lr = 0.1
    for name, divide_loss, divide_step in (
        ("sum, divided in the step", 1, 4),
        ("mean, not divided again ", 4, 1),
        ("mean, divided again     ", 4, 4),
    ):
        w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        loss = ((X @ w - y) ** 2 / 2).sum() / divide_loss
        (gradient,) = torch.autograd.grad(loss, w)
        step = -lr * gradient / divide_step
        print(name, " ".join(f"{part:+.6f}" for part in step.tolist()))
