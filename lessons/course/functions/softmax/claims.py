"""Programs that show sentences of `functions/softmax` to be true."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.activations import Array
from lessons.course.functions.softmax.facts import SAMPLES, softmax
from lessons.proof.claims import Claim


def _scores() -> Array:
    """Scores of 200 samples, five classes each."""
    return np.random.default_rng(0).normal(scale=3.0, size=(200, 5))


def order_stays() -> bool:
    """The classes of 200 samples, sorted by score and by probability: the same order."""
    return all(np.array_equal(z.argsort(), softmax(z).argsort()) for z in _scores())


def keepdim() -> bool:
    """Z.exp() / Z.exp().sum(dim=1, keepdim=True) is torch.softmax; the sums are 32 × 1."""
    import torch

    Z = torch.randn(32, 10, generator=torch.Generator().manual_seed(0))
    sums = Z.exp().sum(dim=1, keepdim=True)
    found = Z.exp() / sums
    return sums.shape == (32, 1) and torch.allclose(found, torch.softmax(Z, dim=1))


def own_slope() -> bool:
    """p (1 − p) for p from 0 to 1: largest at one half, below 0.01 near both ends."""
    p = np.linspace(0.0, 1.0, 1001)
    slope = p * (1 - p)
    ends = slope[(p <= 0.01) | (p >= 0.99)]
    return float(p[slope.argmax()]) == 0.5 and bool((ends < 0.01).all())


def one_number() -> bool:
    """backward() of four probabilities without an argument is an error; of one it is not."""
    import torch

    z = torch.tensor(SAMPLES[0], requires_grad=True)
    p = torch.softmax(z, dim=0)
    try:
        p.backward(retain_graph=True)
    except RuntimeError:
        p[0].backward()
        return z.grad is not None
    return False


def line_at_0() -> bool:
    """p.sum().backward() for 61 rows of scores in float32: no slope is above 1e-6."""
    import torch

    Z = torch.randn(61, 4, generator=torch.Generator().manual_seed(0)).requires_grad_()
    torch.softmax(Z, dim=1).sum().backward()
    return Z.grad is not None and bool((Z.grad.abs() < 1e-6).all())


def sigmoid_sum() -> bool:
    """The gradient of the sum of sigmoids is the slope of each of them."""
    import torch

    z = torch.linspace(-4, 4, 9, dtype=torch.float64).requires_grad_()
    a = torch.sigmoid(z)
    (slopes,) = torch.autograd.grad(a.sum(), z)
    return torch.allclose(slopes, (a * (1 - a)).detach())


def temperature_ends() -> bool:
    """The first sample at T = 0.01: (0, 0, 0, 1); at T = 10 000: a quarter each."""
    z = np.array(SAMPLES[0])
    cold, warm = softmax(z / 0.01), softmax(z / 1e4)
    return np.allclose(cold, [0, 0, 0, 1]) and np.allclose(warm, 0.25, atol=1e-3)


def temperature_slopes() -> bool:
    """The Jacobian of softmax(z / T) by autograd, for three T: (diag p − p pᵀ) / T."""
    import torch

    z = torch.tensor(SAMPLES[0], dtype=torch.float64, requires_grad=True)
    for T in (0.5, 2.0, 10.0):
        p = torch.softmax(z / T, dim=0)
        rows = [torch.autograd.grad(p[i], z, retain_graph=True)[0] for i in range(len(p))]
        expected = (torch.diag(p) - torch.outer(p, p)) / T
        if not torch.allclose(torch.stack(rows), expected.detach()):
            return False
    return True


def same_argmax() -> bool:
    """argmax of the scores and of the probabilities for 200 samples, and for the two samples."""
    import torch

    Z = torch.cat([torch.tensor(_scores()[:, :4]), torch.tensor(SAMPLES, dtype=torch.float64)])
    return torch.equal(Z.argmax(dim=1), torch.softmax(Z, dim=1).argmax(dim=1))


def hard_flat() -> bool:
    """Scores of 200 samples moved by up to 1e-6, 50 times: no argmax changes, every p moves."""
    Z, rng = _scores(), np.random.default_rng(1)
    p = np.array([softmax(z) for z in Z])
    for _ in range(50):
        moved = Z + rng.uniform(-1e-6, 1e-6, Z.shape)
        if not np.array_equal(moved.argmax(axis=1), Z.argmax(axis=1)):
            return False
    return bool((np.array([softmax(z) for z in moved]) != p).all())


CLAIMS: Mapping[str, Claim] = {
    "order-stays": order_stays,
    "keepdim": keepdim,
    "own-slope": own_slope,
    "one-number": one_number,
    "line-at-0": line_at_0,
    "sigmoid-sum": sigmoid_sum,
    "temperature-ends": temperature_ends,
    "temperature-slopes": temperature_slopes,
    "same-argmax": same_argmax,
    "hard-flat": hard_flat,
}
