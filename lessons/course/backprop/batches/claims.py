"""Programs that show sentences of `backprop/batches` to be true."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.worked_example import worked_example
from lessons.course.backprop.batches.facts import SECOND, hidden_sums
from lessons.proof.claims import Claim


def four_sums() -> bool:
    """Both samples in one product, beside the sums of each sample alone, unit by unit."""
    given = worked_example()
    both = hidden_sums(given.x, SECOND)
    alone = [
        sum(w * x for w, x in zip(given.W[0][unit], sample, strict=True)) + given.b[0][unit]
        for unit in range(2)
        for sample in (given.x, SECOND)
    ]
    return both.shape == (2, 2) and np.allclose(both.ravel(), alone)


def one_product() -> bool:
    """The product with all columns beside the products with each of them."""
    rng = np.random.default_rng(1)
    W, A = rng.normal(size=(4, 3)), rng.normal(size=(4, 5))
    return np.allclose(W.T @ A, np.column_stack([W.T @ A[:, s] for s in range(5)]))


def fourth_sample() -> bool:
    """X[3] of a batch of rows is the sample that was put in fourth."""
    samples = [np.array([float(s), 10.0 * s]) for s in range(1, 6)]
    return np.array_equal(np.stack(samples)[3], samples[3])


def broadcasting() -> bool:
    """X @ W + b in NumPy and in PyTorch: b is added to every row."""
    import torch

    rng = np.random.default_rng(2)
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    by_torch = (torch.tensor(X) @ torch.tensor(W) + torch.tensor(b)).numpy()
    return all(np.allclose(found - X @ W, np.tile(b, (5, 1))) for found in (X @ W + b, by_torch))


def fully_connected() -> bool:
    """The derivatives of all outputs of nn.Linear(4, 3) by all inputs: none is 0."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        linear = nn.Linear(4, 3)
        slopes = torch.autograd.functional.jacobian(linear, torch.randn(4))
    return tuple(slopes.shape) == (3, 4) and bool((slopes != 0).all())


def out_in() -> bool:
    """The shape of the weights of nn.Linear(4, 3): three rows of four."""
    from torch import nn

    return tuple(nn.Linear(4, 3).weight.shape) == (3, 4)


def square_fits() -> bool:
    """W copied into nn.Linear(2, 2) without a transpose: no error, and other sums than X @ W."""
    import torch
    from torch import nn

    W, X = torch.tensor([[0.15, 0.25], [0.20, 0.30]]), torch.tensor([[0.05, 0.10]])
    linear = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        linear.weight.copy_(W)
        wrong = linear(X)
        linear.weight.copy_(W.T)
        right = linear(X)
    return torch.allclose(right, X @ W) and not torch.allclose(wrong, X @ W)


CLAIMS: Mapping[str, Claim] = {
    "four-sums": four_sums,
    "one-product": one_product,
    "fourth-sample": fourth_sample,
    "broadcasting": broadcasting,
    "fully-connected": fully_connected,
    "out-in": out_in,
    "square-fits": square_fits,
}
