"""What the formulas of `mlp/hidden-layers` speak of."""

from __future__ import annotations

import numpy as np

from engine.formulas.draws import integer, normal, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.values import Value

WEIGHTS = normal(0.6)


def _both_signs(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Numbers on both sides of 0, some of them far from it."""
    return rng.choice((-1.0, 1.0)) * rng.uniform(0.2, 3.0, size=shape)


NOTATION = (
    Notation()
    .drawn("w_1")
    .drawn("w_2")
    .drawn("b")
    .defined("z(x_1, x_2) = w_1 x_1 + w_2 x_2 + b", "")
    .drawn("z", "", _both_signs)
    .drawn("u", "", uniform(0.3, 3.0))
    .drawn("l", make=integer(2, 3))
    .size("S_l", over="l")
    .size("n")
    .drawn("X", r"n \times S_1")
    .defined(r"\mathbf{x} = (X_{s,:})^\top", "S_1")
    .defined(r"x_j = \mathbf{x}_j", "", over="j")
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", WEIGHTS, over="l")
    .defined(r"W_{ij}^{(l)} = (W^{(l)})_{ji}", "", over="i j l")
    .drawn(r"\mathbf{b}^{(l)}", "S_{l+1}", WEIGHTS, over="l")
    .defined(r"b_i^{(l)} = (\mathbf{b}^{(l)})_i", "", over="i l")
    .defined(
        r"\mathbf{z}^{(l)} = (W^{(l-1)})^\top \mathbf{a}^{(l-1)} + \mathbf{b}^{(l-1)}",
        "S_l",
        over="l",
    )
    .defined(r"z_i^{(l)} = (\mathbf{z}^{(l)})_i", "", over="i l")
    .defined(r"\mathbf{a}^{(1)} = \mathbf{x}", "S_1", over="l")
    .defined(r"\mathbf{a}^{(l)} = \sigma(\mathbf{z}^{(l)})", "S_l", over="l")
    .defined(r"a_i^{(l)} = (\mathbf{a}^{(l)})_i", "", over="i l")
    .entrywise(r"\sigma", "sigmoid")
    .defined("W = W^{(1)} W^{(2)}", r"S_1 \times S_3")
    .defined(r"\mathbf{b} = (W^{(2)})^\top \mathbf{b}^{(1)} + \mathbf{b}^{(2)}", "S_3")
    .drawn(r"\mathbf{1}", "n", ones())
    .defined(r"B^{(l)} = \mathbf{1} (\mathbf{b}^{(l)})^\top", r"n \times S_{l+1}", over="l")
    # Every sample by the formula for columns.
    .defined(
        r"Z^{(l)} = \left( (W^{(l-1)})^\top (A^{(l-1)})^\top"
        r" + \mathbf{b}^{(l-1)} \mathbf{1}^\top \right)^\top",
        r"n \times S_l",
        over="l",
    )
    .defined("A^{(1)} = X", r"n \times S_1", over="l")
    .defined(r"A^{(l)} = \sigma(Z^{(l)})", r"n \times S_l", over="l")
    .defined(r"V = (W^{(1)})^\top", r"S_2 \times S_1")
    .drawn("y", "S_3", uniform(0.1, 0.9))
    .defined(r"L = \frac12 \| \mathbf{a}^{(3)} - y \|^2", "")
    .defined(r"\delta_i^{(l)} = \frac{\partial L}{\partial z_i^{(l)}}", "", over="i l")
    .fixed(r"\infty", float("inf"))
    .index("i j k")
    .index("s", "n")
)
"""A network of three layers: x is the sample s of the batch X. The loss stands for any."""


def _sized(notation: Notation, **sizes: int) -> Notation:
    for name, size in sizes.items():
        if name == "n":
            notation = notation.fixed("n", size)
        else:
            notation = notation.defined(f"{name} = {size}", "", over="l")
    return notation


def _twin_columns(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Weights into units of which the first two have the same ones."""
    found = np.asarray(WEIGHTS(rng, shape))
    found[:, 1] = found[:, 0]
    return found


def _twin_rows(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    """Weights, or biases, of which the first two rows are the same."""
    return np.asarray(_twin_columns(rng, shape[::-1])).T


TWINS = (
    NOTATION.drawn(r"W^{(1)}", r"S_1 \times S_2", _twin_columns, over="l")
    .drawn(r"\mathbf{b}^{(1)}", "S_2", _twin_rows, over="l")
    .drawn(r"W^{(2)}", r"S_2 \times S_3", _twin_rows, over="l")
)
"""The first two hidden units have the same weights."""

NO_ACTIVATION = NOTATION.defined(r"\mathbf{a}^{(2)} = \mathbf{z}^{(2)}", "S_2", over="l")

BY_HAND = (
    _sized(NOTATION, S_1=2, S_2=2, S_3=1)
    .entrywise(r"\sigma", "relu")
    .fixed(r"W^{(1)}", ((1, 1), (1, 1)), r"S_1 \times S_2")
    .fixed(r"\mathbf{b}^{(1)}", (0, -1), "S_2")
    .fixed(r"W^{(2)}", ((1,), (-2,)), r"S_2 \times S_3")
    .fixed(r"\mathbf{b}^{(2)}", 0, "S_3")
)
"""The ReLU network that computes XOR."""

COUNT = _sized(NOTATION, S_1=784, S_2=256, S_3=10)
BATCH = (
    _sized(NOTATION, n=128, S_1=784, S_2=256, S_3=10)
    .drawn("X", r"n \times S_1", ones())
    .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", ones(), over="l")
)
"""Only the shapes matter."""


def _xor(start: float) -> Notation:
    """Three tanh units learn a sample of XOR; all weights and biases are alike."""

    def alike(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
        return np.full(shape, start)

    return (
        _sized(NOTATION, S_1=2, S_2=3, S_3=1)
        .entrywise(r"\sigma", "tanh")
        .drawn(r"W^{(l)}", r"S_l \times S_{l+1}", alike, over="l")
        .drawn(r"\mathbf{b}^{(l)}", "S_{l+1}", alike, over="l")
        .computed("x_j", lambda world, j: (world.index >> (j - 1)) % 2, "", over="j")
        .defined(r"\mathbf{x} = (x_1, x_2)", "S_1")
        .defined("y = | x_1 - x_2 |", "")
        .defined(r"L = \ln(1 + e^{z_1^{(3)}}) - y z_1^{(3)}", "")
    )


FAR_LEFT = NOTATION.given(z=-100)
SCOPES = {
    "xor_output": BY_HAND.fixed(r"\mathbf{x}", (1, 1), "S_1"),
    "no_activation": NO_ACTIVATION,
    "one_matrix": NO_ACTIVATION,
    "one_layer_count": COUNT,
    "hidden_shape": BATCH,
    "far_left": FAR_LEFT,
    "tanh_far_left": FAR_LEFT,
    "sigmoid_far_left": FAR_LEFT,
    "twins": TWINS,
    "all_zero": _xor(0.0),
    "equal_start": _xor(0.5),
}
