"""Programs that show sentences of `backprop/deltas` to be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from lessons.course.backprop.deltas.mistakes import faulty_hidden_deltas, hidden_deltas
from lessons.course.parts import Array, central_slopes, sigmoid
from lessons.proof.claims import Claim

_WIDTHS = (2, 3, 3, 2)
_SMALL = 1e-3


def _network() -> tuple[list[Array], list[Array], Array, Array]:
    """Weights, biases, one input and its target: four layers, numbers of a fixed seed."""
    rng = np.random.default_rng(3)
    W = [rng.normal(size=(sends, gets)) for sends, gets in pairwise(_WIDTHS)]
    b = [rng.normal(size=gets) for gets in _WIDTHS[1:]]
    return W, b, rng.normal(size=_WIDTHS[0]), rng.uniform(0.1, 0.9, size=_WIDTHS[-1])


def _inputs(W: list[Array], b: list[Array], x: Array) -> list[Array]:
    """z of every layer after the first."""
    found, a = [], x
    for weights, biases in zip(W, b, strict=True):
        found.append(a @ weights + biases)
        a = sigmoid(found[-1])
    return found


def one_input() -> bool:
    """Each weight into layer 2 is moved in turn: the input of one unit of layer 2 moves."""
    W, b, x, _ = _network()
    before = _inputs(W, b, x)[0]
    moved = []
    for place in np.ndindex(*W[0].shape):
        other = W[0].copy()
        other[place] += _SMALL
        moved.append(np.count_nonzero(_inputs([other, *W[1:]], b, x)[0] != before))
    return set(moved) == {1}


def _loss_from(z: Array, layer: int, factor: float = 0.5) -> float:
    """The loss if the inputs of a layer, counted from 2, are z."""
    W, b, _, y = _network()
    a = sigmoid(z)
    for weights, biases in zip(W[layer - 1 :], b[layer - 1 :], strict=True):
        a = sigmoid(a @ weights + biases)
    return float(factor * ((a - y) ** 2).sum())


def _slopes(layer: int, factor: float = 0.5) -> Array:
    """The deltas of a layer by central differences, as the inputs are in a forward pass."""
    W, b, x, _ = _network()
    return central_slopes(lambda z: _loss_from(z, layer, factor), _inputs(W, b, x)[layer - 2])


def twice() -> bool:
    """Slopes of the loss without the half, in each layer: twice those with it."""
    return all(
        np.allclose(_slopes(layer, 1.0), 2 * _slopes(layer), atol=1e-9) for layer in (2, 3, 4)
    )


def larger_z() -> bool:
    """The output 0.3 with the target 0.8, and its z moved up by 0.001: larger, and less loss."""
    z = math.log(0.3 / 0.7)
    before, after = (float(sigmoid(np.array(at))) for at in (z, z + _SMALL))
    return before < after and (after - 0.8) ** 2 < (before - 0.8) ** 2


def every_output() -> bool:
    """The z of each hidden unit before the outputs is moved in turn: both outputs move."""
    W, b, x, _ = _network()
    z = _inputs(W, b, x)[-2]

    def outputs(at: Array) -> Array:
        return sigmoid(sigmoid(at) @ W[-1] + b[-1])

    moves = np.eye(z.size) * _SMALL
    return all(bool((outputs(z + move) != outputs(z)).all()) for move in moves)


def one_pass() -> bool:
    """One pass back by the two rules: the deltas of layers 4, 3 and 2 by central differences."""
    W, b, x, y = _network()
    inputs = _inputs(W, b, x)
    delta = (sigmoid(inputs[-1]) - y) * sigmoid(inputs[-1]) * (1 - sigmoid(inputs[-1]))
    found = {4: delta}
    for layer in (3, 2):
        a = sigmoid(inputs[layer - 2])
        delta = (W[layer - 1] @ delta) * a * (1 - a)
        found[layer] = delta
    return all(np.allclose(found[layer], _slopes(layer), atol=1e-8) for layer in found)


def _deltas() -> tuple[Array, Array, Array]:
    """Deltas of two outputs, weights into them, and outputs of three hidden units."""
    rng = np.random.default_rng(5)
    return rng.normal(size=2), rng.normal(size=(3, 2)), rng.uniform(0.1, 0.9, size=3)


def faulty_deltas() -> bool:
    """The faulty deltas beside the right ones: the shape is the same, the numbers are not."""
    faulty, right = (f(*_deltas()) for f in (faulty_hidden_deltas, hidden_deltas))
    return faulty.shape == right.shape and not np.isclose(faulty, right).any()


def last_output() -> bool:
    """The faulty deltas beside those of a network with the last output only: the same."""
    delta3, W2, a2 = _deltas()
    alone = hidden_deltas(delta3[-1:], W2[:, -1:], a2)
    return np.allclose(faulty_hidden_deltas(delta3, W2, a2), alone)


CLAIMS: Mapping[str, Claim] = {
    "one-input": one_input,
    "twice": twice,
    "larger-z": larger_z,
    "every-output": every_output,
    "one-pass": one_pass,
    "faulty-deltas": faulty_deltas,
    "last-output": last_output,
}
