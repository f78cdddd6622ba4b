"""Programs that show sentences of `functions/stability` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lessons.proof.claims import Claim


def exp_ends() -> bool:
    """torch.exp in both types, just inside and just outside of the limits in the table."""
    import torch

    for dtype, over, under in ((torch.float32, 88.7, -104.0), (torch.float64, 709.7, -745.2)):
        inside, outside = torch.exp(torch.tensor([over, over + 0.1], dtype=dtype)).tolist()
        gone = torch.exp(torch.tensor(under, dtype=dtype)).item()
        near = torch.exp(torch.tensor(0.8 * under, dtype=dtype)).item()
        if not (math.isfinite(inside) and outside == math.inf and gone == 0 < near):
            return False
    return True


def score_89() -> bool:
    """The default type is float32, and exp(z) / sum of exp(z) with one score of 89 holds nan."""
    import torch

    z = torch.tensor([0.0, 1.0, 89.0])
    naive = z.exp() / z.exp().sum()
    return torch.get_default_dtype() == torch.float32 == z.dtype and bool(naive.isnan().any())


def nan_spreads() -> bool:
    """One update with a naive softmax and one score of 100: every weight and bias is nan."""
    import torch

    generator = torch.Generator().manual_seed(0)
    X, y = torch.randn(8, 3, generator=generator), torch.arange(8) % 4
    X[0] = torch.tensor([1.0, 0.0, 0.0])
    W = torch.zeros(3, 4)
    W[0, 0] = 100.0
    W, b = W.requires_grad_(), torch.zeros(4, requires_grad=True)
    e = (X @ W + b).exp()
    loss = -(e / e.sum(dim=1, keepdim=True))[torch.arange(8), y].log().mean()
    slopes = torch.autograd.grad(loss, (W, b))
    return all(bool((p - 0.1 * g).isnan().all()) for p, g in zip((W, b), slopes, strict=True))


def no_overflow() -> bool:
    """Softmax less the largest score, float32: finite for scores up to 1e30, as torch.softmax."""
    import torch

    for scale in (1.0, 1e3, 1e10, 1e30):
        z = scale * torch.randn(50, 6, generator=torch.Generator().manual_seed(0))
        e = (z - z.max(dim=1, keepdim=True).values).exp()
        found = e / e.sum(dim=1, keepdim=True)
        if not (found.isfinite().all() and torch.allclose(found, torch.softmax(z, dim=1))):
            return False
    return True


def log_of_zero() -> bool:
    """Scores 0 and 200: log of softmax is −inf with gradient nan; log_softmax is −200, finite."""
    import torch

    z = torch.tensor([0.0, 200.0], requires_grad=True)
    naive, stable = torch.softmax(z, dim=0).log()[0], torch.log_softmax(z, dim=0)[0]
    (broken,) = torch.autograd.grad(-naive, z)
    (right,) = torch.autograd.grad(-stable, z)
    bad = naive.item() == -math.inf and bool(broken.isnan().any())
    return bad and stable.item() == -200.0 and bool(right.isfinite().all())


def worst_mistakes() -> bool:
    """The slope of −ln p for the own score of the right class: the size grows as p falls."""
    import torch

    sizes = []
    for probability in (0.9, 0.5, 0.1, 0.001, 1e-9):
        z = torch.tensor([math.log(probability), math.log(1 - probability)]).double()
        z.requires_grad_()
        (slope,) = torch.autograd.grad(-torch.log_softmax(z, dim=0)[0], z)
        sizes.append(-slope[0].item())
    return sizes == sorted(sizes) and sizes[0] < 0.11 and sizes[-1] > 0.999


def log_sigmoid() -> bool:
    """−ln σ(−200) in float32: ln(1 + exp(200)) is inf, the formula for both signs gives 200."""
    z = np.float32(-200.0)
    with np.errstate(over="ignore"):
        naive = np.log(1 + np.exp(-z))
    stable = max(np.float32(0), -z) + np.log(1 + np.exp(-abs(z)))
    return bool(np.isinf(naive)) and float(stable) == 200.0


def tanh_safe() -> bool:
    """torch.tanh at ±400, ±1e4 and ±1e300: exactly ±1."""
    import torch

    z = torch.tensor([400.0, 1e4, 1e300], dtype=torch.float64)
    return bool((torch.tanh(z) == 1).all() and (torch.tanh(-z) == -1).all())


def torch_safe() -> bool:
    """softmax, log_softmax, logsumexp of 1000, 1001, 1002 in float32 agree with 0, 1, 2."""
    import torch

    large, small = torch.tensor([1000.0, 1001.0, 1002.0]), torch.tensor([0.0, 1.0, 2.0])
    same = all(
        torch.allclose(f(large, dim=0), f(small, dim=0)) for f in (torch.softmax, torch.log_softmax)
    )
    return same and math.isclose(
        torch.logsumexp(large, dim=0), 1000 + torch.logsumexp(small, dim=0), rel_tol=1e-6
    )


def cross_entropy_scores() -> bool:
    """functional.cross_entropy of scores is nll_loss of their log_softmax."""
    import torch
    from torch.nn import functional

    z = 10 * torch.randn(20, 5, generator=torch.Generator().manual_seed(0))
    y = torch.arange(20) % 5
    by_hand = functional.nll_loss(torch.log_softmax(z, dim=1), y)
    return torch.allclose(functional.cross_entropy(z, y), by_hand)


def bce_logits() -> bool:
    """binary_cross_entropy_with_logits at ±1000, labels 1 and 0: finite, and max(0, ∓z) there."""
    import torch
    from torch.nn import functional

    z = torch.tensor([-1000.0, 1000.0])
    for label, expected in ((1.0, [1000.0, 0.0]), (0.0, [0.0, 1000.0])):
        found = functional.binary_cross_entropy_with_logits(
            z, torch.full((2,), label), reduction="none"
        )
        if found.tolist() != expected:
            return False
    return True


CLAIMS: Mapping[str, Claim] = {
    "exp-ends": exp_ends,
    "score-89": score_89,
    "nan-spreads": nan_spreads,
    "no-overflow": no_overflow,
    "log-of-zero": log_of_zero,
    "worst-mistakes": worst_mistakes,
    "log-sigmoid": log_sigmoid,
    "tanh-safe": tanh_safe,
    "torch-safe": torch_safe,
    "cross-entropy-scores": cross_entropy_scores,
    "bce-logits": bce_logits,
}
