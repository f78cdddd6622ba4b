"""The checks of `mlp/hidden-layers`: XOR, layers without activation, batches, activations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from lessons.checks.base import (
    Array,
    CheckBook,
    DerivationCheck,
    Derivative,
    Draw,
    Line,
)
from lessons.checks.nets import layers, loss_from, sigmoid, sigmoid_slope
from lessons.checks.prove import by_autograd

if TYPE_CHECKING:
    import torch

# --- one line and XOR ---------------------------------------------------------------------


def _line(rng: np.random.Generator) -> Draw:
    """A line of two features: weights `w` (2,) and bias `b`."""
    return Draw(w=rng.normal(size=2), b=rng.normal(size=()))


def _score(d: Draw, *x: float) -> float:
    return float(np.dot(d.w, x) + d.b)


XOR_SCORES = DerivationCheck(
    draw=_line,
    left=lambda d: _score(d, 0, 1) + _score(d, 1, 0),
    lines=(
        Line(lambda d: (d.w[1] + d.b) + (d.w[0] + d.b), (lambda d: d.w[1] + d.w[0] + d.b,)),
        Line(lambda d: (d.w[0] + d.w[1] + d.b) + d.b, (lambda d: (d.w[0] + d.w[1]) + 3 * d.b,)),
        Line(
            lambda d: _score(d, 1, 1) + _score(d, 0, 0),
            (lambda d: _score(d, 1, 1) - _score(d, 0, 0), lambda d: _score(d, 1, 1)),
        ),
    ),
)


# --- without activation -------------------------------------------------------------------


def _linear_layers(rng: np.random.Generator) -> Draw:
    """Two layers of three units without activation; the weights W[j, i] lead from j to i."""
    W1, W2 = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    b1, b2, x = rng.normal(size=3), rng.normal(size=3), rng.normal(size=3)
    z2 = W1.T @ x + b1
    return Draw(W1=W1, W2=W2, b1=b1, b2=b2, x=x, z2=z2, W=W1 @ W2, b=W2.T @ b1 + b2)


def _torch_layers(d: Draw) -> Array:
    """nn.Linear's function twice, with nothing between."""
    import torch

    between = torch.nn.functional.linear(
        torch.tensor(d.x), torch.tensor(d.W1.T), torch.tensor(d.b1)
    )
    found: Array = torch.nn.functional.linear(
        between, torch.tensor(d.W2.T), torch.tensor(d.b2)
    ).numpy()
    return found


NO_ACTIVATION = DerivationCheck(
    draw=_linear_layers,
    left=_torch_layers,
    lines=(
        Line(lambda d: d.W2.T @ d.z2 + d.b2, (lambda d: d.W2 @ d.z2 + d.b2,)),
        Line(
            lambda d: d.W2.T @ (d.W1.T @ d.x + d.b1) + d.b2,
            (lambda d: d.W2.T @ (d.W1 @ d.x + d.b1) + d.b2,),
        ),
        Line(
            lambda d: d.W2.T @ d.W1.T @ d.x + d.W2.T @ d.b1 + d.b2,
            # The first bias passed on without the weights of the second layer.
            (lambda d: d.W2.T @ d.W1.T @ d.x + d.b1 + d.b2,),
        ),
        Line(
            lambda d: (d.W1 @ d.W2).T @ d.x + d.W2.T @ d.b1 + d.b2,
            (
                lambda d: (d.W2 @ d.W1).T @ d.x + d.W2.T @ d.b1 + d.b2,
                lambda d: (d.W1 @ d.W2) @ d.x + d.W2.T @ d.b1 + d.b2,
            ),
        ),
        Line(
            lambda d: d.W.T @ d.x + d.b,
            (lambda d: d.W @ d.x + d.b, lambda d: d.W.T @ d.x + d.b2),
        ),
    ),
)


# --- a batch at once ----------------------------------------------------------------------


def _batch(rng: np.random.Generator) -> Draw:
    """Five samples as rows of `X` (5, 3), through layers of 4 and 2 units."""
    W1, b1 = rng.normal(size=(3, 4)), rng.normal(size=4)
    W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=2)
    X = rng.normal(size=(5, 3))
    Z2 = X @ W1 + b1
    return Draw(X=X, W1=W1, b1=b1, W2=W2, b2=b2, Z2=Z2, A2=sigmoid(Z2))


def _torch_linear(rows: Array, W: Array, b: Array) -> Array:
    """An nn.Linear module whose weight tensor holds one row an output unit."""
    import torch

    layer = torch.nn.Linear(W.shape[0], W.shape[1], dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(W.T))
        layer.bias.copy_(torch.tensor(b))
        found: Array = layer(torch.tensor(rows)).numpy()
    return found


def _by_units(d: Draw) -> Array:
    """Σ_j W_ij x_j + b_i for every sample and unit; W_ij is `W1[j, i]`."""
    return np.asarray(
        [[sum(d.W1[j, i] * x[j] for j in range(3)) + d.b1[i] for i in range(4)] for x in d.X]
    )


def _by_samples(d: Draw) -> Array:
    return np.stack([x @ d.W1 + d.b1 for x in d.X])


BATCH_LAYER = DerivationCheck(
    draw=_batch,
    left=lambda d: _torch_linear(d.X, d.W1, d.b1),
    lines=(
        Line(_by_units, (lambda d: _by_units(d) - d.b1,)),
        Line(_by_samples, (lambda d: np.stack([x[::-1] @ d.W1 + d.b1 for x in d.X]),)),
        Line(
            lambda d: d.X @ d.W1 + np.outer(np.ones(5), d.b1),
            (
                # One bias for every sample where one for every unit belongs.
                lambda d: d.X @ d.W1 + np.outer(d.X @ np.ones(3), np.ones(4)),
                lambda d: d.X @ d.W1,
            ),
        ),
        Line(
            lambda d: d.X @ d.W1 + np.repeat(d.b1[None], 5, axis=0),
            (lambda d: d.X @ d.W1 - np.repeat(d.b1[None], 5, axis=0),),
        ),
        Line(
            lambda d: d.X @ np.ascontiguousarray(d.W1.T).T + np.repeat(d.b1[None], 5, axis=0),
            # The kept rows read as if they were columns.
            (lambda d: d.X @ d.W1.T.reshape(3, 4) + np.repeat(d.b1[None], 5, axis=0),),
        ),
    ),
)


def _sample_by_sample(d: Draw, last: str) -> Array:
    """The column formulas z = Wᵀa + b and a = σ(z), one sample after the other."""
    rows = []
    for x in d.X:
        z2 = d.W1.T @ x + d.b1
        a2 = 1 / (1 + np.exp(-z2))
        rows.append({"z2": z2, "a2": a2, "z3": d.W2.T @ a2 + d.b2}[last])
    return np.stack(rows)


BATCH_NETWORK = DerivationCheck(
    draw=_batch,
    left=lambda d: _sample_by_sample(d, "z2"),
    lines=(
        Line(lambda d: d.X @ d.W1 + d.b1, (lambda d: d.X @ d.W1,)),
        Line(
            lambda d: sigmoid(d.Z2),
            (lambda d: d.Z2, lambda d: sigmoid_slope(d.Z2)),
            left=lambda d: _sample_by_sample(d, "a2"),
        ),
        Line(
            lambda d: d.A2 @ d.W2 + d.b2,
            (lambda d: d.Z2 @ d.W2 + d.b2, lambda d: sigmoid(d.A2 @ d.W2 + d.b2)),
            left=lambda d: _sample_by_sample(d, "z3"),
        ),
    ),
)


# --- activations --------------------------------------------------------------------------


def _inputs(rng: np.random.Generator) -> Draw:
    """Six inputs of both signs, small enough for every form of a formula."""
    return Draw(z=rng.uniform(0.2, 2, size=6) * rng.permutation([1.0, 1, 1, -1, -1, -1]))


TANH_FORMS = DerivationCheck(
    draw=_inputs,
    left=lambda d: np.tanh(d.z),
    lines=(
        Line(
            lambda d: (np.exp(d.z) - np.exp(-d.z)) / (np.exp(d.z) + np.exp(-d.z)),
            (lambda d: (np.exp(d.z) + np.exp(-d.z)) / (np.exp(d.z) - np.exp(-d.z)),),
        ),
        Line(
            lambda d: np.exp(d.z) * (1 - np.exp(-2 * d.z)) / (np.exp(d.z) * (1 + np.exp(-2 * d.z))),
            (lambda d: np.exp(d.z) * (1 - np.exp(-d.z)) / (np.exp(d.z) * (1 + np.exp(-d.z))),),
        ),
        Line(
            lambda d: (1 - np.exp(-2 * d.z)) / (1 + np.exp(-2 * d.z)),
            (lambda d: (1 - np.exp(2 * d.z)) / (1 + np.exp(2 * d.z)),),
        ),
        Line(
            lambda d: (2 - (1 + np.exp(-2 * d.z))) / (1 + np.exp(-2 * d.z)),
            (lambda d: (2 + (1 + np.exp(-2 * d.z))) / (1 + np.exp(-2 * d.z)),),
        ),
        Line(
            lambda d: 2 * sigmoid(2 * d.z) - 1,
            (lambda d: 2 * sigmoid(d.z) - 1, lambda d: sigmoid(2 * d.z) - 1),
        ),
    ),
)

SIGMOID_FORMS = DerivationCheck(
    draw=_inputs,
    left=lambda d: 0.5 * (1 + np.tanh(d.z / 2)),
    lines=(
        Line(lambda d: 1 / (1 + np.exp(-d.z)), (lambda d: 1 / (1 + np.exp(d.z)),)),
        Line(
            lambda d: np.exp(d.z) / (np.exp(d.z) * (1 + np.exp(-d.z))),
            (lambda d: np.exp(d.z) / (np.exp(d.z) * (1 + np.exp(d.z))),),
        ),
        Line(
            lambda d: np.exp(d.z) / (np.exp(d.z) + 1),
            (lambda d: np.exp(-d.z) / (np.exp(d.z) + 1), lambda d: 1 / (np.exp(d.z) + 1)),
        ),
    ),
)


def _own(derivative: Array, _: Draw) -> Array:
    return np.diag(derivative)


def _slope_of_sum(d: Draw) -> Array:
    """∂(1 + e^{−z})/∂z by autograd."""
    return np.diag(by_autograd(lambda t: 1 + (-t.z).exp(), "z", d))


SIGMOID_SLOPE = DerivationCheck(
    draw=_inputs,
    left=Derivative(lambda t: t.z.sigmoid(), at="z", pick=_own),
    lines=(
        Line(
            lambda d: -1 / (1 + np.exp(-d.z)) ** 2 * _slope_of_sum(d),
            (lambda d: 1 / (1 + np.exp(-d.z)) ** 2 * _slope_of_sum(d),),
        ),
        Line(
            lambda d: -1 / (1 + np.exp(-d.z)) ** 2 * -np.exp(-d.z),
            (lambda d: -1 / (1 + np.exp(-d.z)) ** 2 * np.exp(-d.z),),
        ),
        Line(
            lambda d: 1 / (1 + np.exp(-d.z)) * (np.exp(-d.z) / (1 + np.exp(-d.z))),
            (lambda d: 1 / (1 + np.exp(-d.z)) * (1 / (1 + np.exp(-d.z))),),
        ),
        Line(
            lambda d: sigmoid(d.z) * (1 - sigmoid(d.z)),
            (lambda d: sigmoid(d.z) * (1 + sigmoid(d.z)), lambda d: 1 - sigmoid(d.z) ** 2),
        ),
    ),
)


# --- equal units stay equal ---------------------------------------------------------------


def _twins(rng: np.random.Generator) -> Draw:
    """A network of 3, 4 and 2 units whose first two hidden units have the same weights."""
    d = layers(rng, 3, 4, 2)
    d.W1[:, 1], d.b1[1], d.W2[1] = d.W1[:, 0], d.b1[0], d.W2[0]
    d.z2 = d.W1.T @ d.a1 + d.b1
    d.a2 = sigmoid(d.z2)
    d.z3 = d.W2.T @ d.a2 + d.b2
    d.a3 = sigmoid(d.z3)
    return d


def _loss_from_input(t: SimpleNamespace) -> torch.Tensor:
    import torch

    z2 = t.W1.T @ t.a1 + t.b1
    z3 = t.W2.T @ torch.sigmoid(z2) + t.b2
    return loss_from(SimpleNamespace(**{**vars(t), "z2": z2, "z3": z3}), 3)


def _first(derivative: Array, _: Draw) -> Array:
    """∂L/∂W_1j for all j: what leads into the first hidden unit."""
    return np.asarray(derivative[:, 0])


def _hidden_deltas(d: Draw) -> Array:
    return by_autograd(lambda t: loss_from(t, 2), "z2", d)


def _passed_back(d: Draw, unit: int) -> float:
    """Σ_k δ_k W_ki of one hidden unit, with the deltas of the outputs by their formula."""
    deltas = (d.a3 - d.y) * sigmoid_slope(d.z3)
    return float(sum(deltas[k] * d.W2[unit, k] for k in range(len(deltas))))


TWINS = DerivationCheck(
    draw=_twins,
    left=Derivative(_loss_from_input, at="W1", pick=_first),
    lines=(
        Line(
            lambda d: _hidden_deltas(d)[0] * d.a1,
            (lambda d: _hidden_deltas(d)[0] * d.W1[:, 0], lambda d: _hidden_deltas(d)[2] * d.a1),
        ),
        Line(
            lambda d: _passed_back(d, 0) * sigmoid_slope(d.z2)[0] * d.a1,
            (lambda d: _passed_back(d, 0) * d.a1,),
        ),
        Line(
            lambda d: _passed_back(d, 1) * sigmoid_slope(d.z2)[1] * d.a1,
            # A unit with weights of its own.
            (lambda d: _passed_back(d, 2) * sigmoid_slope(d.z2)[2] * d.a1,),
        ),
        Line(
            lambda d: by_autograd(_loss_from_input, "W1", d)[:, 1],
            (lambda d: by_autograd(_loss_from_input, "W1", d)[:, 2],),
        ),
    ),
)


BOOK = CheckBook(
    "mlp",
    derivations={
        "xor_scores": XOR_SCORES,
        "no_activation": NO_ACTIVATION,
        "batch_layer": BATCH_LAYER,
        "batch_network": BATCH_NETWORK,
        "tanh_forms": TANH_FORMS,
        "sigmoid_forms": SIGMOID_FORMS,
        "sigmoid_slope_written": SIGMOID_SLOPE,
        "equal_units": TWINS,
    },
)
