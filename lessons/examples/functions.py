"""Short programs of the chapter on activations and losses."""

from __future__ import annotations

from functools import partial

import torch
from torch.nn import functional

from engine.activations import ACTIVATIONS
from lessons.course.functions.softmax.facts import SAMPLES


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


def slopes_agree() -> None:
    """Print how far the closed-form derivatives are from autograd."""
    for function in ACTIVATIONS.values():
        z = torch.linspace(-5, 5, 1000).double().requires_grad_()
        f = function.torch_function()
        (slope,) = torch.autograd.grad(f(z).sum(), z)
        manual = function.derivative(z.detach().numpy())
        difference = abs(manual - slope.numpy()).max()
        print(f"{function.title:10}  {difference:.1e}")


SCORES = SAMPLES
"""Two samples, four classes: one score each."""


def two_samples() -> None:
    """Print the probabilities of two samples."""
    z = torch.tensor(SCORES)
    p = torch.softmax(z, dim=1)
    for scores, row in zip(z, p, strict=True):
        shares = "  ".join(f"{share:.5f}" for share in row)
        print(scores.tolist(), "->", shares, f" sum {row.sum():.5f}")


def softmax_jacobian() -> None:
    """Print the Jacobian of softmax for the first sample, twice."""
    z = torch.tensor(SCORES[0]).double()
    softmax = partial(torch.softmax, dim=0)
    autograd = torch.autograd.functional.jacobian(softmax, z)
    p = softmax(z)
    formula = torch.diag(p) - torch.outer(p, p)
    for row in formula:
        print("  ".join(f"{entry:+.4f}" for entry in row))
    print(f"greatest difference {(autograd - formula).abs().max():.1e}")


def sum_gradient() -> None:
    """Print the gradient of the sum, and of class 2 alone."""
    z = torch.tensor(SCORES[0]).double().requires_grad_()
    p = torch.softmax(z, dim=0)
    (of_sum,) = torch.autograd.grad(p.sum(), z, retain_graph=True)
    (of_one,) = torch.autograd.grad(p[1], z)
    print("of the sum:", [round(g, 4) + 0.0 for g in of_sum.tolist()])
    print("of class 2:", [round(g, 4) for g in of_one.tolist()])


def naive_softmax() -> None:
    """Print softmax as the formula stands, beside PyTorch's own."""
    for base in (0.0, 50.0, 100.0):
        z = torch.tensor([base, base + 1, base + 2])
        naive = z.exp() / z.exp().sum()
        print("scores ", z.tolist())
        print("  naive  ", [round(p, 4) for p in naive.tolist()])
        stable = torch.softmax(z, 0)
        print("  stable ", [round(p, 4) for p in stable.tolist()])


def log_of_zero() -> None:
    """Print the logarithm of a probability that rounds to 0."""
    z = torch.tensor([0.0, 200.0], requires_grad=True)
    for log_p in (torch.softmax(z, 0).log(), torch.log_softmax(z, 0)):
        (slope,) = torch.autograd.grad(log_p[0], z)
        print(f"ln p = {log_p[0].item()}  gradient {slope.tolist()}")


def entropies() -> None:
    """Print entropy, cross entropy and divergence, then PyTorch's."""
    p = torch.tensor([0.5, 0.3, 0.2]).double()
    q = torch.tensor([0.2, 0.3, 0.5]).double()
    entropy = -(p * p.log()).sum()
    cross = -(p * q.log()).sum()
    divergence = (p * (p / q).log()).sum()
    print(f"H(p) {entropy:.6f} + KL {divergence:.6f}", end=" ")
    print(f"= {entropy + divergence:.6f}, H(p, q) {cross:.6f}")
    by_torch = functional.kl_div(q.log(), p, reduction="sum")
    print(f"kl_div(q.log(), p) {by_torch:.6f}")


def regression_losses() -> None:
    """Print the losses for numbers by PyTorch."""
    y = torch.tensor([3.0, 5.0, 2.5])
    y_hat = torch.tensor([4.5, 5.0, 2.0])
    print(f"MAE       {functional.l1_loss(y_hat, y):.4f}")
    print(f"MSE       {functional.mse_loss(y_hat, y):.4f}")
    print(f"smooth L1 {functional.smooth_l1_loss(y_hat, y):.4f}")
    zero = torch.tensor(0.0)
    for e in torch.tensor([0.5, 3.0, 10.0]):
        smooth = functional.smooth_l1_loss(e, zero, beta=2.0)
        huber = functional.huber_loss(e, zero, delta=2.0)
        print(f"e = {e:4}  smooth L1 {smooth:.4f}  Huber {huber:.4f}")


def classification_losses() -> None:
    """Print the losses for classes by PyTorch."""
    y = torch.tensor([1.0, 0.0, 1.0])
    y_hat = torch.tensor([0.1, 0.2, 0.7])
    bce = functional.binary_cross_entropy(y_hat, y)
    print(f"BCE           {bce:.6f}")
    z = torch.tensor([[0.5, 0.3, 0.2], [0.3, 0.6, 0.1]])
    for t in (torch.tensor([0, 1]), torch.tensor([1, 2])):
        ce = functional.cross_entropy(z, t)
        nll = functional.nll_loss(torch.log_softmax(z, dim=1), t)
        print(f"labels {t.tolist()} CE {ce:.6f}, by nll_loss {nll:.6f}")
