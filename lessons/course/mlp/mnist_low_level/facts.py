"""What the formulas of `mlp/mnist-low-level` speak of."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from engine.formulas.declarations import Maker
from engine.formulas.draws import choice, integer, ones
from engine.formulas.errors import NoValueError
from engine.formulas.notation import Notation
from engine.formulas.values import Value, number, whole
from engine.formulas.world import Place, World
from lessons.course.mlp.chance import mean_over, uncorrelated

PIXELS, UNITS, CLASSES = 784, 200, 10
_V: Place = ("v", (), None)


def _distribution(*_: Any) -> NoReturn:
    raise NoValueError("A distribution has no value.")


def _weights(world: World) -> list[Value]:
    """The weights that a unit may get; those of the draw itself are one more."""
    d, s = (world.value((name, (), None)) for name in ("d", "s"))
    return uncorrelated(world, whole(d), number(s))


def _mean_square_1(rng: np.random.Generator, shape: tuple[int, ...]) -> Value:
    found = rng.normal(size=shape)
    return found / np.sqrt((found**2).mean())


def _zeros(_: np.random.Generator, shape: tuple[int, ...]) -> Value:
    return np.zeros(shape)


def _network(
    pixels: str, units: str, classes: str, weights: Maker | None = None, biases: Maker | None = None
) -> Notation:
    return (
        Notation()
        .size("n")
        .drawn(r"\mathbf{1}", r"n \times 1", ones())
        .drawn("X", rf"n \times {pixels}")
        .drawn("w_1", rf"{units} \times {pixels}", weights)
        .drawn("w_2", rf"{units} \times {units}", weights)
        .drawn("w_3", rf"{classes} \times {units}", weights)
        .drawn("b_1", rf"{units} \times 1", biases)
        .drawn("b_2", rf"{units} \times 1", biases)
        .drawn("b_3", rf"{classes} \times 1", biases)
        .defined(r"H_1 = \max(0, X w_1^\top + \mathbf{1} b_1^\top)", rf"n \times {units}")
        .defined(r"H_2 = \max(0, H_1 w_2^\top + \mathbf{1} b_2^\top)", rf"n \times {units}")
        .defined(r"O = H_2 w_3^\top + \mathbf{1} b_3^\top", rf"n \times {classes}")
        .drawn("y", r"n \times 1", choice(1, 2, 3))
        .defined(
            rf"L = \frac1n \sum_{{i=1}}^{{n}} \left( \ln \sum_{{k=1}}^{{{classes}}} \exp(O_{{ik}}) "
            r"- O_{i,y_i} \right)"
        )
        .index("i", "n")
    )


_UNIT = (
    Notation()
    .size("d", low=2)
    .drawn("x", r"d \times 1")
    .drawn("v", r"d \times 1")
    .defined(r"s = \sqrt{2 / d}", "")
    .defined(r"z = \sum_j v_j x_j", "")
    .defined(r"a = \max(0, z)", "")
    .operator(r"\mathbb{E}", mean_over(_V, _weights))
    .operator("N", _distribution)
    .index("j k", "d")
)
"""One unit: its weights v are drawn, its bias is 0."""

NOTATION = (
    _network("784", "200", "10")
    .including(_UNIT)
    .drawn("p", make=integer(0, 255))
    .defined(r"\tilde p = \frac{p / 255 - 0.1307}{0.3081}", "")
)

_DEVIATION = _UNIT.defined(r"\sigma = \sqrt{s^2 \sum_j x_j^2}", "")

SCOPES = {
    "unit": _UNIT,
    "mnist_kaiming": _UNIT,
    "mnist_black": NOTATION.fixed("p", 0),
    "mnist_kaiming_std": _UNIT.fixed("d", PIXELS),
    "mnist_growth": _DEVIATION.fixed("d", PIXELS)
    .fixed("s", 1)
    .drawn("x", r"d \times 1", _mean_square_1),
    "mnist_zero_start": _network("d", "h", "c", _zeros, _zeros).size("d").size("h").size("c"),
}
