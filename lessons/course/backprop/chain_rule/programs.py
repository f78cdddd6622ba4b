"""The programs that `backprop/chain-rule` shows and runs."""

from __future__ import annotations

import warnings

import torch


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
