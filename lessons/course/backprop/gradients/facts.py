"""What the formulas of `backprop/gradients` speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.formulas.draws import integer, ones, uniform
from engine.formulas.notation import Notation
from engine.formulas.proving import holds, value_of
from engine.worked_example import worked_example
from lessons.course.layers import NETWORK, WORKED
from lessons.judge.values import Choice, Number, QuestionValues, Shape

NOTATION = (
    NETWORK.defined("S = S_l", "")
    .size("m", low=2)
    .index("s", "m")
    .drawn(r"\mathbf{1}", r"m \times 1", ones())
    .drawn("A^{(1)}", r"S_1 \times m")
    .drawn("Y", r"S_n \times m", uniform(0.1, 0.9))
    .defined(
        r"Z^{(l)} = (W^{(l-1)})^\top A^{(l-1)} + b^{(l-1)} \mathbf{1}^\top",
        r"S_l \times m",
        over="l",
    )
    .defined(r"A^{(l)} = \sigma(Z^{(l)})", r"S_l \times m", over="l")
    .defined(r"L_s = \frac12 \| A_{:,s}^{(n)} - Y_{:,s} \|^2", "", over="s")
    .defined(
        r"\Delta^{(l)} = \frac{\partial}{\partial Z^{(l)}} \frac12 \| A^{(n)} - Y \|^2",
        r"S_l \times m",
        over="l",
    )
    .defined(r"D^{(l)} = (\Delta^{(l)})^\top", r"m \times S_l", over="l")
    .defined("A = A^{(l)}", r"S_l \times m")
    .defined(r"X = A^\top", r"m \times S_l")
    .defined(r"\Delta = \Delta^{(l+1)}", r"S_{l+1} \times m")
    .defined("D = D^{(l+1)}", r"m \times S_{l+1}")
    .defined(r"V = (W^{(l)})^\top", r"S_{l+1} \times S_l")
)


BATCH = (
    NOTATION.fixed("n", 3)
    .size("S_l", over="l", low=2)
    .drawn("l", make=integer(1, 2))
    .defined(r"L = \frac12 \| A^{(n)} - Y \|^2", "")
)
"""The loss is that of a batch, the sum over its samples."""


_FREE_LAYOUT = (
    BATCH.drawn("V^{(l)}", r"S_{l+1} \times S_l", over="l")
    .defined(r"W^{(l)} = (V^{(l)})^\top", r"S_l \times S_{l+1}", over="l")
    .defined("V = V^{(l)}", r"S_{l+1} \times S_l")
)
"""The same with the weights as nn.Linear stores them, so that derivatives can move these."""


def _sized(**sizes: int) -> Notation:
    """Columns and matrices of known sizes, without a network: `sends` and `gets` are units."""
    return (
        Notation()
        .fixed("l", 1)
        .defined(f"S_1 = {sizes['sends']}", "", over="l")
        .defined(f"S_2 = {sizes['gets']}", "", over="l")
        .drawn("a^{(l)}", r"S_l \times 1", over="l")
        .drawn(r"\delta^{(l)}", r"S_l \times 1", over="l")
        .drawn("W^{(l)}", r"S_l \times S_{l+1}", over="l")
    )


SCOPES = {
    **{
        f"{name}/numbers": WORKED
        for name in (
            "weight_gradient",
            "bias_gradient",
            "output_delta_matrix",
            "hidden_delta_matrix",
            "matrix_gradient",
        )
    },
    "worked": WORKED,
    "gradients_w8": WORKED,
    "gradients_bias": WORKED,
    "output_delta_matrix": NOTATION.defined("S = S_n", ""),
    "gradients_transpose": (
        NOTATION.fixed("l", 2).defined("S_2 = 5", "", over="l").defined("S_3 = 4", "", over="l")
    ),
    "gradients_outer": _sized(sends=784, gets=256),
    "batch": BATCH,
    "gradients_batch_shape": (
        _sized(sends=784, gets=10)
        .fixed("m", 256)
        .drawn("X", r"m \times S_l")
        .drawn("D", r"m \times S_{l+1}")
    ),
    "row-for-column": (
        BATCH.index("i", "S_l")
        .drawn("z")
        .drawn("y")
        .defined(r"a = \sigma(z)", "")
        .defined(r"\delta = \frac{d}{dz} \frac12 (\sigma(z) - y)^2", "")
    ),
    "batch_delta": BATCH.given(l=2),
    "layout_gradient": _FREE_LAYOUT,
}


def _worked(symbol: str) -> float:
    """A number of the worked network by its symbol."""
    return worked_example().trace().values()[symbol]


_PRODUCTS = (
    r"(W^{(l)})^\top \delta^{(l+1)} : 5 \times 1",
    r"W^{(l)} \delta^{(l+1)} : 5 \times 1",
)


def _the_one(claims: tuple[str, ...], name: str) -> int:
    """Which of some claims holds with the sizes of a question; raises where not just one does."""
    (place,) = (at for at, claim in enumerate(claims) if holds(claim, SCOPES[name]))
    return place


def _outer_shape() -> tuple[int, ...]:
    sends, gets = (int(value_of(size, _OUTER)) for size in ("S_l", "S_{l+1}"))
    a, delta = np.zeros((sends, 1)), np.zeros((gets, 1))
    return (a @ delta.T).shape


_OUTER = SCOPES["gradients_outer"]


_SHAPES = (
    r"X^\top D : 10 \times 784",
    r"X^\top D : 784 \times 10",
    r"X^\top D : 256 \times 10",
)


NUMBERS: Mapping[str, Callable[[], float]] = {
    "gradients_delta_o1": lambda: _worked("δ_o1"),
    "gradients_delta_o2": lambda: _worked("δ_o2"),
    "gradients_h1": lambda: _worked("out_h1"),
    "gradients_h2": lambda: _worked("out_h2"),
    "gradients_out_o1": lambda: _worked("out_o1"),
    "gradients_w5": lambda: _worked("∂E/∂w5"),
}


QUESTIONS: Mapping[str, QuestionValues] = {
    "gradients_w8": Number(
        lambda: _worked("∂E/∂w8"),
        slips={
            "other-end": lambda: _worked("δ_o2") * _worked("out_o2"),
            "other-unit": lambda: _worked("δ_o1") * _worked("out_h2"),
            "delta-alone": lambda: _worked("δ_o2"),
            "other-source": lambda: _worked("∂E/∂w7"),
            "other-weight": lambda: _worked("∂E/∂w5"),
            "no-derivative": lambda: _worked("∂E/∂out_o2") * _worked("out_h2"),
            "half-kept": lambda: _worked("∂E/∂w8") / 2,
            "weight-for-input": lambda: _worked("δ_o2") * _worked("w8"),
        },
        digits=3,
    ),
    "gradients_bias": Number(
        lambda: _worked("δ_o1"),
        slips={
            "times-input": lambda: _worked("∂E/∂w5"),
            "times-bias": lambda: _worked("δ_o1") * _worked("b_o1"),
            "other-unit": lambda: _worked("δ_o2"),
            "other-layer": lambda: _worked("δ_h1"),
            "no-derivative": lambda: _worked("∂E/∂out_o1"),
            "last-factor-only": lambda: 1.0,
            "constant": lambda: 0.0,
        },
        digits=3,
    ),
    "gradients_transpose": Choice(lambda: _the_one(_PRODUCTS, "gradients_transpose")),
    "gradients_outer": Shape(
        _outer_shape,
        slips={
            "row-for-column": lambda: _outer_shape()[::-1],
            "sum-for-product": lambda: (1, 1),
            "same-vector-twice": (
                lambda: (_outer_shape()[0], _outer_shape()[0]),
                lambda: (_outer_shape()[1], _outer_shape()[1]),
            ),
            "first-factor-only": lambda: (_outer_shape()[0], 1),
        },
    ),
    "gradients_batch_shape": Choice(lambda: _the_one(_SHAPES, "gradients_batch_shape")),
}
