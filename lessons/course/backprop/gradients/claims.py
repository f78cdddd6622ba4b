"""Programs that show sentences of `backprop/gradients` to be true."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import numpy as np

from lessons.course.backprop.gradients.mistakes import batch_gradients, faulty_batch_gradients
from lessons.course.parts import (
    WORKED_W,
    WORKED_X,
    Array,
    Weights,
    central_gradients,
)
from lessons.proof.claims import Claim

if TYPE_CHECKING:
    import torch


def _batch() -> tuple[Array, Array]:
    """Five samples and their targets, one per row."""
    rng = np.random.default_rng(1)
    return rng.uniform(size=(5, 2)), rng.uniform(size=(5, 2))


def one_input() -> bool:
    """Each weight into layer 2 is moved in turn: the input of one unit of layer 2 moves."""
    W1, _ = WORKED_W
    moved = []
    for place in np.ndindex(*W1.shape):
        other = W1.copy()
        other[place] += 0.01
        moved.append(np.count_nonzero(~np.isclose(WORKED_X @ other, WORKED_X @ W1)))
    return set(moved) == {1}


def bias_as_weight() -> bool:
    """The biases as a row of weights behind an input of 1: the same sums."""
    W1, _ = WORKED_W
    biases = np.array([0.35, -0.2])
    return np.allclose(np.append(WORKED_X, 1.0) @ np.vstack([W1, biases]), WORKED_X @ W1 + biases)


def autograd_same() -> bool:
    """What the program prints: by formula and by autograd the same digits, for both matrices."""
    from lessons.course.backprop.gradients.programs import gradients_by_formula

    printed = io.StringIO()
    with redirect_stdout(printed):
        gradients_by_formula()
    by_formula, by_torch, *others = (
        line.partition(":")[2].strip() for line in printed.getvalue().splitlines()
    )
    return by_formula == by_torch and others[0] == others[1]


def _by_torch(loss_of: Callable[[torch.Tensor], torch.Tensor]) -> tuple[torch.nn.Linear, Array]:
    """A linear layer after backward, for a loss of its sigmoid less the targets; and the D."""
    import torch
    from torch import nn

    X, Y = (torch.tensor(each) for each in _batch())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        linear = nn.Linear(2, 2, dtype=torch.float64)
    outputs = torch.sigmoid(linear(X))
    loss_of(outputs - Y).backward()
    D = (outputs - Y) * outputs * (1 - outputs)
    return linear, np.asarray(D.detach().numpy(), dtype=np.float64)


def _summed(errors: torch.Tensor) -> torch.Tensor:
    return 0.5 * (errors**2).sum()


def _mean(errors: torch.Tensor) -> torch.Tensor:
    return 0.5 * (errors**2).sum(dim=1).mean()


def mean_batch() -> bool:
    """Autograd for the sum over five samples, and for the mean: five times as large."""
    (summed, _), (mean, _) = _by_torch(_summed), _by_torch(_mean)
    return all(
        np.allclose(of_sum.grad.numpy(), 5 * of_mean.grad.numpy())
        for of_sum, of_mean in zip(summed.parameters(), mean.parameters(), strict=True)
        if of_sum.grad is not None and of_mean.grad is not None
    )


def bias_sum() -> bool:
    """D.sum(dim=0) beside the gradient of the biases by autograd."""
    import torch

    linear, D = _by_torch(_summed)
    assert linear.bias.grad is not None
    return torch.allclose(torch.tensor(D).sum(dim=0), linear.bias.grad)


def faulty_batch() -> bool:
    """The faulty gradients beside central differences: the shapes and dW2 agree, dW1 does not."""
    X, Y = _batch()
    faulty, central = faulty_batch_gradients(X, Y, WORKED_W), central_gradients(X, Y, WORKED_W)
    return (
        faulty[0].shape == WORKED_W[0].shape
        and np.allclose(faulty[1], central[1], atol=1e-8)
        and not np.isclose(faulty[0], central[0], rtol=1e-3).any()
    )


def three_hidden() -> bool:
    """Three hidden units: the faulty program raises ValueError, the right one does not."""
    rng = np.random.default_rng(2)
    X, Y = _batch()
    wider: Weights = (rng.normal(size=(2, 3)), rng.normal(size=(3, 2)))
    right = batch_gradients(X, Y, wider)
    try:
        faulty_batch_gradients(X, Y, wider)
    except ValueError:
        return right[0].shape == (2, 3)
    return False


def grad_shape() -> bool:
    """weight.grad of nn.Linear(4, 3) has three rows of four, as its weights have."""
    import torch
    from torch import nn

    linear = nn.Linear(4, 3)
    linear(torch.ones(2, 4)).sum().backward()
    assert linear.weight.grad is not None
    return linear.weight.grad.shape == linear.weight.shape == (3, 4)


def grad_transposed() -> bool:
    """X.T @ D beside weight.grad.T by autograd; weight.grad itself differs."""
    linear, D = _by_torch(_summed)
    assert linear.weight.grad is not None
    by_hand, by_torch = _batch()[0].T @ D, linear.weight.grad.numpy()
    return np.allclose(by_hand, by_torch.T) and not np.allclose(by_hand, by_torch)


CLAIMS: Mapping[str, Claim] = {
    "one-input": one_input,
    "bias-as-weight": bias_as_weight,
    "autograd-same": autograd_same,
    "mean-batch": mean_batch,
    "bias-sum": bias_sum,
    "faulty-batch": faulty_batch,
    "three-hidden": three_hidden,
    "grad-shape": grad_shape,
    "grad-transposed": grad_transposed,
}
