"""The programs that `functions/activations` shows and runs."""

from __future__ import annotations

import torch
from torch.nn import functional

from engine.activations import ACTIVATIONS


def relu_at_zero() -> None:
    """Print the slope of ReLU by autograd beside two masks."""
    z = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)
    (slope,) = torch.autograd.grad(torch.relu(z).sum(), z)
    mask_below = torch.ones(3).masked_fill(z < 0, 0.0)
    mask_zero_too = torch.ones(3).masked_fill(z <= 0, 0.0)
    print("z              ", z.tolist())
    print("autograd       ", slope.tolist())
    print("0 where z < 0  ", mask_below.tolist())
    print("0 where z <= 0 ", mask_zero_too.tolist())


def dead_unit() -> None:
    """Print the gradients of a unit whose input is always negative."""
    x = torch.tensor([0.5, 1.0, 1.5, 2.0])
    for f in (torch.relu, functional.leaky_relu):
        w = torch.tensor(1.0, requires_grad=True)
        b = torch.tensor(-3.0, requires_grad=True)
        z = w * x + b
        loss = 0.5 * ((f(z) - 1) ** 2).mean()
        loss.backward()
        print(f.__name__, " z =", z.tolist())
        print(f"  gradient of w {w.grad:+.4f}, of b {b.grad:+.4f}")


def share_of_zeros() -> None:
    """Print how many outputs of each function are exactly 0."""
    z = torch.randn(10_000, generator=torch.Generator().manual_seed(0))
    for function in ACTIVATIONS.values():
        a = function.torch_function()(z)
        zeros = (a == 0).float().mean()
        print(f"{function.title:10}  {zeros:.1%} zeros, mean {a.mean():+.4f}")


def slopes_agree() -> None:
    """Print how far the closed-form derivatives are from autograd."""
    for function in ACTIVATIONS.values():
        z = torch.linspace(-5, 5, 1000).double().requires_grad_()
        f = function.torch_function()
        (slope,) = torch.autograd.grad(f(z).sum(), z)
        manual = function.derivative(z.detach().numpy())
        difference = abs(manual - slope.numpy()).max()
        print(f"{function.title:10}  {difference:.1e}")
