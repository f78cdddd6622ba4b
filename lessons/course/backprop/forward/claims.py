"""Programs that show sentences of `backprop/forward` to be true."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lessons.course.backprop.forward.facts import SIZES
from lessons.course.backprop.forward.mistakes import faulty_loss_and_slopes, loss_and_slopes
from lessons.course.parts import sigmoid
from lessons.proof.claims import Claim


def layers_collapse() -> bool:
    """Three layers without activation beside one layer of the right weights; with it, they bend."""
    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(3)]
    X = rng.normal(size=(20, 3))
    A, weight, bias = X, np.eye(3), np.zeros(3)
    for W, b in layers:
        A, weight, bias = A @ W + b, weight @ W, bias @ W + b
    (W, b), (above, over), _ = layers
    first, half, last = (
        sigmoid(at * X @ W + b) @ above + over for at in (0.0, 0.5, 1.0)
    )  # on a straight line, the middle is the mean of the ends
    return np.allclose(A, X @ weight + bias) and not np.allclose(half, (first + last) / 2)


def same_count() -> bool:
    """The parameters of two nn.Linear of the sizes in the question: 203530."""
    from torch import nn

    first, hidden, last = SIZES.values()
    net = nn.Sequential(nn.Linear(first, hidden), nn.Sigmoid(), nn.Linear(hidden, last))
    return sum(each.numel() for each in net.parameters()) == 203_530


def counts_twice() -> bool:
    """The faulty loss less the right one: half of the second square."""
    a, y = np.array([0.3, 0.9]), np.array([0.1, 0.4])
    faulty, right = (f(a, y)[0] for f in (faulty_loss_and_slopes, loss_and_slopes))
    return bool(np.isclose(faulty - right, 0.5 * (a[1] - y[1]) ** 2))


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
    "layers-collapse": layers_collapse,
    "same-count": same_count,
    "counts-twice": counts_twice,
    "one-product": one_product,
    "fourth-sample": fourth_sample,
    "broadcasting": broadcasting,
    "fully-connected": fully_connected,
    "out-in": out_in,
    "square-fits": square_fits,
}
