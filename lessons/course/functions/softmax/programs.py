"""The programs that `functions/softmax` shows and runs."""

from __future__ import annotations

from functools import partial

import torch

from lessons.course.functions.softmax.facts import SAMPLES, SOFT, TRUE

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


def hard_and_soft() -> None:
    """Print hard predictions, and the accuracy of those for the table."""
    z = torch.tensor(SCORES)
    p = torch.softmax(z, dim=1)
    print("from probabilities", (p.argmax(dim=1) + 1).tolist())
    print("from scores       ", (z.argmax(dim=1) + 1).tolist())
    soft, true = torch.tensor(SOFT), torch.tensor(TRUE)
    hard = soft.argmax(dim=1) + 1  # classes are counted from 1 here
    print("table: predicted  ", hard.tolist(), "true", true.tolist())
    print("accuracy          ", (hard == true).float().mean().item())
